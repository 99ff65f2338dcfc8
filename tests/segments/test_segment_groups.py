"""Who is in a segment, and when they transact."""

import pandas as pd
import pytest

from jobs.segments.concentration import concentration
from jobs.segments.segment_groups import SHARES, groups, times
from jobs.segments.segment_profiles import checksum

SCHEMA = "segment STRING, gender STRING, age INT, place STRING, transactions BIGINT, " + ", ".join(
    f"{name} DOUBLE" for name in SHARES
)


def test_a_checksum_tells_who_is_in_a_segment_whatever_the_order(spark):
    few, turned, others = (
        spark.createDataFrame([(name,) for name in names], "customer_id STRING").agg(checksum()).first()["checksum"]
        for names in (["C1", "C2", "C3"], ["C3", "C1", "C2"], ["C1", "C2", "C4"])
    )
    assert few == turned == "1521E601D14FC295" and others != few


def test_concentration_is_what_the_customers_with_the_most_hold(spark):
    people = [(number, 10) for number in range(1, 101)] + [(None, 10)] * 100
    rows = concentration(spark.createDataFrame(people, "balance INT, amount_sum INT"))
    assert list(rows.itertuples(index=False, name=None)) == [
        ("balance", 0.01, 1, pytest.approx(100 / 5050)),
        ("balance", 0.1, 10, pytest.approx(955 / 5050)),
        ("amount_sum", 0.01, 2, pytest.approx(0.01)),
        ("amount_sum", 0.1, 20, pytest.approx(0.1)),
    ]


def test_unknown_is_a_group_of_its_own_and_small_places_are_one(spark):
    shares = [1.0, 0.0, 0.0, 0.0, 0.5, 0.5, *[0.0] * 5]
    places = ["X"] * 3 + ["A", "B", "C", "D", "E", "F", None]
    people = [("A", "F" if n else None, None if n < 2 else 10 * n, place, 2, *shares) for n, place in enumerate(places)]
    rows = spark.createDataFrame(people, SCHEMA)
    totals = rows.groupBy("segment").agg(*times()).toPandas()
    found = groups(rows, totals).set_index(["dimension", "value"])["members"]
    assert found["gender"].to_dict() == {"F": 9, "unknown": 1}
    assert found["age_band"].to_dict() == {
        **{"under 25": 1, "25-34": 1, "35-44": 1, "45-54": 1},
        **{"55-64": 1, "65 and over": 3, "unknown": 2},
    }
    assert found["place"].to_dict() == {"X": 3, "A": 1, "B": 1, "C": 1, "D": 1, "all others": 3}
    assert found["part_of_day"].to_dict() == {"night": 20, "morning": 0, "afternoon": 0, "evening": 0}
    assert isinstance(totals, pd.DataFrame) and found["weekday", "monday"] == found["weekday", "tuesday"] == 10
