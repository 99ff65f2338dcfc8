"""Outliers by Tukey's fences and by the median absolute deviation."""

import pytest

from jobs.explore.outliers import bounds, known_numbers, outliers


def found(spark, numbers, p25, p50, p75):
    values = spark.createDataFrame(
        [("shops", "size", float(n)) for n in numbers], "dataset STRING, column_name STRING, number DOUBLE"
    )
    quartiles = [("shops", "size", float(p25), float(p50), float(p75)), ("shops", "name", None, None, None)]
    profiles = spark.createDataFrame(
        quartiles, "dataset STRING, column_name STRING, p25 DOUBLE, p50 DOUBLE, p75 DOUBLE"
    )
    return {row["rule"]: row for row in outliers(values, bounds(values, profiles)).collect()}


def test_numbers_beyond_one_and_a_half_interquartile_ranges_are_outliers(spark):
    row = found(spark, [-5, 1, 2, 3, 4, 5, 100], p25=2, p50=3, p75=4)["iqr"]

    assert (row["low_bound"], row["high_bound"]) == (-1.0, 7.0)
    assert (row["row_count"], row["below"], row["above"], row["outlier_count"]) == (7, 1, 1, 2)
    assert row["share"] == pytest.approx(2 / 7)


def test_numbers_many_deviations_from_the_median_are_outliers(spark):
    row = found(spark, [-5, 1, 2, 3, 4, 5, 100], p25=2, p50=3, p75=4)["mad"]

    # distances from 3 are 0 1 1 2 2 8 97, their median 2; 3.5 · 1.4826 · 2 = 10.3782
    assert (row["low_bound"], row["high_bound"]) == pytest.approx((-7.3782, 13.3782))
    assert (row["below"], row["above"], row["outlier_count"]) == (0, 1, 1)


def test_a_deviation_of_0_gives_no_bounds_and_no_outliers(spark):
    row = found(spark, [0, 0, 0, 0, 9], p25=0, p50=0, p75=0)["mad"]

    assert (row["low_bound"], row["high_bound"], row["outlier_count"]) == (None, None, 0)


def test_nulls_and_derived_columns_are_left_out(spark):
    rows = spark.createDataFrame([(1.0, None, 9), (None, None, 9)], "amount DOUBLE, balance DOUBLE, hour INT")

    assert [tuple(row) for row in known_numbers(rows, "transactions").collect()] == [("transactions", "amount", 1.0)]
