"""The candidate classifiers: logistic regression, random forest and boosted trees of Spark MLlib, and XGBoost.

No candidate weights or copies rows. Class weights spoil the calibration (the error grows from 0.008 to 0.15), and the
profit threshold already accounts for rare outcomes. A 5-fold search found XGBoost's parameters, which are constants
here.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from pyspark.ml import Model, PipelineModel
from pyspark.ml.classification import GBTClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.feature import SQLTransformer
from pyspark.ml.functions import vector_to_array
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from xgboost.spark import SparkXGBClassifier, SparkXGBClassifierModel

from jobs.models.training_progress import TrainingProgress
from jobs.models.use_cases import Features

Parameters = Mapping[str, Any]
Estimator = Any  # MLlib gives its estimators no common type that mypy can follow

NAMES = ("logistic", "forest", "boosting", "xgboost")
AVERAGED = ("forest", "boosting", "xgboost")
"""Candidates whose mean probability is a candidate too, `average`."""

_MLLIB_CLASSES = {"logistic": LogisticRegression, "forest": RandomForestClassifier, "boosting": GBTClassifier}
_MLLIB_PARAMETERS: Mapping[str, Parameters] = {
    "logistic": {"featuresCol": "binned", "maxIter": 20, "tol": 1e-3},
    "forest": {"numTrees": 20, "maxBins": 64, "minInstancesPerNode": 5},
    "boosting": {"maxIter": 10, "maxBins": 64, "stepSize": 0.3, "subsamplingRate": 0.8},
}
_XGBOOST_PARAMETERS: Parameters = {
    "learning_rate": 0.05,
    "subsample": 0.8,
    "colsample_bytree": 0.4,
    "verbosity": 0,
}
XGBOOST_PARAMETERS: Mapping[str, Mapping[str, float]] = {
    "subscription": {
        "max_depth": 8,
        "n_estimators": 260,
        "min_child_weight": 5,
        "learning_rate": 0.04,
        "colsample_bytree": 0.3,
    },
    "default": {
        "max_depth": 5,
        "n_estimators": 150,
        "min_child_weight": 10,
    },
}
"""XGBoost's parameters by use case."""

LEAKING_PARAMETERS: Mapping[str, float] = {
    "max_depth": 8,
    "n_estimators": 500,
    "min_child_weight": 5,
    "learning_rate": 0.03,
    "colsample_bytree": 0.4,
}
"""XGBoost's parameters with columns known only afterwards: `duration` is informative, so more trees pay off."""


@dataclass(frozen=True)
class Trial:
    """What the candidates are fitted with on every split.

    Attributes:
        features: the features to build.
        parameters: the candidates and their parameters.
        seed: seed of all randomness.
        progress: shows the fits and their scores.

    """

    features: Features
    parameters: Mapping[str, Parameters]
    seed: int
    progress: TrainingProgress = field(default_factory=TrainingProgress)


@dataclass(frozen=True)
class FittedCandidates:
    """Models fitted on the same rows.

    Attributes:
        stages: the feature stages.
        classifiers: the fitted classifier of each candidate.
        seconds: how long each fit took.

    """

    stages: PipelineModel
    classifiers: Mapping[str, Model]
    seconds: Mapping[str, float]

    def bundle(self, members: Sequence[str], others: Sequence[str] = ()) -> PipelineModel:
        """Combine the feature stages and some classifiers into one model.

        Its column `prediction` is 1.0 where most members predict a probability above one half, else 0.0.

        Args:
            members: candidates that predict.
            others: candidates that only explain.

        """
        votes = " + ".join(f"prediction_{name}" for name in members)
        vote = SQLTransformer(
            statement=f"SELECT *, IF(2 * ({votes}) > {len(members)}, 1D, 0D) AS prediction FROM __THIS__"
        )
        names = [name for name in NAMES if name in {*members, *others}]
        return PipelineModel([*self.stages.stages, *[self.classifiers[name] for name in names], vote])


def classifier(name: str, seed: int, parameters: Parameters) -> Estimator:
    """Return an unfitted candidate of MLlib. Its output columns end in its name, so several fit into one pipeline."""
    columns = {
        "probabilityCol": f"probability_{name}",
        "rawPredictionCol": f"raw_{name}",
        "predictionCol": f"prediction_{name}",
    }
    estimator = _MLLIB_CLASSES[name]()
    seeded = {} if name == "logistic" else {"seed": seed}
    for parameter, value in {**_MLLIB_PARAMETERS[name], **columns, **seeded, **parameters}.items():
        estimator.set(estimator.getParam(parameter), value)
    return estimator


def fit_xgboost(rows: DataFrame, seed: int, parameters: Parameters) -> SparkXGBClassifierModel:
    """Fit XGBoost as one ordinary Spark task, with one thread, on rows in one partition.

    xgboost.spark's own fit starts a cluster of workers that talk to each other, and scores the training rows after
    each tree. Its model class stays: MLflow and Spark can load it without this project.
    """
    settings = {**_XGBOOST_PARAMETERS, **parameters, "random_state": seed}
    unfitted = xgboost.XGBClassifier(**settings, n_jobs=1)
    vectors = rows.select("label", vector_to_array(F.col("features")).alias("vector"))
    rounds, booster_settings = unfitted.get_num_boosting_rounds(), unfitted.get_xgb_params()

    def train(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        known = pd.concat(batches)
        matrix = xgboost.DMatrix(np.vstack(known["vector"].to_list()), known["label"], nthread=1)
        booster = xgboost.train(booster_settings, matrix, rounds)
        yield pd.DataFrame({"model": [bytes(booster.save_raw("ubj"))]})

    (row,) = vectors.mapInPandas(train, "model BINARY").collect()
    unfitted.load_model(bytearray(row["model"]))
    columns = SparkXGBClassifier(
        features_col="features",
        probability_col="probability_xgboost",
        prediction_col="prediction_xgboost",
        raw_prediction_col="raw_xgboost",
        **settings,
    )
    fitted: SparkXGBClassifierModel = columns._copyValues(SparkXGBClassifierModel(unfitted))
    return fitted


def fit(rows: DataFrame, stages: PipelineModel, trial: Trial, split: str) -> FittedCandidates:
    """Fit all candidates of a trial at the same time, because each fit runs many short Spark jobs.

    Args:
        rows: training rows that went through the feature stages, in one partition.
        stages: those stages.
        trial: the candidates.
        split: name of the split, to show.

    """

    def fit_one(name: str) -> tuple[Model, float]:
        parameters, started = trial.parameters[name], time.monotonic()
        with trial.progress.fitting(f"{name} ({split})"):
            if name == "xgboost":
                model = fit_xgboost(rows, trial.seed, parameters)
            else:
                model = classifier(name, trial.seed, parameters).fit(rows)
        return model, time.monotonic() - started

    with ThreadPoolExecutor(len(trial.parameters)) as pool:
        fitted = dict(zip(trial.parameters, pool.map(fit_one, trial.parameters), strict=True))
    classifiers = {name: model for name, (model, _) in fitted.items()}
    return FittedCandidates(stages, classifiers, {name: seconds for name, (_, seconds) in fitted.items()})


def probability(name: str) -> Column:
    """Return a candidate's probability of the outcome as a DOUBLE column."""
    return vector_to_array(F.col(f"probability_{name}"))[1]
