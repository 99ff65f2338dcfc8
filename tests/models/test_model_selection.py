"""Which candidate becomes the challenger, and what the evaluation tables hold."""

import pytest

from jobs.models.model_selection import calibration_rows, choose_candidate, metric_rows, platt, profit_rows
from tests.models.noisy_scores import noisy_scores


def with_average(scores):
    return scores.assign(average=scores[["forest", "boosting", "xgboost"]].mean(axis=1))


def test_a_significantly_better_average_is_selected():
    scores = with_average(noisy_scores(forest=0.6, boosting=0.6, xgboost=0.6))
    name, members, reason = choose_candidate(scores, seed=1)
    assert (name, members) == ("average", ["forest", "boosting", "xgboost"])
    assert "a significant gain: the average was selected" in reason


def test_an_average_without_a_gain_is_not_selected():
    scores = with_average(noisy_scores(forest=2.0, boosting=2.0, xgboost=0.0))
    name, members, reason = choose_candidate(scores, seed=1)
    assert (name, members) == ("xgboost", ["xgboost"]) and "no significant gain: xgboost alone was selected" in reason


def test_true_probabilities_are_not_calibrated():
    assert platt(noisy_scores(xgboost=0.0), "xgboost", seed=1) == (1.0, 0.0, False)


def test_overconfident_probabilities_are_calibrated():
    scores = noisy_scores(xgboost=0.0)
    overconfident = scores["xgboost"] ** 3 / (scores["xgboost"] ** 3 + (1 - scores["xgboost"]) ** 3)
    slope, intercept, helps = platt(scores.assign(xgboost=overconfident), "xgboost", seed=1)
    assert helps and slope == pytest.approx(1 / 3, abs=0.05) and intercept == pytest.approx(0, abs=0.15)


@pytest.fixture(scope="module")
def evaluations():
    return {"random_cv": noisy_scores(200, xgboost=0.0, forest=1.0)}


def test_metrics_cover_every_candidate(evaluations):
    thresholds = {"random_cv": {"xgboost": 0.5, "forest": 0.5}}
    metrics = metric_rows(evaluations, thresholds, seed=1).set_index(["candidate", "metric"])
    assert metrics.loc[("xgboost", "roc_auc"), "value"] > metrics.loc[("forest", "roc_auc"), "value"]


def test_the_tenths_cover_all_clients(evaluations):
    tenths = calibration_rows(evaluations, seed=1)
    assert tenths.groupby("candidate")["clients"].sum().to_dict() == {"forest": 200, "xgboost": 200}
    assert tenths["observed"].between(tenths["observed_low"], tenths["observed_high"]).all()


def test_the_profit_curve_ends_with_acting_on_all_clients(evaluations):
    curve = profit_rows(evaluations, cost=1, gain=3)
    last = curve[curve["candidate"] == "xgboost"].iloc[-1]
    assert (last["clients"], last["profit"]) == (200, 3 * evaluations["random_cv"]["label"].sum() - 200)
