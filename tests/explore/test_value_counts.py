"""Counts by value, their text, and the distribution of a numeric column."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from jobs.explore.arrow_values import numbers, texts
from jobs.explore.value_counts import Distribution, add_counts, count_unlisted, count_values, outcomes


def counts(values, kind=None, positives=None):
    return count_values(pa.array(values, kind), pa.array(positives or [0] * len(values), pa.int64()))


def distribution(values):
    return Distribution.of(counts(values, pa.float64()))


def test_counts_of_parts_add_up():
    added = add_counts([counts(["b", None], positives=[1, 1]), counts(["b", "a"], positives=[0, 1])])

    assert sorted(added.to_pylist(), key=str) == [
        {"value": "a", "row_count": 1, "positives": 1},
        {"value": "b", "row_count": 2, "positives": 1},
        {"value": None, "row_count": 1, "positives": 1},
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["c", "a", None, "b"], {"a": 1, "c": 2, None: 1}),
        (["a"], {"a": 1}),
        ([None], {None: 1}),
    ],
)
def test_unique_texts_keep_only_their_ends_and_their_number(values, expected):
    found = count_unlisted(pa.array(values, pa.string()))

    assert dict(zip(*found.select(["value", "row_count"]).to_pydict().values(), strict=True)) == expected


def test_the_outcome_is_compared_as_text_and_null_is_none():
    assert outcomes(pa.table({"y": [1, 0, None]}), "y", "1").to_pylist() == [1, 0, 0]
    assert outcomes(pa.table({"x": [1, 2]}), "", "").to_pylist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([Decimal("-0.50"), Decimal("12.00"), None], pa.decimal128(18, 2), ["-0.50", "12.00", None]),
        ([Decimal("0.00")], pa.decimal128(18, 2), ["0.00"]),
        ([date(2016, 8, 2)], pa.date32(), ["2016-08-02"]),
        ([datetime(2016, 8, 2, 0, 5, 7)], pa.timestamp("us"), ["2016-08-02 00:05:07"]),
        ([datetime(2016, 8, 2, 0, 5, 7, 120_000)], pa.timestamp("us"), ["2016-08-02 00:05:07.12"]),
        ([-3, None], pa.int32(), ["-3", None]),
        ([True], pa.bool_(), ["true"]),
    ],
)
def test_texts_are_those_of_a_cast_in_spark(spark, values, kind, expected):
    table = pa.table({"value": pa.array(values, kind)})

    assert texts(table["value"].combine_chunks()) == expected
    assert [row[0] for row in spark.createDataFrame(table).selectExpr("CAST(value AS STRING)").collect()] == expected


def test_numbers_are_exact_and_null_is_nan():
    decimals = pa.array([Decimal("99"), Decimal("0.07"), None, Decimal("-1234567890123.45")], pa.decimal128(18, 2))

    assert numbers(decimals.slice(1)).tolist() == pytest.approx([0.07, np.nan, -1234567890123.45], nan_ok=True, abs=0)
    assert numbers(pa.array(["1.0E-4", "0.25"])).tolist() == [0.0001, 0.25]


def test_a_quantile_is_the_first_value_with_that_share_of_the_rows():
    found = distribution([4, 1, 2, 2, 3, None])

    assert [found.quantile(share) for share in (0, 0.2, 0.21, 0.6, 0.8, 1)] == [1, 1, 2, 2, 3, 4]
    assert (found.total, found.mean, found.stddev) == (5, 2.4, pytest.approx((5.2 / 4) ** 0.5))
    assert found.median_deviation(2) == 1


def test_a_column_of_nulls_has_no_quantile_mean_or_deviation():
    found = distribution([None, None])

    assert np.isnan([found.quantile(0.5), found.mean, found.stddev, found.median_deviation(0)]).all()
