"""Profiles of columns and their most frequent values."""

from datetime import date

import pyarrow as pa
import pytest

from jobs.core.contracts import load_contract
from jobs.explore import one_pass, profile
from jobs.explore.value_counts import Distribution, count_unlisted, count_values


def counts(values, kind):
    return count_values(pa.array(values, kind), pa.array([0] * len(values), pa.int64()))


def test_a_number_has_nulls_distinct_values_range_mean_and_quantiles():
    sizes = counts([9, 10, 10, 1, 5, None], pa.int32())

    size = profile.profile(sizes, Distribution.of(sizes), is_unlisted=False)

    # values 1, 5, 9, 10, 10: mean 7, squared deviations 36 + 4 + 4 + 9 + 9 = 62, 62 / 4 = 15.5
    assert size == {
        "row_count": 6, "null_count": 1, "null_share": pytest.approx(1 / 6), "distinct_count": 4,
        "minimum": "1", "maximum": "10", "mean": 7.0, "stddev": pytest.approx(15.5**0.5),
        "p05": 1.0, "p25": 5.0, "p50": 9.0, "p75": 10.0, "p95": 10.0,
    }  # fmt: skip


def test_texts_and_dates_have_a_range_but_no_mean():
    name = profile.profile(counts(["b", "a", "b"], pa.string()), None, is_unlisted=False)
    opened = profile.profile(counts([date(2024, 1, 31), date(2023, 12, 1), None], pa.date32()), None, is_unlisted=False)

    assert (name["minimum"], name["maximum"], name["distinct_count"], name["mean"]) == ("a", "b", 2, None)
    assert (opened["minimum"], opened["maximum"], opened["null_count"]) == ("2023-12-01", "2024-01-31", 1)
    assert opened["p50"] is None


def test_unique_texts_are_all_distinct():
    found = profile.profile(count_unlisted(pa.array(["c", "a", "b", None])), None, is_unlisted=True)

    assert (found["row_count"], found["distinct_count"], found["minimum"], found["maximum"]) == (4, 3, "a", "c")


def test_a_column_of_nulls_still_has_a_profile():
    found = profile.profile(counts([None, None], pa.string()), None, is_unlisted=False)

    shown = ["row_count", "null_count", "null_share", "distinct_count", "minimum", "mean", "p50"]
    assert [found[name] for name in shown] == [2, 2, 1.0, 0, None, None, None]


def test_top_values_are_ranked_with_nulls_before_equally_frequent_texts():
    top = profile.top_values(counts(["b", "a", "b", None, "b", "c"], pa.string()))

    assert [(row["rank"], row["value"], row["row_count"]) for row in top] == [
        (1, "b", 3),
        (2, None, 1),
        (3, "a", 1),
        (4, "c", 1),
    ]
    assert top[0]["share"] == pytest.approx(1 / 2)


def test_only_the_ten_most_frequent_values_are_kept():
    top = profile.top_values(counts([*range(12), 11], pa.int32()))

    assert [row["value"] for row in top] == ["11", "0", "1", "10", "2", "3", "4", "5", "6", "7"]


def test_keys_are_left_out_of_top_values():
    assert one_pass.unique_columns(load_contract("clients")) == {"client_id"}
    assert one_pass.unique_columns(load_contract("transactions")) == {"transaction_id"}


def test_the_real_transactions_have_the_reference_nulls_and_customers(real_summaries):
    columns = {
        name: real_summaries.columns["transactions", name] for name in real_summaries.plans["transactions"].types
    }

    assert [columns[name].profile["null_count"] for name in ("gender", "location", "balance")] == [11, 1, 27]
    assert columns["customer_id"].profile["distinct_count"] == 19_937
    assert columns["transaction_id"].profile["distinct_count"] == 20_000
    assert columns["transaction_id"].top_values == []
    assert columns["amount"].profile["mean"] * 20_000 == pytest.approx(34_385_502.79)


def test_the_quartiles_of_the_real_balances_are_exact(real_summaries):
    balance = real_summaries.columns["clients", "balance"].profile

    assert [balance[name] for name in ("minimum", "p25", "p50", "p75", "maximum")] == [
        "-8019.00",
        72.0,
        448.0,
        1428.0,
        "102127.00",
    ]
