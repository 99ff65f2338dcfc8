"""Tests for the final fit and when it is good enough."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.segments import final_fit
from jobs.segments.clustering_search import Clustering
from jobs.segments.feature_spaces import Scale, Space

POINTS = np.linspace(0.0, 1.0, 100).reshape(-1, 1)
HALVES = Clustering(
    space=Space("money", "winsorised", (Scale("balance", "winsorised", 0.0, 1.0),)),
    algorithm="k-means",
    k=2,
    centres=np.array([[0.25], [0.75]]),
    silhouette=0.6,
    silhouette_common=0.3,
    within=1.0,
    davies_bouldin=0.5,
    smallest_share=0.5,
    stability=0.9,
    membership=float("nan"),
    seconds=0.1,
)


@pytest.fixture
def customers(spark):
    """Customers of whom one is far above the range of the sample: the second centre moves up to it."""
    rows = [(f"C{number}", 0.5) for number in range(50)] + [("FAR", 2.48)]
    return spark.createDataFrame(rows, "customer_id STRING, balance DOUBLE")


UNCLIPPED = Space("money", "winsorised", (Scale("balance", "winsorised", 0.0, 9.0),))


def test_centres_move_to_the_means_of_the_customers(spark):
    rows = spark.createDataFrame([("C1", 0.2), ("C2", 0.3), ("C3", 0.7)], "customer_id STRING, balance DOUBLE")
    found = final_fit.final_centres(rows, HALVES, POINTS)
    assert found[:, 0] == pytest.approx([0.25, 0.7])


def test_if_a_cluster_becomes_too_small_the_centres_of_the_search_are_used(customers):
    chosen = replace(HALVES, space=UNCLIPPED)
    assert final_fit.final_centres(customers, chosen, POINTS) is chosen.centres


def test_a_pinned_clustering_may_keep_a_small_cluster(customers):
    pinned = replace(HALVES, space=UNCLIPPED, smallest_share=0.01)
    assert final_fit.final_centres(customers, pinned, POINTS)[:, 0] == pytest.approx([0.5, 2.48])


@pytest.mark.parametrize(("error_of_the_search", "good_enough"), [(0.0212, True), (0.0205, False)])
def test_a_fit_is_good_enough_up_to_three_percent_more_error_than_the_search(error_of_the_search, good_enough):
    measured = replace(HALVES, within=error_of_the_search)
    assert final_fit.good_enough(HALVES.centres, measured, POINTS) is good_enough
