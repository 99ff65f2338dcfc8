"""Figures against literal values and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from jobs.models.metrics import METRICS, best_threshold, calibrate, figures, paired_difference, rank, with_intervals

LABELS = np.array([1.0, 0.0, 1.0, 0.0, 0.0])
SCORES = np.array([0.9, 0.8, 0.7, 0.3, 0.3])


def test_figures_of_five_clients():
    found = figures(rank(LABELS, SCORES), threshold=0.7)
    assert found["roc_auc"] == pytest.approx(5 / 6)
    assert found["pr_auc"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert found["ks"] == pytest.approx(2 / 3)
    assert (found["accuracy"], found["majority_accuracy"]) == (pytest.approx(0.8), pytest.approx(0.6))
    assert (found["recall"], found["precision"], found["f1"]) == (1.0, pytest.approx(2 / 3), pytest.approx(0.8))


def test_figures_agree_with_scikit_learn_also_where_scores_are_equal():
    dice = np.random.default_rng(1)
    scores = dice.integers(0, 20, 500) / 20
    labels = (dice.random(500) < scores).astype(float)
    found = figures(rank(labels, scores), 0.5)
    assert found["roc_auc"] == pytest.approx(roc_auc_score(labels, scores))
    assert found["pr_auc"] == pytest.approx(average_precision_score(labels, scores))
    assert found["brier"] == pytest.approx(brier_score_loss(labels, scores))


def test_one_class_has_no_figures():
    assert all(np.isnan(value) for value in figures(rank(np.ones(3), SCORES[:3]), 0.5).values())


def test_an_interval_holds_its_figure_and_narrows_with_more_clients():
    dice = np.random.default_rng(1)
    scores = dice.random(4000)
    labels = (dice.random(4000) < scores).astype(float)
    few, many = (with_intervals(labels[:n], scores[:n], 0.5, seed=1) for n in (400, 4000))
    assert set(many) == set(METRICS)
    value, low, high = many["roc_auc"]
    assert low < value < high
    assert high - low < 0.6 * (few["roc_auc"][2] - few["roc_auc"][1])


def test_a_paired_difference_sees_what_separate_intervals_do_not():
    dice = np.random.default_rng(1)
    truth = dice.random(3000)
    labels = (dice.random(3000) < truth).astype(float)
    worse = truth + dice.normal(0, 0.1, 3000)
    value, low, high = paired_difference(labels, truth, worse, seed=1)
    assert 0 < low < value < high
    one, other = (with_intervals(labels, scores, 0.5, 1)["roc_auc"] for scores in (truth, worse))
    assert one[1] < other[2], "the separate intervals overlap"


def test_a_model_against_itself_differs_by_nothing():
    assert paired_difference(LABELS, SCORES, SCORES, seed=1) == (0.0, 0.0, 0.0)


def test_the_threshold_is_where_profit_is_largest():
    # acting on 1, 2, … brings 70, 60, 130, 120, 110
    assert best_threshold(LABELS, SCORES, cost=10, gain=80) == 0.7
    # calls dearer than what they bring: never act
    assert best_threshold(LABELS, SCORES, cost=100, gain=80) == 1.0


def test_calibration_with_slope_1_changes_nothing():
    assert calibrate(SCORES, 1.0, 0.0) == pytest.approx(SCORES)
    assert calibrate(np.array([0.5]), 1.0, np.log(3)) == pytest.approx(0.75)
