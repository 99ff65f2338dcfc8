"""Rates of groups of clients."""

import pandas as pd
import pytest

from jobs.models.fairness import fairness


@pytest.fixture
def groups():
    rows = pd.DataFrame(
        {
            "label": [1, 1, 0, 0, 1, 1, 0, 0] * 30 + [1],
            "probability": [0.9, 0.8, 0.7, 0.1, 0.9, 0.2, 0.1, 0.1] * 30 + [0.1],
            "group_sex": (["male"] * 4 + ["female"] * 4) * 30 + [None],
        }
    )
    return fairness(rows, ["sex"], threshold=0.5).set_index("group_name")


def test_rates_are_computed_for_each_group(groups):
    assert groups["selection_rate"].to_dict() == {"female": 0.25, "male": 0.75, "not known": 0.0}
    assert groups["true_positive_rate"].to_dict() == {"female": 0.5, "male": 1.0, "not known": 0.0}


def test_small_groups_are_not_compared(groups):
    differences = groups["equal_opportunity_difference"]
    assert differences.dropna().to_dict() == {"female": -0.5, "male": 0.0}, "the third group has one client"
