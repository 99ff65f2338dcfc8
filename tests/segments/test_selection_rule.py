"""Tests for the rule that selects the published clustering."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.segments.clustering_search import Clustering
from jobs.segments.feature_spaces import Scale, Space
from jobs.segments.null_search import Bar
from jobs.segments.selection_rule import NO_GROUPS, choose, explain_choice, explain_closest, explain_refusal

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
    membership=float("nan"),
    seconds=0.1,
)
BARS = {("money", "winsorised", k): Bar(silhouette=0.4, stability=0.85) for k in range(2, 11)}
"""What data without groups reach, the same for every number of clusters."""


def test_the_best_silhouette_in_the_common_space_wins():
    better = replace(ACCEPTED, k=4, silhouette=0.56, silhouette_common=0.31)
    assert choose([ACCEPTED, better], BARS) is better


@pytest.mark.parametrize(
    "violation", [{"smallest_share": 0.019}, {"stability": 0.79}, {"stability": 0.84}, {"silhouette": 0.5}]
)
def test_a_clustering_that_violates_the_rule_is_not_chosen_despite_a_better_silhouette(violation):
    violating = replace(ACCEPTED, silhouette_common=0.9, **violation)
    assert choose([violating, ACCEPTED], BARS) is ACCEPTED


def test_a_perfect_stability_suffices_even_if_data_without_groups_are_as_stable():
    perfect = replace(ACCEPTED, stability=1.0)
    bars = {("money", "winsorised", 5): Bar(silhouette=0.4, stability=1.0)}
    assert choose([perfect], bars) is perfect
    assert choose([replace(perfect, silhouette=0.5)], bars) is None


def test_without_null_data_to_compare_with_nothing_is_chosen():
    assert choose([ACCEPTED], {}) is None


@pytest.mark.parametrize("algorithm", ["Ward", "Gaussian mixture"])
def test_algorithms_whose_model_is_not_one_centre_per_segment_are_never_published(algorithm):
    assert choose([replace(ACCEPTED, algorithm=algorithm, silhouette=0.99)], BARS) is None


def test_a_pinned_number_is_published_even_if_it_violates_the_rule_and_the_explanation_says_so():
    unstable = replace(ACCEPTED, k=7, stability=0.5)
    assert choose([ACCEPTED, unstable], BARS, pinned=7) is unstable
    explanation = explain_choice([ACCEPTED, unstable], unstable, BARS, 7)
    assert "pins 7 clusters; the best of these violates the rule: not stable." in explanation


def test_a_pinned_number_that_is_not_better_than_chance_is_published_with_that_verdict():
    chance = replace(ACCEPTED, silhouette=0.4)
    assert choose([chance], BARS, pinned=5) is chance
    assert "violates the rule: not better than chance." in explain_choice([chance], chance, BARS, 5)


def test_the_explanation_compares_with_data_without_groups_and_names_a_better_silhouette_that_was_not_chosen():
    thin = replace(ACCEPTED, k=6, silhouette_common=0.95, smallest_share=0.001)
    assert explain_choice([ACCEPTED, thin], ACCEPTED, BARS) == (
        "1 of 2 clusterings meet the rule (smallest cluster at least 2%, stability at least 0.8, both better than in "
        "data without groups, the silhouette by 0.15). Shuffled and normally distributed data reach a silhouette of "
        "0.400 and a stability of 0.85 in the same search (95 % quantiles); the segments have 0.600 and 0.90. The best "
        "silhouette in the common space, 0.950 (k-means of money, winsorised, k = 6), was not chosen: smallest cluster "
        "too small."
    )


def test_without_natural_groups_nothing_is_chosen_and_one_sentence_offers_tiers():
    chance = replace(ACCEPTED, silhouette=0.4)
    assert choose([chance], BARS) is None
    assert explain_refusal([chance], BARS) == NO_GROUPS
    assert NO_GROUPS.count(". ") == 0 and "tiers" in NO_GROUPS


def test_the_closest_clustering_is_described_beside_data_without_groups():
    assert explain_closest([replace(ACCEPTED, silhouette=0.4)], BARS) == (
        "The closest is k-means of money, winsorised, k = 5: not better than chance. Its silhouette is 0.400 and its "
        "stability 0.90 (data without groups: 0.400 and 0.85). Set BANK_SEGMENTS_K to publish a fixed number of "
        "segments anyway."
    )


def test_a_pinned_number_larger_than_the_number_of_distinct_customers_is_refused():
    candidates = [replace(ACCEPTED, k=2), replace(ACCEPTED, k=3)]
    assert choose(candidates, BARS, pinned=6) is None
    assert explain_refusal(candidates, BARS, pinned=6) == (
        "BANK_SEGMENTS_K pins 6 clusters, but once extreme values are clipped the customers form only 3 distinct "
        "groups, so no segments are published. Set BANK_SEGMENTS_K=0 to let the rule choose."
    )


def test_a_search_without_candidates_is_refused():
    assert explain_refusal([], {}) == (
        "All customers are alike once extreme values are clipped, so no segments are published."
    )
