"""Means of the real numbers by category; tests/explore/test_pairs.py has the rules."""

import pytest

from jobs.explore.group_means import group_means
from jobs.explore.one_pass import summarise


@pytest.fixture(scope="module")
def means(bank):
    return group_means(summarise({"clients": bank}, seed=1).pairs["clients"].groups)


def test_real_calls_last_longest_after_a_successful_campaign(means):
    found = means.query("group_by == 'poutcome' and measure == 'duration'").set_index("value")["mean"]

    assert found.round(2).to_dict() == {"failure": 254.38, "other": 273.83, "success": 338.64, "unknown": 262.10}


def test_real_retired_clients_have_the_mean_balance_of_the_reference(means):
    (row,) = means.query("value == 'retired' and measure == 'balance'").to_dict("records")

    assert (row["row_count"], round(row["mean"], 4)) == (230, 2319.1913)
