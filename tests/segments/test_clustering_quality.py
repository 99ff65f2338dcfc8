"""Tests for algorithms and quality measures on points with obvious groups."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import ALGORITHMS, nearest

TRUE_GROUPS = np.repeat([0, 1, 2], 80)
CENTRES = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
POINTS = np.random.default_rng(2).normal(size=(240, 2)) * 0.1 + CENTRES[TRUE_GROUPS]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_each_algorithm_finds_obvious_groups(name):
    fit = ALGORITHMS[name](POINTS, [3], 1)[3]
    assert adjusted_rand_score(TRUE_GROUPS, nearest(POINTS, fit.centres)) == 1.0
    assert fit.seconds > 0


@pytest.mark.parametrize("name", ALGORITHMS)
def test_obvious_groups_are_stable(name):
    assert quality.stability(POINTS, name, {3: TRUE_GROUPS}, 1)[3] == pytest.approx(1.0)


def test_obvious_groups_have_a_high_silhouette():
    assert quality.silhouette(quality.distances(POINTS), TRUE_GROUPS) > 0.9


def test_within_is_the_mean_squared_distance_to_the_centre():
    assert quality.within(POINTS, CENTRES, TRUE_GROUPS) == pytest.approx(0.02, abs=0.005)


def test_obvious_groups_have_a_small_davies_bouldin_index():
    assert quality.davies_bouldin(POINTS, TRUE_GROUPS) < 0.1


def test_an_empty_cluster_has_a_share_of_zero():
    assert quality.smallest_share(np.array([0, 0, 0, 1]), 3) == 0.0


def test_clusters_of_noise_are_not_stable():
    noise = np.random.default_rng(1).uniform(size=(400, 2))
    labels = nearest(noise, ALGORITHMS["k-means"](noise, [7], 1)[7].centres)
    assert quality.stability(noise, "k-means", {7: labels}, 1)[7] < 0.8
