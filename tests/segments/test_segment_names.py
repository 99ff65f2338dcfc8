"""Tests for generated segment names and descriptions."""

import pandas as pd
import pytest

from jobs.segments.segment_names import describe, segment_names, word_for


def test_names_describe_what_is_distinctive_and_are_unique():
    poor = [(1.0 + number / 100, 50.0 + number % 10, 40.0) for number in range(60)]
    rich = [(9.0, 55.0, 40.0)] * 40
    customers = pd.DataFrame([*poor, *rich], columns=["balance", "amount_mean", "age"])
    customers["segment"] = ["A"] * 60 + ["B"] * 20 + ["C"] * 20
    names = segment_names(customers)
    assert names["A"] == "Small balance"
    assert len(set(names.values())) == 3
    assert "(C)" in names["C"]


@pytest.mark.parametrize(
    ("percentile", "word"),
    [
        (0.05, "hardly any balance"),
        (0.3, "small balance"),
        (0.5, ""),
        (0.65, "good balance"),
        (0.9, "large balance"),
        (0.95, "top balance"),
        (float("nan"), ""),
    ],
)
def test_the_word_depends_on_the_percentile_among_all_customers(percentile, word):
    assert word_for("balance", percentile) == word


def test_a_description_gives_shares_and_the_typical_customer_and_leaves_out_what_is_unknown():
    shares = pd.Series({"share": 0.25, "balance_share": 0.5, "amount_share": 0.125})
    medians = pd.Series({"balance": 1234.5, "amount_mean": 100.0, "age": float("nan")})
    assert describe(shares, medians) == (
        "25.0% of customers, with 50.0% of balances and 12.5% of transaction value. "
        "Typical: balance ₹ 1,234, payment ₹ 100."
    )
