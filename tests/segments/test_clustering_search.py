"""Tests for the clustering search, its sample of customers, and the baseline."""

import numpy as np
import pandas as pd

from jobs.segments.baseline import fit_baseline
from jobs.segments.clustering_search import MEASURES, search
from jobs.segments.feature_spaces import FEATURES, fit_space
from jobs.segments.search_sample import Sample


def customers_with(balances):
    """Complete customers with these balances, and a few different amounts and ages."""
    return pd.DataFrame(
        {
            "balance": balances,
            "amount_mean": np.resize([1.0, 2.0, 3.0], len(balances)),
            "age": np.resize([20.0, 30.0, 40.0, 50.0], len(balances)),
        }
    )


def test_the_search_tries_at_most_as_many_clusters_as_there_are_distinct_customers():
    candidates = search(customers_with(np.resize([1.0, 2.0], 120)), ("balance",), 1)
    assert {one.k for one in candidates} == {2}


def test_two_feature_sets_with_the_same_usable_features_are_tried_once():
    candidates = search(customers_with(np.resize([1.0, 2.0], 120)), ("balance",), 1)
    assert {one.space.features for one in candidates} == {"money"}


def test_two_searches_with_the_same_seed_agree_to_the_last_digit():
    rows = customers_with(np.random.default_rng(4).lognormal(9, 1, 120))
    names = [name for name in MEASURES if name != "seconds"]
    first, second = (
        [[getattr(one, name) for name in names] for one in search(rows, ("balance",), 7)] for _ in range(2)
    )
    assert len(first) == 3 * 4 * 9
    assert str(first) == str(second), "as text, because NaN differs from NaN"


def test_too_few_customers_are_refused():
    few = Sample(customers_with(np.arange(5.0)), FEATURES, customers=7, complete=5)
    assert few.reason == ("Only 5 of 7 customers have all features; at least 100 are needed, so there are no segments.")


def test_customers_without_a_distinguishing_feature_are_refused():
    left_out = ("balance is the same for all customers and was left out.",)
    same = Sample(customers_with(np.arange(5.0)), (), customers=7, complete=5, left_out=left_out)
    assert same.reason == (
        "balance is the same for all customers and was left out. "
        "No feature distinguishes the customers, so there are no segments."
    )


def test_no_customers_are_refused():
    nobody = Sample(customers_with(np.arange(0.0)), (), customers=0, complete=0)
    assert nobody.reason == "There are no customers, so there are no segments."


def test_outliers_form_a_tiny_cluster_of_their_own_in_the_baseline():
    rows = customers_with(np.append(np.random.default_rng(1).lognormal(9, 1, 500), [1e9, 2e9]))
    baseline = fit_baseline(rows, None, 1)
    assert baseline is not None
    assert baseline.k == 6
    assert baseline.smallest_share < 0.005


def test_without_a_common_space_the_baseline_has_no_silhouette_there():
    baseline = fit_baseline(customers_with(np.random.default_rng(1).lognormal(9, 1, 500)), None, 1)
    assert np.isnan(baseline.silhouette_common)


def test_fewer_distinct_transactions_than_clusters_have_no_baseline():
    assert fit_baseline(customers_with(np.arange(3.0)), None, 1) is None


def test_the_baseline_is_measured_in_the_common_space_of_the_customers():
    rows = customers_with(np.repeat([1.0, 10.0, 100.0, 1000.0], 60))
    by_balance, by_age = (
        fit_baseline(rows, fit_space("common", features, "log", rows), 1) for features in (["balance"], ["age"])
    )
    assert by_balance.silhouette == by_age.silhouette
    assert by_balance.silhouette_common != by_age.silhouette_common
