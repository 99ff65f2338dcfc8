"""Scores rows with models that haven't seen them: across folds, and later rows with models of earlier ones."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import pandas as pd
from pyspark.ml import PipelineModel
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.models.candidates import AVERAGED, FittedCandidates, Trial, fit, probability
from jobs.models.feature_pipeline import fit_stages
from jobs.models.folds import HOLDOUT, check_disjoint
from jobs.models.training_data import in_order

T = TypeVar("T")
R = TypeVar("R")
SPLITS_AT_ONCE = 2
"""Splits that are fitted at the same time: while one waits for its slowest candidate, the other uses the cores."""

ROW_COLUMNS = ("label", "content_hash", "fold", "position")
"""Columns of a table of scores that describe the row; every other column holds a candidate's probabilities."""


def split(rows: DataFrame, is_test: Column, trial: Trial, name: str) -> tuple[pd.DataFrame, FittedCandidates]:
    """Fit features and candidates on the training part, and score the test part.

    Args:
        rows: training rows.
        is_test: True for the test part.
        trial: features and candidates.
        name: name of the split, to show.

    Returns:
        The columns `ROW_COLUMNS` and the probabilities of each candidate, one row per test row; and the models.

    """
    stages = fit_stages(rows.where(~is_test), trial.features)
    transformed = stages.transform(rows).select(*ROW_COLUMNS, "features", "binned", is_test.alias("is_test"))
    vectors = in_order(transformed)
    train, test = vectors.where("NOT is_test"), vectors.where("is_test")
    fitted = fit(train, stages, trial, name)
    scored = PipelineModel(list(fitted.classifiers.values())).transform(test)
    probabilities = [probability(name).alias(name) for name in trial.parameters]
    scores = scored.select(*ROW_COLUMNS, *probabilities).toPandas()
    check_disjoint(train.select("content_hash").toPandas(), scores)
    trial.progress.scored(scores[["label", *trial.parameters]])
    return scores, fitted


def in_parallel(function: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Call the function for a few items at a time; returns the results in the order of the items."""
    with ThreadPoolExecutor(SPLITS_AT_ONCE) as pool:
        return list(pool.map(function, items))


def out_of_fold(rows: DataFrame, trial: Trial) -> tuple[pd.DataFrame, FittedCandidates]:
    """Score each row with models of the other folds.

    Returns:
        The scores of all rows (see `split`), and the models that haven't seen the holdout, with the fit times summed
        over all folds.

    """
    folds = sorted(row["fold"] for row in rows.select("fold").distinct().collect())
    scores, fitted = zip(
        *in_parallel(lambda fold: split(rows, F.col("fold") == fold, trial, f"fold {fold + 1}"), folds), strict=True
    )
    seconds = {name: sum(models.seconds[name] for models in fitted) for name in trial.parameters}
    return with_average(pd.concat(scores, ignore_index=True)), replace(fitted[HOLDOUT], seconds=seconds)


def score_later(rows: DataFrame, from_position: int, trial: Trial) -> pd.DataFrame:
    """Score the rows from a position on with models of the earlier rows.

    Earlier rows with the content of a later one don't train, so the models know nothing of the later part.
    """
    is_test = F.col("position") >= from_position
    later = rows.where(is_test)
    earlier = rows.where(~is_test).join(later.select("content_hash").distinct(), "content_hash", "left_anti")
    return with_average(split(earlier.unionByName(later), is_test, trial, f"rows from {from_position:,}")[0])


def with_average(scores: pd.DataFrame) -> pd.DataFrame:
    """Add `average`, the mean probability of the candidates in `AVERAGED`, if all of them are present."""
    if set(AVERAGED) <= set(scores.columns):
        return scores.assign(average=scores[list(AVERAGED)].mean(axis=1))
    return scores
