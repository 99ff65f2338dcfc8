"""The candidate classifiers: logistic regression, random forest and boosted trees of Spark MLlib, and XGBoost.

No candidate weights or copies rows. Class weights spoil the calibration (the error grows from 0.008 to 0.15), and the
profit threshold already accounts for rare outcomes. A 5-fold search found XGBoost's parameters, which are constants
here.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

from pyspark.ml import Model, Pipeline, PipelineModel
from pyspark.ml.classification import GBTClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import SQLTransformer
from pyspark.ml.functions import vector_to_array
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from xgboost.spark import SparkXGBClassifier

from jobs.models.feature_pipeline import feature_stages
from jobs.models.use_cases import Features

Parameters = Mapping[str, Any]
Estimator = Any  # MLlib gives its estimators no common type that mypy can follow

NAMES = ("logistic", "forest", "boosting", "xgboost")
AVERAGED = ("forest", "boosting", "xgboost")
"""Candidates whose mean probability is a candidate too, `average`."""

TUNING_FOLDS = 2

_MLLIB_CLASSES = {"logistic": LogisticRegression, "forest": RandomForestClassifier, "boosting": GBTClassifier}
_MLLIB_PARAMETERS: Mapping[str, Parameters] = {
    "logistic": {"featuresCol": "binned", "maxIter": 40, "tol": 1e-4},
    "forest": {"numTrees": 30, "maxBins": 64, "minInstancesPerNode": 5},
    "boosting": {"maxIter": 10, "maxBins": 64, "stepSize": 0.3, "subsamplingRate": 0.8},
}
_XGBOOST_PARAMETERS: Parameters = {
    "learning_rate": 0.05,
    "subsample": 0.8,
    "colsample_bytree": 0.4,
    "num_workers": 1,
    "verbosity": 0,
}
_XGBOOST_BY_USE_CASE: Mapping[str, Mapping[str, float]] = {
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
LEAKING_PARAMETERS: Mapping[str, float] = {
    "max_depth": 8,
    "n_estimators": 500,
    "min_child_weight": 5,
    "learning_rate": 0.03,
    "colsample_bytree": 0.4,
}
"""XGBoost's parameters with columns known only afterwards: `duration` is informative, so more trees pay off."""

GRIDS: Mapping[str, Mapping[str, Sequence[float]]] = {
    "logistic": {"regParam": (0.0005, 0.005)},
    "forest": {"maxDepth": (8, 12)},
    "boosting": {"maxDepth": (4, 5)},
}
SEARCH_PARAMETERS: Mapping[str, Parameters] = {
    "logistic": {"maxIter": 15},
    "forest": {"numTrees": 10},
    "boosting": {"maxIter": 4},
}
"""Parameters during the search: fewer trees rank the grid as well, in a third of the time."""

logging.getLogger("XGBoost-PySpark").setLevel(logging.WARNING)


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


def classifier(name: str, use_case: str, seed: int, parameters: Parameters) -> Estimator:
    """Return an unfitted candidate. Its output columns end in its name, so several fit into one pipeline."""
    if name == "xgboost":
        return _xgboost(use_case, seed, parameters)
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


def _xgboost(use_case: str, seed: int, parameters: Parameters) -> Estimator:
    return SparkXGBClassifier(
        features_col="features",
        probability_col="probability_xgboost",
        prediction_col="prediction_xgboost",
        raw_prediction_col="raw_xgboost",
        random_state=seed,
        verbose=False,
        **{**_XGBOOST_PARAMETERS, **_XGBOOST_BY_USE_CASE[use_case], **parameters},
    )


def tune(rows: DataFrame, features: Features, use_case: str, seed: int) -> dict[str, dict[str, float]]:
    """Search the grid of each MLlib candidate for the parameters with the best ROC-AUC.

    Medians, bins and category indexes are fitted inside the folds.

    Args:
        rows: inputs of the model, `label`, and `tuning_fold` INT (0 or 1), which keeps equal rows together.
        features: the features to build.
        use_case: name of the use case.
        seed: seed of all randomness.

    Returns:
        The parameters of each candidate. XGBoost's are the constants of this module.

    """
    found: dict[str, dict[str, float]] = {"xgboost": dict(_XGBOOST_BY_USE_CASE[use_case])}
    for name, grid in GRIDS.items():
        estimator = classifier(name, use_case, seed, SEARCH_PARAMETERS[name])
        points = ParamGridBuilder()
        for parameter, values in grid.items():
            points = points.addGrid(estimator.getParam(parameter), list(values))
        validator = CrossValidator(
            estimator=Pipeline(stages=[*feature_stages(features), estimator]),
            estimatorParamMaps=points.build(),
            evaluator=BinaryClassificationEvaluator(rawPredictionCol=f"raw_{name}"),
            numFolds=TUNING_FOLDS,
            foldCol="tuning_fold",
            seed=seed,
            parallelism=2,  # each grid has two points
        )
        pipeline = cast(PipelineModel, validator.fit(rows).bestModel)
        best = pipeline.stages[-1]
        found[name] = {parameter: best.getOrDefault(parameter) for parameter in grid}
    return found


def fit(
    rows: DataFrame, stages: PipelineModel, use_case: str, parameters: Mapping[str, Parameters], seed: int
) -> FittedCandidates:
    """Fit all candidates of `parameters` at the same time.

    Each fit runs many short Spark jobs, and XGBoost's fit waits for seconds at Spark's barriers.

    Args:
        rows: training rows that went through the feature stages.
        stages: those stages.
        use_case: name of the use case.
        parameters: the candidates and their parameters.
        seed: seed of all randomness.

    """

    def fit_one(name: str) -> tuple[Model, float]:
        started = time.monotonic()
        return classifier(name, use_case, seed, parameters[name]).fit(rows), time.monotonic() - started

    with ThreadPoolExecutor(len(parameters)) as pool:
        fitted = dict(zip(parameters, pool.map(fit_one, parameters), strict=True))
    classifiers = {name: model for name, (model, _) in fitted.items()}
    return FittedCandidates(stages, classifiers, {name: seconds for name, (_, seconds) in fitted.items()})


def probability(name: str) -> Column:
    """Return a candidate's probability of the outcome as a DOUBLE column."""
    return vector_to_array(F.col(f"probability_{name}"))[1]
