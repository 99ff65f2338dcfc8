"""Rates of the outcome by category and by band."""

import pytest
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.explore.rates import is_positive, rates, short


def rates_of(spark, rows, schema="town STRING, size INT, open STRING"):
    shops = spark.createDataFrame(rows, schema).withColumn("positive", (F.col("open") == "yes").cast("int"))
    return rates(shops, ["town"], ["size"], known_afterwards=["size"]).orderBy("feature", "position").collect()


def test_each_category_has_count_positives_and_rate_with_null_last(spark):
    rows = [("B", 1, "yes"), ("A", 1, "no"), ("B", 1, "no"), (None, 1, "yes"), ("B", 1, "no"), ("B", 1, "no")]

    towns = [row for row in rates_of(spark, rows) if row["feature"] == "town"]

    shown = [(row["position"], row["value"], row["row_count"], row["positives"], row["rate"]) for row in towns]
    assert shown == [(1, "A", 1, 0, 0.0), (2, "B", 4, 1, 0.25), (3, None, 1, 1, 1.0)]
    # 1 of 4: (1/4 + z²/8 ± z √(3/64 + z²/64)) / (1 + z²/4)
    assert (towns[1]["rate_low"], towns[1]["rate_high"]) == pytest.approx((0.045587, 0.699358), abs=1e-6)
    assert {row["kind"] for row in towns} == {"category"}


def test_numbers_are_cut_at_their_deciles(spark):
    rows = [("A", size, "yes" if size > 10 else "no") for size in range(1, 21)]

    bands = [row for row in rates_of(spark, rows) if row["feature"] == "size"]

    assert [row["value"] for row in bands] == [f"{low} to {low + 1}" for low in range(1, 20, 2)]
    assert [row["positives"] for row in bands] == [0] * 5 + [2] * 5
    assert {(row["kind"], row["row_count"], row["known_afterwards"]) for row in bands} == {("band", 2, True)}


def test_a_frequent_number_is_one_band_and_nulls_are_another(spark):
    rows = [("A", size, "no") for size in [-1] * 8 + [50, 60, None]]

    bands = [row for row in rates_of(spark, rows) if row["feature"] == "size"]

    shown = [(row["value"], row["low"], row["high"], row["row_count"]) for row in bands]
    assert shown == [("-1", -1.0, -1.0, 8), ("50", 50.0, 50.0, 1), ("60", 60.0, 60.0, 1), (None, None, None, 1)]


def test_a_column_of_nulls_is_one_band_and_no_rows_give_no_rates(spark):
    (band,) = [row for row in rates_of(spark, [("A", None, "no")] * 3) if row["feature"] == "size"]

    assert (band["value"], band["row_count"], band["rate"]) == (None, 3, 0.0)
    assert rates_of(spark, []) == []


def test_numbers_are_written_without_trailing_zeros(spark):
    numbers = spark.createDataFrame([(25.0,), (100.0,), (1762.5,), (-0.25,), (0.0,)], "number DOUBLE")

    assert [row[0] for row in numbers.select(short("number")).collect()] == ["25", "100", "1762.5", "-0.25", "0"]


def test_the_bins_of_each_real_feature_add_up_to_all_clients_and_defaults(real_credit):
    clients = real_credit.withColumn("positive", is_positive(load_contract("credit")))

    found = rates(clients, ["sex"], ["age", "pay_0"], known_afterwards=[]).collect()

    for feature in ("age", "pay_0", "sex"):
        parts = [row for row in found if row["feature"] == feature]
        assert sum(row["row_count"] for row in parts) == 30_000
        assert sum(row["positives"] for row in parts) == 6_636
    assert [row["row_count"] for row in found if row["value"] is None] == [2]
