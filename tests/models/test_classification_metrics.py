"""Metrics against literal values and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from jobs.models.classification_metrics import (
    METRICS,
    best_threshold,
    calibrate,
    compute_metrics,
    paired_difference,
    rank,
    with_intervals,
)

LABELS = np.array([1.0, 0.0, 1.0, 0.0, 0.0])
SCORES = np.array([0.9, 0.8, 0.7, 0.3, 0.3])


def labels_with_probabilities(probabilities, rng):
    return (rng.random(len(probabilities)) < probabilities).astype(float)


def test_ranking_metrics_of_five_clients():
    metrics = compute_metrics(rank(LABELS, SCORES), threshold=0.7)
    assert metrics["roc_auc"] == pytest.approx(5 / 6)
    assert metrics["pr_auc"] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert metrics["ks"] == pytest.approx(2 / 3)


def test_threshold_metrics_of_five_clients():
    metrics = compute_metrics(rank(LABELS, SCORES), threshold=0.7)
    assert (metrics["accuracy"], metrics["majority_accuracy"]) == (pytest.approx(0.8), pytest.approx(0.6))
    assert (metrics["recall"], metrics["precision"], metrics["f1"]) == (1.0, pytest.approx(2 / 3), pytest.approx(0.8))


def test_metrics_agree_with_scikit_learn_even_with_equal_scores():
    rng = np.random.default_rng(1)
    scores = rng.integers(0, 20, 500) / 20
    labels = labels_with_probabilities(scores, rng)
    metrics = compute_metrics(rank(labels, scores), 0.5)
    assert metrics["roc_auc"] == pytest.approx(roc_auc_score(labels, scores))
    assert metrics["pr_auc"] == pytest.approx(average_precision_score(labels, scores))
    assert metrics["brier"] == pytest.approx(brier_score_loss(labels, scores))


def test_a_single_class_has_no_metrics():
    assert all(np.isnan(value) for value in compute_metrics(rank(np.ones(3), SCORES[:3]), 0.5).values())


def test_an_interval_contains_its_value_and_narrows_with_more_clients():
    rng = np.random.default_rng(1)
    scores = rng.random(4000)
    labels = labels_with_probabilities(scores, rng)
    few, many = (with_intervals(labels[:n], scores[:n], 0.5, seed=1) for n in (400, 4000))
    assert set(many) == set(METRICS)
    value, low, high = many["roc_auc"]
    assert low < value < high
    assert high - low < 0.6 * (few["roc_auc"][2] - few["roc_auc"][1])


def test_a_paired_difference_is_significant_where_separate_intervals_overlap():
    rng = np.random.default_rng(1)
    better = rng.random(3000)
    labels = labels_with_probabilities(better, rng)
    worse = better + rng.normal(0, 0.1, 3000)
    value, low, high = paired_difference(labels, better, worse, seed=1)
    assert 0 < low < value < high
    interval, other = (with_intervals(labels, scores, 0.5, 1)["roc_auc"] for scores in (better, worse))
    assert interval[1] < other[2], "the separate intervals overlap"


def test_a_model_does_not_differ_from_itself():
    assert paired_difference(LABELS, SCORES, SCORES, seed=1) == (0.0, 0.0, 0.0)


def test_the_threshold_is_where_the_profit_is_largest():
    # acting on 1, 2, … clients brings 70, 60, 130, 120, 110
    assert best_threshold(LABELS, SCORES, cost=10, gain=80) == 0.7


def test_the_threshold_is_one_if_acting_never_pays():
    assert best_threshold(LABELS, SCORES, cost=100, gain=80) == 1.0


def test_calibration_scales_and_shifts_the_log_odds():
    assert calibrate(SCORES, 1.0, 0.0) == pytest.approx(SCORES)
    assert calibrate(np.array([0.5]), 1.0, np.log(3)) == pytest.approx(0.75)
