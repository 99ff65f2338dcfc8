"""From scores to tables: figures, calibration, profit, and which candidate is sent to challenge the champion."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from jobs.models.evaluate import AVERAGED, KEPT
from jobs.models.folds import HOLDOUT
from jobs.models.metrics import (
    Array,
    best_threshold,
    calibrate,
    figures,
    logit,
    paired_difference,
    profits,
    rank,
    with_intervals,
)

TENTHS = 10
CALIBRATION = ("tenth", "predicted", "observed", "observed_low", "observed_high", "positives", "clients")
SHARES = 50  # points of a profit curve
Cuts = Mapping[str, float]  # a threshold for each candidate


def candidates(scores: pd.DataFrame) -> list[str]:
    """Names of the candidates in a table of scores."""
    return [name for name in scores.columns if name not in KEPT]


def columns(scores: pd.DataFrame, name: str) -> tuple[Array, Array]:
    """Labels and one candidate's scores."""
    return scores["label"].to_numpy(float), scores[name].to_numpy(float)


def thresholds(scores: pd.DataFrame, cost: float, gain: float) -> dict[str, float]:
    """Each candidate's threshold by profit."""
    return {name: best_threshold(*columns(scores, name), cost, gain) for name in candidates(scores)}


def metric_rows(evaluations: Mapping[str, pd.DataFrame], cuts: Mapping[str, Cuts], seed: int) -> pd.DataFrame:
    """Columns of model_metrics: every figure of every candidate in every evaluation, with its interval."""
    rows = []
    for evaluation, scores in evaluations.items():
        for name in candidates(scores):
            found = with_intervals(*columns(scores, name), cuts[evaluation][name], seed)
            rows += [(evaluation, name, metric, *values, len(scores)) for metric, values in found.items()]
    return pd.DataFrame(rows, columns=["evaluation", "candidate", "metric", "value", "low", "high", "clients"])


def calibration_rows(evaluations: Mapping[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Columns of calibration: clients in tenths of rising score, what was predicted and what came, with its interval.

    Resampling yes and no of a tenth is drawing from the binomial distribution.
    """
    rows, dice = [], np.random.default_rng(seed)
    for evaluation, scores in evaluations.items():
        for name in candidates(scores):
            labels, given = columns(scores, name)
            parts = np.array_split(np.argsort(given, kind="stable"), TENTHS)
            for number, part in enumerate((part for part in parts if len(part)), 1):
                observed, clients = labels[part].mean(), len(part)
                low, high = np.quantile(dice.binomial(clients, observed, 2_000) / clients, [0.025, 0.975])
                found = (given[part].mean(), observed, low, high, labels[part].sum(), clients)
                rows.append((evaluation, name, number, *found))
    return pd.DataFrame(rows, columns=["evaluation", "candidate", *CALIBRATION])


def profit_rows(evaluations: Mapping[str, pd.DataFrame], cost: float, gain: float) -> pd.DataFrame:
    """Columns of profit_curve: what acting on the best N clients brings."""
    rows = []
    for evaluation, scores in evaluations.items():
        for name in candidates(scores):
            ranked, profit = profits(*columns(scores, name), cost, gain)
            hits = np.cumsum(ranked.labels)
            for place in sorted({max(1, round(len(scores) * step / SHARES)) for step in range(1, SHARES + 1)}):
                at = place - 1
                rows.append((evaluation, name, place, place / len(scores), hits[at], ranked.scores[at], profit[at]))
    return pd.DataFrame(
        rows, columns=["evaluation", "candidate", "clients", "share", "positives", "threshold", "profit"]
    )


def aucs(scores: pd.DataFrame) -> dict[str, float]:
    """ROC-AUC of each candidate."""
    return {name: figures(rank(*columns(scores, name)), 0.5)["roc_auc"] for name in candidates(scores)}


def choose(scores: pd.DataFrame, seed: int) -> tuple[str, list[str], str]:
    """The challenger: the best single candidate by ROC-AUC, or the average if it is surely better.

    Returns:
        Its name, the candidates whose probabilities are averaged, and why.

    """
    found = aucs(scores)
    best = max((name for name in found if name != "average"), key=found.__getitem__)
    if "average" not in found:
        return best, [best], f"{best} has the best ROC-AUC, {found[best]:.4f}"
    labels, average = columns(scores, "average")
    value, low, high = paired_difference(labels, average, scores[best].to_numpy(float), seed)
    said = f"the average of {', '.join(AVERAGED)} against {best}: {value:+.4f} ({low:+.4f} to {high:+.4f})"
    if low > 0:
        return "average", list(AVERAGED), f"{said}: it earns its place"
    return best, [best], f"{said}: it does not earn its place, {best} alone is as good"


def cross_calibrated(scores: pd.DataFrame, name: str) -> Array:
    """A candidate's scores, each calibrated by the other folds, and none by the holdout."""
    labels, given = columns(scores, name)
    fixed = np.empty_like(given)
    for fold in np.unique(scores["fold"]):
        inside = (scores["fold"] == fold).to_numpy()
        others = ~inside & (scores["fold"] != HOLDOUT).to_numpy()
        fixed[inside] = calibrate(given[inside], *_line(given[others], labels[others]))
    return fixed


def platt(scores: pd.DataFrame, name: str, seed: int) -> tuple[float, float, bool]:
    """Slope and intercept that calibrate a candidate's log-odds, or 1 and 0 if that does not help.

    It helps if the Brier score of scores calibrated by the other folds is surely better, by a paired bootstrap.
    """
    labels, given = columns(scores, name)
    fixed = cross_calibrated(scores, name)
    gained = (given - labels) ** 2 - (fixed - labels) ** 2
    dice = np.random.default_rng(seed)
    means = [np.average(gained, weights=dice.poisson(1.0, len(gained))) for _ in range(200)]
    helps = bool(np.quantile(means, 0.025) > 0)
    return (*(_line(given, labels) if helps else (1.0, 0.0)), helps)


def _line(given: Array, labels: Array) -> tuple[float, float]:
    line = LogisticRegression(C=1e6).fit(logit(given).reshape(-1, 1), labels)
    return float(line.coef_[0, 0]), float(line.intercept_[0])
