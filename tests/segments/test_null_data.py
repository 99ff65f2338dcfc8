"""Tests for data without groups, and for the bar that they set."""

import numpy as np
import pandas as pd
import pytest

from jobs.segments.null_data import NORMAL, PERMUTED, null_draws
from jobs.segments.null_search import TYPES, bars_of, null_tasks

CUSTOMERS = 2_000
FEATURES = ("balance", "amount_mean")


@pytest.fixture(scope="module")
def customers():
    """Lognormal balances, and amounts that rise with them."""
    logs = np.random.default_rng(1).multivariate_normal([9, 6], [[1, 0.8], [0.8, 1]], CUSTOMERS)
    return pd.DataFrame({"balance": np.exp(logs[:, 0]), "amount_mean": np.exp(logs[:, 1])})


@pytest.fixture(scope="module")
def draw(customers):
    draws = null_draws(customers, FEATURES)
    return lambda kind: draws[kind](np.random.default_rng(5))


def log_correlation(rows):
    return np.corrcoef(np.log(rows["balance"]), np.log(rows["amount_mean"]))[0, 1]


def test_permuted_data_have_the_same_values_in_each_feature_and_no_correlation(customers, draw):
    permuted = draw(PERMUTED)
    for name in FEATURES:
        assert sorted(permuted[name]) == sorted(customers[name])
    assert abs(log_correlation(permuted)) < 0.1


def test_normal_data_keep_the_correlation_and_a_lognormal_feature_stays_lognormal(customers, draw):
    normal = draw(NORMAL)
    assert log_correlation(normal) == pytest.approx(0.8, abs=0.05)
    for name in FEATURES:
        expected, found = (np.quantile(np.log(rows[name]), [0.1, 0.5, 0.9]) for rows in (customers, normal))
        assert found == pytest.approx(expected, abs=0.15)


def test_normal_data_stay_within_the_range_of_the_data(customers, draw):
    normal = draw(NORMAL)
    for name in FEATURES:
        assert customers[name].min() <= normal[name].min()
        assert normal[name].max() <= customers[name].max()


def test_two_groups_become_one_in_normal_data():
    two_groups = pd.DataFrame({"balance": np.append(np.full(500, 10.0), np.full(500, 90.0))})
    normal = null_draws(two_groups, ["balance"])[NORMAL](np.random.default_rng(2))
    assert normal["balance"].between(30, 70).mean() > 0.2


def test_a_feature_that_is_constant_in_the_sample_stays_constant(customers):
    rows = customers.assign(age=40.0)
    for draw in null_draws(rows, [*FEATURES, "age"]).values():
        assert set(draw(np.random.default_rng(3))["age"]) == {40.0}


def test_a_single_feature_is_not_permuted():
    assert {kind for kind, _ in null_tasks(["balance"])} == {NORMAL}
    assert {kind for kind, _ in null_tasks(FEATURES)} == {PERMUTED, NORMAL}


def measured(silhouettes, kind=PERMUTED, k=2, stability=0.5):
    """Rows of one space and number of clusters: a silhouette for each draw."""
    rows = [(kind, draw, "money", "log", k, value, stability) for draw, value in enumerate(silhouettes)]
    return pd.DataFrame(rows, columns=[*TYPES])


def test_the_bar_is_the_larger_of_the_two_kinds_of_null_data():
    rows = pd.concat([measured([0.1, 0.3]), measured([0.5, 0.7], kind=NORMAL, stability=0.4)])
    (bar,) = bars_of(rows).values()
    assert (bar.silhouette, bar.stability) == (pytest.approx(0.7), 0.5)


def test_the_bar_rises_with_the_best_clustering_of_the_whole_search():
    alone = bars_of(measured([0.1, 0.2, 0.3, 0.2]))
    beside_another = bars_of(pd.concat([measured([0.1, 0.2, 0.3, 0.2]), measured([0.0, 0.0, 0.0, 0.9], k=3)]))
    cell = ("money", "log", 2)
    assert alone[cell].silhouette == pytest.approx(0.3)
    assert beside_another[cell].silhouette > 0.3
