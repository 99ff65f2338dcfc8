"""Scores of rows that a model has not seen: by folds, and of the later part after training on the earlier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from pyspark.ml import PipelineModel
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.models.candidates import Fitted, Parameters, fit, probability
from jobs.models.features import fit_stages
from jobs.models.folds import HOLDOUT, check_apart
from jobs.models.training_data import in_order
from jobs.models.use_cases import Features

KEPT = ("label", "place", "fold", "position")
AVERAGED = ("forest", "boosting", "xgboost")


@dataclass(frozen=True)
class Trial:
    """What every split needs: the use case's name, the features, each candidate's parameters, the seed."""

    use_case: str
    features: Features
    parameters: Mapping[str, Parameters]
    seed: int


def split(rows: DataFrame, is_test: Column, trial: Trial) -> tuple[pd.DataFrame, Fitted]:
    """Fit features and candidates on the training part, score the test part.

    Returns:
        label, place, fold, position and one column of probabilities per candidate for each test row; the models.

    """
    prepared = fit_stages(rows.where(~is_test), trial.features)
    made = prepared.transform(rows).select(*KEPT, "features", "binned", is_test.alias("is_test"))
    vectors = in_order(made)
    fitted = fit(vectors.where("NOT is_test"), prepared, trial.use_case, trial.parameters, trial.seed)
    scored = PipelineModel(list(fitted.classifiers.values())).transform(vectors.where("is_test"))
    found = scored.select(*KEPT, *[probability(name).alias(name) for name in trial.parameters]).toPandas()
    check_apart(vectors.where("NOT is_test").select("place").toPandas(), found)
    return found, fitted


def out_of_fold(rows: DataFrame, trial: Trial) -> tuple[pd.DataFrame, Fitted]:
    """Scores of all rows, each by models of the other folds; and the models that have not seen the holdout.

    Their seconds are those of all folds.
    """
    folds = sorted(row["fold"] for row in rows.select("fold").distinct().collect())
    parts, fitted = zip(*[split(rows, F.col("fold") == fold, trial) for fold in folds], strict=True)
    seconds = {name: sum(models.seconds[name] for models in fitted) for name in trial.parameters}
    return with_average(pd.concat(parts, ignore_index=True)), replace(fitted[HOLDOUT], seconds=seconds)


def later(rows: DataFrame, from_position: int, trial: Trial) -> pd.DataFrame:
    """Scores of the rows from a position on, by models of the earlier rows.

    Rows of the earlier part that equal a later one are left out, so that the later part has nothing the models know.
    """
    is_test = F.col("position") >= from_position
    known = rows.where(is_test).select("place").distinct()
    earlier = rows.where(~is_test).join(known, "place", "left_anti")
    return with_average(split(earlier.unionByName(rows.where(is_test)), is_test, trial)[0])


def with_average(scores: pd.DataFrame) -> pd.DataFrame:
    """Add the mean of the candidates that are averaged, if all are there."""
    if set(AVERAGED) <= set(scores.columns):
        return scores.assign(average=scores[list(AVERAGED)].mean(axis=1))
    return scores
