"""Means of the numbers by category."""

import pytest

from jobs.core.contracts import load_contract
from jobs.explore.group_means import group_means


def means_of(clients):
    contract = load_contract("clients")
    return group_means(clients, contract.with_role("category", "outcome"), contract.numbers)


def test_every_number_is_described_for_every_category(spark):
    rows = [("A", "x", 2, 1), ("A", "y", 4, None), (None, "x", 9, 1)]
    shops = spark.createDataFrame(rows, "town STRING, kind STRING, size INT, staff INT")
    rows = group_means(shops, ("town", "kind"), ("size", "staff")).collect()

    means = {(row["group_by"], row["value"], row["measure"]): tuple(row)[3:] for row in rows}

    assert len(means) == 8
    assert means["town", "A", "size"] == (2, 3.0, pytest.approx(2**0.5), 2.0, 4.0)
    assert means["town", None, "size"] == (1, 9.0, None, 9.0, 9.0)
    assert means["kind", "y", "staff"] == (0, None, None, None, None)
    assert means["kind", "x", "staff"] == (2, 1.0, 0.0, 1.0, 1.0)


def test_real_calls_last_longest_after_a_successful_campaign(bank):
    means = means_of(bank).where("group_by = 'poutcome' AND measure = 'duration'").collect()

    assert {row["value"]: round(row["mean"], 2) for row in means} == {
        "failure": 254.38,
        "other": 273.83,
        "success": 338.64,
        "unknown": 262.10,
    }


def test_real_retired_clients_have_the_mean_balance_of_the_reference(bank):
    (row,) = means_of(bank).where("value = 'retired' AND measure = 'balance'").collect()

    assert (row["row_count"], round(row["mean"], 4)) == (230, 2319.1913)
