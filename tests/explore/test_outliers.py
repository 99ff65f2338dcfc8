"""Outliers by Tukey's fences and by the median absolute deviation."""

import numpy as np
import pyarrow as pa
import pytest

from jobs.explore.outliers import outliers
from jobs.explore.value_counts import Distribution, count_values


def found(numbers):
    zeros = pa.array([0] * len(numbers), pa.int64())
    distribution = Distribution.of(count_values(pa.array(numbers, pa.float64()), zeros))
    return {row["rule"]: row for row in outliers(distribution)}


def test_numbers_beyond_one_and_a_half_interquartile_ranges_are_outliers():
    row = found([-5, 1, 2, 3, 4, 5, 100])["iqr"]

    # quartiles 1 and 5
    assert (row["low_bound"], row["high_bound"]) == (-5.0, 11.0)
    assert (row["row_count"], row["below"], row["above"], row["outlier_count"]) == (7, 0, 1, 1)
    assert row["share"] == pytest.approx(1 / 7)


def test_numbers_many_deviations_from_the_median_are_outliers():
    row = found([-15, 1, 2, 3, 4, 5, 100])["mad"]

    # distances from 3 are 0 1 1 2 2 18 97, their median 2; 3.5 · 1.4826 · 2 = 10.3782
    assert (row["low_bound"], row["high_bound"]) == pytest.approx((-7.3782, 13.3782))
    assert (row["below"], row["above"], row["outlier_count"]) == (1, 1, 2)


def test_a_deviation_of_0_gives_no_bounds_and_no_outliers():
    row = found([0, 0, 0, 0, 9])["mad"]

    assert np.isnan([row["low_bound"], row["high_bound"]]).all()
    assert row["outlier_count"] == 0


def test_nulls_are_left_out():
    assert found([1, None])["iqr"]["row_count"] == 1
    assert found([None]) == {}
