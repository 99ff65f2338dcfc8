"""Tests for the rule that selects the published clustering."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.segments.clustering_search import Clustering
from jobs.segments.feature_spaces import Scale, Space
from jobs.segments.selection_rule import choose, explain_choice, explain_refusal

SPACE = Space("money", "winsorised", (Scale("balance", "winsorised", 0.0, 100.0),))
ACCEPTED = Clustering(
    space=SPACE,
    algorithm="k-means",
    k=5,
    centres=np.zeros((5, 1)),
    silhouette=0.6,
    silhouette_common=0.3,
    within=1.0,
    davies_bouldin=0.5,
    smallest_share=0.05,
    stability=0.9,
    seconds=0.1,
)


def test_the_best_silhouette_wins():
    better = replace(ACCEPTED, k=4, silhouette=0.7)
    assert choose([ACCEPTED, better]) is better


@pytest.mark.parametrize("violation", [{"smallest_share": 0.019}, {"stability": 0.79}])
def test_a_clustering_that_violates_the_rule_is_not_chosen_despite_a_better_silhouette(violation):
    assert choose([replace(ACCEPTED, silhouette=0.9, **violation), ACCEPTED]) is ACCEPTED


def test_four_to_eight_clusters_are_preferred_over_a_better_silhouette():
    assert choose([replace(ACCEPTED, k=2, silhouette=0.9), ACCEPTED]) is ACCEPTED


def test_two_clusters_are_chosen_if_there_is_nothing_else():
    two = replace(ACCEPTED, k=2)
    assert choose([two]) is two


def test_ward_is_never_published():
    assert choose([replace(ACCEPTED, algorithm="Ward", silhouette=0.99)]) is None


def test_a_pinned_number_is_published_even_if_it_violates_the_rule_and_the_explanation_says_so():
    unstable = replace(ACCEPTED, k=7, stability=0.5)
    assert choose([ACCEPTED, unstable], pinned=7) is unstable
    explanation = explain_choice([ACCEPTED, unstable], unstable, 7)
    assert "pins 7 clusters; the best of these violates the rule: not stable." in explanation


def test_the_explanation_names_a_better_silhouette_that_was_not_chosen():
    thin = replace(ACCEPTED, k=6, silhouette=0.95, smallest_share=0.001)
    assert explain_choice([ACCEPTED, thin], ACCEPTED) == (
        "1 of 2 clusterings meet the rule (smallest cluster at least 2%, stability at least 0.8). "
        "The best silhouette overall, 0.950 (k-means of money, winsorised, k = 6), was not chosen: "
        "smallest cluster too small. In the common space k-means of money, winsorised, k = 5 is best with 0.300."
    )


def test_the_explanation_says_that_the_best_silhouette_has_too_few_clusters():
    two = replace(ACCEPTED, k=2, silhouette=0.9)
    assert "(k-means of money, winsorised, k = 2), was not chosen: 4 to 8 clusters are preferred." in explain_choice(
        [ACCEPTED, two], ACCEPTED
    )


def test_without_clear_groups_nothing_is_chosen_and_the_refusal_says_why():
    unstable = replace(ACCEPTED, stability=0.3)
    assert choose([unstable]) is None
    assert "the customers form no clear groups, so no segments are published" in explain_refusal([unstable])


def test_a_pinned_number_larger_than_the_number_of_distinct_customers_is_refused():
    candidates = [replace(ACCEPTED, k=2), replace(ACCEPTED, k=3)]
    assert choose(candidates, pinned=6) is None
    assert explain_refusal(candidates, pinned=6) == (
        "BANK_SEGMENTS_K pins 6 clusters, but once extreme values are clipped the customers form only 3 distinct "
        "groups, so no segments are published. Set BANK_SEGMENTS_K=0 to let the rule choose."
    )


def test_a_search_without_candidates_is_refused():
    assert explain_refusal([]) == (
        "All customers are alike once extreme values are clipped, so no segments are published."
    )
