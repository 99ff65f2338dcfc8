"""Tests for algorithms and quality measures on points with obvious groups."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import ALGORITHMS

TRUE_GROUPS = np.repeat([0, 1, 2], 80)
CENTRES = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
POINTS = np.random.default_rng(2).normal(size=(240, 2)) * 0.1 + CENTRES[TRUE_GROUPS]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_each_algorithm_finds_obvious_groups(name):
    fit = ALGORITHMS[name](POINTS, [3], 1)[3]
    assert adjusted_rand_score(TRUE_GROUPS, fit.labels(POINTS)) == 1.0
    assert fit.seconds > 0


@pytest.mark.parametrize("name", ALGORITHMS)
def test_obvious_groups_are_stable(name):
    assert quality.stability(POINTS, ALGORITHMS[name], [3], 1)[3] == pytest.approx(1.0)


def test_halves_are_disjoint_and_cover_all_rows():
    for first, second in quality.disjoint_halves(7, 1):
        assert sorted([*first, *second]) == list(range(7))


def test_silhouettes_equal_those_of_scikit_learn():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(200, 3))
    labelings = [rng.integers(0, k, 200) for k in (2, 5, 9)] + [np.append(np.zeros(199, dtype=int), 1)]
    expected = [silhouette_score(points, labels) for labels in labelings]
    assert quality.silhouettes(quality.distances(points), labelings) == pytest.approx(expected)


def test_a_single_cluster_has_no_silhouette():
    assert np.isnan(quality.silhouettes(quality.distances(POINTS), [np.ones(240, dtype=int)])[0])


def test_only_a_mixture_knows_how_likely_its_clusters_are():
    mixture, k_means = (ALGORITHMS[name](POINTS, [3], 1)[3] for name in ("Gaussian mixture", "k-means"))
    assert mixture.membership(POINTS) > 0.99
    assert np.isnan(k_means.membership(POINTS))


def test_within_is_the_mean_squared_distance_to_the_centre():
    assert quality.within(POINTS, CENTRES, TRUE_GROUPS) == pytest.approx(0.02, abs=0.005)


def test_obvious_groups_have_a_small_davies_bouldin_index():
    assert quality.davies_bouldin(POINTS, TRUE_GROUPS) < 0.1


def test_an_empty_cluster_has_a_share_of_zero():
    assert quality.smallest_share(np.array([0, 0, 0, 1]), 3) == 0.0


def test_clusters_of_noise_are_not_stable():
    noise = np.random.default_rng(1).uniform(size=(400, 2))
    assert quality.stability(noise, ALGORITHMS["k-means"], [7], 1)[7] < 0.8
