"""Numbers by category."""

import pytest

from jobs.explore.group_means import group_means
from jobs.explore.long_tables import ROLES, Roles


def test_every_number_is_described_for_every_category(spark):
    roles = Roles(key="id", numbers=("size", "staff"), categories=("town", "kind"))
    rows = [("A", "x", 2, 1), ("A", "y", 4, None), (None, "x", 9, 1)]
    shops = spark.createDataFrame(rows, "town STRING, kind STRING, size INT, staff INT")

    means = {(r["group_by"], r["value"], r["measure"]): tuple(r)[3:] for r in group_means(shops, roles).collect()}

    assert len(means) == 8
    assert means["town", "A", "size"] == (2, 3.0, pytest.approx(2**0.5), 2.0, 4.0)
    assert means["town", None, "size"] == (1, 9.0, None, 9.0, 9.0)
    assert means["kind", "y", "staff"] == (0, None, None, None, None)
    assert means["kind", "x", "staff"] == (2, 1.0, 0.0, 1.0, 1.0)


def test_real_calls_after_a_success_last_longest(bank):
    means = group_means(bank, ROLES["clients"]).where("group_by = 'poutcome' AND measure = 'duration'").collect()

    assert {row["value"]: round(row["mean"], 2) for row in means} == {
        "failure": 254.38,
        "other": 273.83,
        "success": 338.64,
        "unknown": 262.10,
    }


def test_real_retired_clients_have_the_mean_balance_of_the_reference(bank):
    (row,) = group_means(bank, ROLES["clients"]).where("value = 'retired' AND measure = 'balance'").collect()

    assert (row["row_count"], round(row["mean"], 4)) == (230, 2319.1913)
