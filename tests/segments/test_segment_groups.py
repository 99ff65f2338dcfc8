"""Tests for the breakdown of segments, for concentration, and for the checksum of a segment's customers."""

import pytest

from jobs.segments.concentration import concentration_rows
from jobs.segments.segment_groups import SHARE_COLUMNS, group_rows, transaction_counts
from jobs.segments.segment_profiles import checksum

SCHEMA = "segment STRING, gender STRING, age INT, city STRING, transactions BIGINT, " + ", ".join(
    f"{name} DOUBLE" for name in SHARE_COLUMNS
)
NIGHTS_ON_MONDAY_AND_TUESDAY = [1.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]
"""Values of SHARE_COLUMNS: four day parts, then seven weekdays."""


@pytest.fixture(scope="module")
def members(spark):
    """Ten customers of segment A aged 20 to 90, two of unknown age, one of unknown gender, one of unknown city."""
    cities = ["X", "X", "X", "A", "B", "C", "D", "E", "F", None]
    rows = [
        ("A", "F" if number else None, None if number < 2 else 10 * number, city, 2, *NIGHTS_ON_MONDAY_AND_TUESDAY)
        for number, city in enumerate(cities)
    ]
    return spark.createDataFrame(rows, SCHEMA).cache()


@pytest.fixture(scope="module")
def counts(members):
    totals = members.groupBy("segment").agg(*transaction_counts()).toPandas()
    return group_rows(members, totals).set_index(["dimension", "value"])["members"]


def test_an_unknown_gender_is_a_group_of_its_own(counts):
    assert counts["gender"].to_dict() == {"F": 9, "unknown": 1}


def test_customers_are_counted_by_age_band(counts):
    assert counts["age_band"].to_dict() == {
        "under 25": 1,
        "25-34": 1,
        "35-44": 1,
        "45-54": 1,
        "55-64": 1,
        "65 and over": 3,
        "unknown": 2,
    }


def test_cities_after_the_five_largest_form_one_group(counts):
    assert counts["city"].to_dict() == {"X": 3, "A": 1, "B": 1, "C": 1, "D": 1, "all others": 3}


def test_transactions_are_counted_by_day_part(counts):
    assert counts["day_part"].to_dict() == {"night": 20, "morning": 0, "afternoon": 0, "evening": 0}


def test_transactions_are_counted_by_weekday(counts):
    assert (counts["weekday", "monday"], counts["weekday", "tuesday"], counts["weekday", "sunday"]) == (10, 10, 0)


def test_the_checksum_depends_on_the_customers_and_not_on_their_order(spark):
    first, reordered, others = (
        spark.createDataFrame([(name,) for name in names], "customer_id STRING").agg(checksum()).first()["checksum"]
        for names in (["C1", "C2", "C3"], ["C3", "C1", "C2"], ["C1", "C2", "C4"])
    )
    assert first == reordered == "1521E601D14FC295"
    assert others != first


def test_concentration_is_the_share_that_the_top_customers_hold(spark):
    customers = [(number, 10) for number in range(1, 101)] + [(None, 10)] * 100
    rows = concentration_rows(spark.createDataFrame(customers, "balance INT, amount_sum INT"))
    assert list(rows.itertuples(index=False, name=None)) == [
        ("balance", 0.01, 1, pytest.approx(100 / 5050)),
        ("balance", 0.1, 10, pytest.approx(955 / 5050)),
        ("amount_sum", 0.01, 2, pytest.approx(0.01)),
        ("amount_sum", 0.1, 20, pytest.approx(0.1)),
    ]
