"""Tests for segment letters that stay the same from run to run."""

import pandas as pd

from jobs.segments.feature_spaces import Scale, Space
from jobs.segments.segment_letters import assign_letters, updated_letters

SPACE = Space("money", "winsorised", (Scale("balance", "winsorised", 0.0, 100.0, deviation=20.0),))
"""A standard deviation of 20, so a segment may move by 10 and keep its letter."""


def typical(*balances):
    """Typical balances of the segments of a run."""
    return pd.DataFrame({"balance": balances})


def letters_in_use(**balances):
    """Rows of segment_letters: a typical balance for each letter."""
    rows = [(segment, "balance", value) for segment, value in balances.items()]
    return pd.DataFrame(rows, columns=["segment", "feature", "typical"]).assign(in_use=True)


def test_a_segment_keeps_its_letter_when_the_order_of_the_segments_changes():
    previous = letters_in_use(A=11.0, B=52.0, C=88.0)
    assert assign_letters(SPACE, typical(90.0, 10.0, 50.0), previous) == ["C", "A", "B"]


def test_a_new_segment_gets_an_unused_letter():
    assert assign_letters(SPACE, typical(90.0, 10.0, 50.0), letters_in_use(A=90.0, B=10.0)) == ["A", "B", "C"]


def test_a_segment_that_moved_too_far_is_a_new_segment():
    previous = letters_in_use(A=30.0, B=80.0)
    assert assign_letters(SPACE, typical(39.0, 91.0), previous) == ["A", "C"]


def test_a_segment_that_is_too_far_from_all_does_not_take_the_letter_of_another_one():
    assert assign_letters(SPACE, typical(0.0, 48.0), letters_in_use(A=50.0)) == ["B", "A"]


def test_the_first_run_assigns_letters_by_size():
    assert assign_letters(SPACE, typical(90.0, 10.0, 50.0), letters_in_use()) == ["A", "B", "C"]


def test_a_retired_letter_is_remembered_and_not_given_to_another_segment():
    first = letters_in_use(A=10.0, B=50.0, C=90.0)
    second = updated_letters(letters_in_use(A=10.0, C=90.0), first)
    assert {row.segment: row.in_use for row in second.itertuples()} == {"A": True, "B": False, "C": True}
    assert assign_letters(SPACE, typical(10.0, 90.0, 70.0), second) == ["A", "C", "D"]


def test_letters_keep_their_order_when_all_centres_move_in_the_same_direction():
    previous = letters_in_use(A=10.0, B=20.0, C=30.0)
    assert assign_letters(SPACE, typical(16.0, 26.0, 36.0), previous) == ["A", "B", "C"]


def test_letters_are_not_inherited_through_a_feature_that_the_model_does_not_use():
    other = pd.DataFrame([("B", "age", 30.0)], columns=["segment", "feature", "typical"]).assign(in_use=True)
    assert assign_letters(SPACE, typical(1.0), other) == ["A"]
