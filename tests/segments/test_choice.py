"""The rule that chooses, the letters that stay, and names by what sets a segment apart."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from jobs.segments import selection_rule
from jobs.segments.clustering_search import Clustering
from jobs.segments.letters import letters, remembered
from jobs.segments.segment_names import name_all, word_for
from jobs.segments.spaces import Scale, Space

SPACE = Space("money", "winsorised", (Scale("balance", "winsorised", 0.0, 100.0),))
ONE = Clustering(SPACE, "k-means", 5, np.zeros((5, 1)), 0.6, 0.3, 1.0, 0.5, 0.05, 0.9, 0.1)


def test_the_best_silhouette_of_those_that_hold_the_rule_is_chosen():
    better = replace(ONE, k=4, silhouette=0.7)
    field = [
        ONE,
        better,
        replace(ONE, silhouette=0.9, smallest_share=0.019),
        replace(ONE, silhouette=0.9, stability=0.79),
    ]
    assert selection_rule.choose(field) is better


def test_a_number_that_people_can_act_on_goes_first():
    assert selection_rule.choose([replace(ONE, k=2, silhouette=0.9), ONE]) is ONE
    two = replace(ONE, k=2)
    assert selection_rule.choose([two]) is two, "but two are better than none"


def test_ward_shows_the_hierarchy_and_is_never_published():
    assert selection_rule.choose([replace(ONE, algorithm="Ward", silhouette=0.99)]) is None


def test_a_pinned_number_is_kept_even_if_it_breaks_the_rule_and_the_sentence_says_so():
    weak = replace(ONE, k=7, stability=0.5)
    assert selection_rule.choose([ONE, weak], pinned=7) is weak
    assert "pins 7 clusters; the best of these breaks the rule: not stable" in selection_rule.given_up(
        [ONE, weak], weak, 7
    )


def test_what_was_given_up_is_said():
    thin = replace(ONE, k=6, silhouette=0.95, smallest_share=0.001)
    told = selection_rule.given_up([ONE, thin], ONE)
    assert "Of 2 clusterings 1 hold the rule" in told
    assert "0.950 (k-means of money, winsorised, k = 6), was given up: smallest cluster too small" in told


def test_without_clear_groups_nothing_is_chosen_and_a_sentence_says_why():
    vague = replace(ONE, stability=0.3)
    assert selection_rule.choose([vague]) is None
    assert "the customers form no clear groups, so no segments are published" in selection_rule.refused([vague])


def test_a_pinned_number_that_could_not_be_tried_is_refused_with_a_sentence():
    field = [replace(ONE, k=2), replace(ONE, k=3)]
    assert selection_rule.choose(field, pinned=6) is None
    assert selection_rule.refused(field, pinned=6) == (
        "BANK_SEGMENTS_K pins 6 clusters, but without their extremes only 3 kinds of customers differ, so no segments "
        "are published. BANK_SEGMENTS_K=0 lets the rule choose."
    )


def before(**typical):
    rows = [(segment, "balance", value) for segment, value in typical.items()]
    return pd.DataFrame(rows, columns=["segment", "feature", "typical"]).assign(in_use=True)


def test_a_segment_keeps_its_letter_though_the_order_changed():
    centres = np.array([[90.0], [10.0], [50.0]])
    assert letters(SPACE, centres, before(A=11.0, B=52.0, C=88.0)) == ["C", "A", "B"]


def test_a_new_segment_gets_a_letter_that_was_not_used_and_the_first_run_goes_by_size():
    centres = np.array([[90.0], [10.0], [50.0]])
    assert letters(SPACE, centres, before(A=90.0, B=10.0)) == ["A", "B", "C"]
    assert letters(SPACE, centres, before()) == ["A", "B", "C"]


def test_a_letter_that_went_out_of_use_is_remembered_and_not_given_again():
    first = before(A=10.0, B=50.0, C=90.0)
    now = remembered(before(A=10.0, C=90.0), first)
    assert {row.segment: row.in_use for row in now.itertuples()} == {"A": True, "B": False, "C": True}
    assert letters(SPACE, np.array([[10.0], [90.0], [50.0]]), now) == ["A", "C", "D"]


def test_letters_keep_their_order_when_all_customers_move_the_same_way():
    assert letters(SPACE, np.array([[60.0], [70.0], [80.0]]), before(A=10.0, B=20.0, C=30.0)) == ["A", "B", "C"]


def test_a_field_without_clusterings_is_refused_with_a_sentence():
    assert selection_rule.refused([]) == "Without their extremes all customers are alike, so no segments are published."


def test_letters_do_not_follow_features_that_are_not_shared():
    other = pd.DataFrame([("B", "age", 30.0)], columns=["segment", "feature", "typical"]).assign(in_use=True)
    assert letters(SPACE, np.array([[1.0]]), other) == ["A"]


def test_names_say_what_sets_a_segment_apart_and_no_two_are_alike():
    poor, rich = [(1.0 + place / 100, 50.0 + place % 10, 40.0) for place in range(60)], [(9.0, 55.0, 40.0)] * 40
    rows = pd.DataFrame([*poor, *rich], columns=["balance", "amount_mean", "age"])
    rows["segment"] = ["A"] * 60 + ["B"] * 20 + ["C"] * 20
    names = name_all(rows)
    assert names["A"] == "Small balance"
    assert len(set(names.values())) == 3 and "(C)" in names["C"]


@pytest.mark.parametrize(("place", "word"), [(0.05, "hardly any balance"), (0.5, ""), (0.9, "large balance")])
def test_words_follow_from_the_place_among_all(place, word):
    assert word_for("balance", place) == word
