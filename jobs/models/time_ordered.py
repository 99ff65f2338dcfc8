"""Time-ordered evaluation: trains on the earlier rows of a file and tests on the later ones.

It's done twice: with all columns, and without the columns whose values change over time. A rehearsal within the
earlier rows decides which of the two, and which candidate, a bank would have chosen at the time.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.models.candidates import Parameters, Trial
from jobs.models.cross_validation import in_parallel, score_later
from jobs.models.model_selection import auc_by_candidate
from jobs.models.psi import DISJOINT, psi_by_column
from jobs.models.training_checks import uninformative_columns
from jobs.models.use_cases import Features

EARLIER_SHARE = 0.7
REHEARSED = ("logistic", "xgboost")
"""Candidates that are rehearsed, and that are tried on the stable columns."""

ALL_COLUMNS, STABLE_COLUMNS = "time_ordered", "time_ordered_stable"
EVALUATIONS = (ALL_COLUMNS, STABLE_COLUMNS)
log = logging.getLogger("bankstack")


@dataclass(frozen=True)
class TimeOrdered:
    """Result of the evaluation; empty if the rows aren't in order of time.

    Attributes:
        scores: tables of scores of the later rows by evaluation.
        choice: evaluation and candidate that the rehearsal chose; None if it couldn't be held.

    """

    scores: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    choice: tuple[str, str] | None = None


def evaluate_in_time(rows: DataFrame, collected: pd.DataFrame, trial: Trial) -> TimeOrdered:
    """Evaluate candidates on the last 30 % of the rows by position, trained on the rows before.

    Args:
        rows: training rows in order of time.
        collected: the same rows, collected.
        trial: features and candidates.

    """
    trial.progress.show("time-ordered")
    start = int(collected["position"].quantile(EARLIER_SHARE))
    if has_single_class_part(collected, start):
        log.warning("no time-ordered metrics: the earlier or the later part has one class only")
        return TimeOrdered()
    earlier = collected[collected["position"] < start]
    usable = trial.features.without(uninformative_columns(earlier, trial.features.names))
    stable = usable.without(unstable_columns(earlier, usable))
    rehearsed = rehearsed_parameters(trial)
    trials = {
        ALL_COLUMNS: replace(trial, features=usable),
        STABLE_COLUMNS: replace(trial, features=stable, parameters=rehearsed),
    }
    later = in_parallel(lambda one: score_later(rows, start, one), trials.values())
    scores = dict(zip(trials, later, strict=True))
    rehearsals = {name: replace(one, parameters=rehearsed) for name, one in trials.items()}
    return TimeOrdered(scores, rehearse(rows.where(F.col("position") < start), earlier, rehearsals))


def rehearsed_parameters(trial: Trial) -> dict[str, Parameters]:
    """Return the candidates that are rehearsed, and their parameters."""
    return {name: trial.parameters[name] for name in REHEARSED if name in trial.parameters}


def fits_in_time(trial: Trial) -> int:
    """Return how many candidates the evaluation fits: all, and those rehearsed on the stable columns and twice more."""
    return len(trial.parameters) + 3 * len(rehearsed_parameters(trial))


def rehearse(rows: DataFrame, collected: pd.DataFrame, trials: Mapping[str, Trial]) -> tuple[str, str] | None:
    """Return the trial and the candidate with the best ROC-AUC on the second half of the rows, trained on the first.

    Returns:
        Name of the trial and of the candidate; None if a half has one class only.

    """
    middle = int(collected["position"].median())
    if has_single_class_part(collected, middle):
        return None
    first = collected[collected["position"] < middle]

    def aucs_of(trial: Trial) -> dict[str, float]:
        usable = trial.features.without(uninformative_columns(first, trial.features.names))
        return auc_by_candidate(score_later(rows, middle, replace(trial, features=usable)))

    found = zip(trials, in_parallel(aucs_of, trials.values()), strict=True)
    aucs = {(name, candidate): auc for name, aucs in found for candidate, auc in aucs.items()}
    return max(aucs, key=aucs.__getitem__)


def has_single_class_part(rows: pd.DataFrame, start: int) -> bool:
    """Return True if the rows before a position, or those from it on, have one class only."""
    return int(rows.groupby(rows["position"] >= start)["label"].nunique().min()) < 2


def unstable_columns(earlier: pd.DataFrame, features: Features) -> list[str]:
    """Return the features whose values hardly overlap between the two halves of the earlier rows.

    What a model learns from their values can't hold later.
    """
    is_first_half = earlier["position"] < earlier["position"].median()
    first, second = earlier.loc[is_first_half, features.names], earlier.loc[~is_first_half, features.names]
    moved = psi_by_column(first, second, features.categories)
    return [name for name, value in moved.items() if value > DISJOINT]
