"""Tests for the rules that explain the segments."""

import numpy as np
import pandas as pd
import pytest

from jobs.segments.rule_tree import rule_rows


@pytest.fixture(scope="module")
def rules():
    """Rules for 400 customers: those with a balance above 199 are in segment B, all others in A."""
    customers = pd.DataFrame({"balance": np.arange(400.0), "age": 30.0})
    customers["segment"] = np.where(customers["balance"] > 199, "B", "A")
    return rule_rows(customers.sample(frac=1, random_state=1), ["age", "balance"], 1)


def test_each_segment_has_a_rule(rules):
    assert sorted(rules["segment"]) == ["A", "B"]


def test_rules_are_tested_on_the_half_that_the_tree_has_not_seen(rules):
    assert rules["customers"].sum() == 200
    assert rules["accuracy"].iloc[0] > 0.98


def test_rules_use_only_the_feature_that_matters_with_its_unit(rules):
    assert all(rule.startswith(("balance over ₹", "balance at most ₹")) for rule in rules["rule"])
