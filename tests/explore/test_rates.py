"""Rates of the outcome by category and by band."""

import pyarrow as pa
import pytest

from jobs.explore.rates import band_rates, category_rates, short
from jobs.explore.value_counts import Distribution, count_values


def towns_of(rows):
    towns, happened = zip(*rows, strict=True)
    return category_rates(count_values(pa.array(towns, pa.string()), pa.array(happened, pa.int64())))


def bands_of(sizes, happened=None):
    positives = pa.array(happened or [0] * len(sizes), pa.int64())
    counts = count_values(pa.array(sizes, pa.float64()), positives)
    return band_rates(counts, Distribution.of(counts))


def test_each_category_has_count_and_positives_with_null_last():
    towns = towns_of([("B", 1), ("A", 0), ("B", 0), (None, 1), ("B", 0), ("B", 0)])

    shown = [(row["position"], row["value"], row["row_count"], row["positives"]) for row in towns]
    assert shown == [(1, "A", 1, 0), (2, "B", 4, 1), (3, None, 1, 1)]
    assert {(row["kind"], row["low"], row["high"]) for row in towns} == {("category", None, None)}


def test_numbers_are_cut_at_their_deciles():
    bands = bands_of(list(range(1, 21)), [int(size > 10) for size in range(1, 21)])

    assert [row["value"] for row in bands] == [f"{low} to {low + 1}" for low in range(1, 20, 2)]
    assert [row["positives"] for row in bands] == [0] * 5 + [2] * 5
    assert {(row["kind"], row["row_count"]) for row in bands} == {("band", 2)}


def test_a_frequent_number_is_one_band_and_nulls_are_another():
    bands = bands_of([-1] * 8 + [50, 60, None])

    shown = [(row["position"], row["value"], row["low"], row["high"], row["row_count"]) for row in bands]
    assert shown == [
        (1, "-1", -1.0, -1.0, 8),
        (2, "50", 50.0, 50.0, 1),
        (3, "60", 60.0, 60.0, 1),
        (4, None, None, None, 1),
    ]


def test_a_column_of_nulls_is_one_band_and_no_rows_give_no_rates():
    (band,) = bands_of([None] * 3)

    assert (band["value"], band["row_count"], band["positives"]) == (None, 3, 0)
    assert bands_of([]) == []


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (25.0, "25"),
        (100.0, "100"),
        (1762.5, "1762.5"),
        (-0.25, "-0.25"),
        (0.0, "0"),
        (0.005, "0.01"),
        (1e10, "10000000000"),
    ],
)
def test_numbers_are_written_without_trailing_zeros(number, text):
    assert short(number) == text


def test_the_bins_of_each_real_feature_add_up_to_all_clients_and_defaults(real_summaries):
    for feature in ("age", "pay_0", "sex"):
        parts = real_summaries.columns["credit", feature].rates
        assert sum(row["row_count"] for row in parts) == 30_000
        assert sum(row["positives"] for row in parts) == 6_636
        assert [row["row_count"] for row in parts if row["value"] is None] == ([2] if feature == "age" else [])
