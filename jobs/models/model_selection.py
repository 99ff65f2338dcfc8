"""Selects the challenger among the candidates, and turns scores into the rows of the evaluation tables.

The holdout, on which the challenger later meets the champion, has no part in the choice of the candidate, the
calibration and the threshold.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from jobs.models.candidates import AVERAGED
from jobs.models.classification_metrics import (
    Array,
    best_threshold,
    calibrate,
    logit,
    paired_difference,
    profits,
    resamples,
    roc_auc,
    with_intervals,
)
from jobs.models.cross_validation import ROW_COLUMNS
from jobs.models.folds import HOLDOUT

CALIBRATION_DRAWS = 2_000
PROFIT_POINTS = 50
TENTHS = 10
Scores = Mapping[str, pd.DataFrame]
"""Tables of scores (see cross_validation.split) by evaluation."""


@dataclass(frozen=True)
class Selection:
    """The challenger.

    Attributes:
        candidate: name of the candidate, or "average".
        members: candidates whose mean probability is the challenger's.
        reason: why it was selected, as a sentence.
        slope: factor of the log-odds in the calibration; 1 for none.
        intercept: shift of the log-odds in the calibration; 0 for none.
        thresholds: each candidate's threshold by profit.
        scores: out-of-fold scores of all candidates, the challenger's calibrated.

    """

    candidate: str
    members: list[str]
    reason: str
    slope: float
    intercept: float
    thresholds: Mapping[str, float]
    scores: pd.DataFrame

    @property
    def threshold(self) -> float:
        """The challenger's threshold."""
        return self.thresholds[self.candidate]

    @property
    def probabilities(self) -> pd.Series:
        """The challenger's probabilities."""
        return self.scores[self.candidate]


def select_challenger(scores: pd.DataFrame, cost: float, gain: float, seed: int) -> Selection:
    """Choose a candidate, calibrate it and set its threshold, on the scores outside the holdout."""
    outside = scores["fold"] != HOLDOUT
    candidate, members, why = choose_candidate(scores[outside], seed)
    slope, intercept, helps = platt(scores[outside], candidate, seed)
    if helps:
        scores = scores.assign(**{candidate: cross_calibrated(scores, candidate)})
    thresholds = thresholds_by_profit(scores[outside], cost, gain)
    reason = f"{why}; calibration {'helps' if helps else 'does not help'}"
    return Selection(candidate, members, reason, slope, intercept, thresholds, scores)


def candidate_names(scores: pd.DataFrame) -> list[str]:
    """Return the names of the candidates in a table of scores."""
    return [name for name in scores.columns if name not in ROW_COLUMNS]


def labels_and_scores(scores: pd.DataFrame, name: str) -> tuple[Array, Array]:
    """Return the labels and one candidate's scores."""
    return scores["label"].to_numpy(float), scores[name].to_numpy(float)


def auc_by_candidate(scores: pd.DataFrame) -> dict[str, float]:
    """Return each candidate's ROC-AUC."""
    return {name: roc_auc(*labels_and_scores(scores, name)) for name in candidate_names(scores)}


def thresholds_by_profit(scores: pd.DataFrame, cost: float, gain: float) -> dict[str, float]:
    """Return each candidate's threshold with the largest profit."""
    return {name: best_threshold(*labels_and_scores(scores, name), cost, gain) for name in candidate_names(scores)}


def choose_candidate(scores: pd.DataFrame, seed: int) -> tuple[str, list[str], str]:
    """Choose the single candidate with the best ROC-AUC, or the average if it's significantly better.

    Returns:
        Its name, the candidates whose probabilities are averaged, and the reason.

    """
    aucs = auc_by_candidate(scores)
    best = max((name for name in aucs if name != "average"), key=aucs.__getitem__)
    if "average" not in aucs:
        return best, [best], f"{best} has the best ROC-AUC, {aucs[best]:.4f}"
    labels, average = labels_and_scores(scores, "average")
    value, low, high = paired_difference(labels, average, scores[best].to_numpy(float), seed)
    gain = f"{value:+.4f} ROC-AUC ({low:+.4f} to {high:+.4f})"
    compared = f"averaging {', '.join(AVERAGED)} changes {best}'s result by {gain}"
    if low > 0:
        return "average", list(AVERAGED), f"{compared}, a significant gain: the average was selected"
    return best, [best], f"{compared}, no significant gain: {best} alone was selected"


def cross_calibrated(scores: pd.DataFrame, name: str) -> Array:
    """Return a candidate's scores, each calibrated on the other folds; the holdout calibrates none."""
    labels, raw = labels_and_scores(scores, name)
    calibrated = np.empty_like(raw)
    for fold in np.unique(scores["fold"]):
        inside = (scores["fold"] == fold).to_numpy()
        others = ~inside & (scores["fold"] != HOLDOUT).to_numpy()
        calibrated[inside] = calibrate(raw[inside], *_fit_platt(raw[others], labels[others]))
    return calibrated


def platt(scores: pd.DataFrame, name: str, seed: int) -> tuple[float, float, bool]:
    """Fit the calibration of a candidate's log-odds, if it helps.

    It helps if the Brier score of scores calibrated on the other folds is significantly lower, by a paired bootstrap.

    Returns:
        Slope and intercept, and True; or 1, 0 and False if calibration doesn't help.

    """
    labels, raw = labels_and_scores(scores, name)
    calibrated = cross_calibrated(scores, name)
    improvement = (raw - labels) ** 2 - (calibrated - labels) ** 2
    means = [np.average(improvement, weights=draw) for draw in resamples(len(improvement), seed)]
    helps = bool(np.quantile(means, 0.025) > 0)
    return (*(_fit_platt(raw, labels) if helps else (1.0, 0.0)), helps)


def _fit_platt(scores: Array, labels: Array) -> tuple[float, float]:
    line = LogisticRegression(C=1e6).fit(logit(scores).reshape(-1, 1), labels)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def metric_rows(evaluations: Scores, thresholds: Mapping[str, Mapping[str, float]], seed: int) -> pd.DataFrame:
    """Return rows of model_metrics without `chosen`: every metric of every candidate in every evaluation.

    Args:
        evaluations: scores by evaluation.
        thresholds: threshold by evaluation and candidate.
        seed: seed of the bootstrap.

    """
    rows = []
    for evaluation, scores in evaluations.items():
        for name in candidate_names(scores):
            metrics = with_intervals(*labels_and_scores(scores, name), thresholds[evaluation][name], seed)
            rows += [
                {
                    "evaluation": evaluation,
                    "candidate": name,
                    "metric": metric,
                    "value": value,
                    "low": low,
                    "high": high,
                    "clients": len(scores),
                }
                for metric, (value, low, high) in metrics.items()
            ]
    return pd.DataFrame(rows)


def calibration_rows(evaluations: Scores, seed: int) -> pd.DataFrame:
    """Return rows of calibration: predicted and observed rates in tenths of the clients by rising score."""
    rng = np.random.default_rng(seed)
    rows = [
        {"evaluation": evaluation, "candidate": name, **tenth}
        for evaluation, scores in evaluations.items()
        for name in candidate_names(scores)
        for tenth in _calibration_tenths(*labels_and_scores(scores, name), rng)
    ]
    return pd.DataFrame(rows)


def _calibration_tenths(labels: Array, scores: Array, rng: np.random.Generator) -> list[dict[str, float]]:
    """Compare rates in each tenth. Resampling yes-or-no outcomes is drawing from the binomial distribution."""
    parts = [part for part in np.array_split(np.argsort(scores, kind="stable"), TENTHS) if len(part)]
    rows = []
    for number, part in enumerate(parts, 1):
        observed, clients = labels[part].mean(), len(part)
        low, high = np.quantile(rng.binomial(clients, observed, CALIBRATION_DRAWS) / clients, [0.025, 0.975])
        rows.append(
            {
                "tenth": number,
                "predicted": scores[part].mean(),
                "observed": observed,
                "observed_low": low,
                "observed_high": high,
                "positives": labels[part].sum(),
                "clients": clients,
            }
        )
    return rows


def profit_rows(evaluations: Scores, cost: float, gain: float) -> pd.DataFrame:
    """Return rows of profit_curve: the profit of acting on the clients with the highest scores."""
    rows = [
        {"evaluation": evaluation, "candidate": name, **point}
        for evaluation, scores in evaluations.items()
        for name in candidate_names(scores)
        for point in _profit_points(*labels_and_scores(scores, name), cost, gain)
    ]
    return pd.DataFrame(rows)


def _profit_points(labels: Array, scores: Array, cost: float, gain: float) -> list[dict[str, float]]:
    ranked, profit = profits(labels, scores, cost, gain)
    positives, total = np.cumsum(ranked.labels), len(scores)
    counts = sorted({max(1, round(total * step / PROFIT_POINTS)) for step in range(1, PROFIT_POINTS + 1)})
    return [
        {
            "clients": count,
            "share": count / total,
            "positives": positives[count - 1],
            "threshold": ranked.scores[count - 1],
            "profit": profit[count - 1],
        }
        for count in counts
    ]
