"""The candidates: logistic regression, random forest and boosted trees of Spark MLlib, and XGBoost's Spark estimator.

No candidate weighs or copies rows: class weights spoil calibration (an error of 0.008 becomes 0.15), and the threshold
by profit does what they are for. XGBoost's parameters were found by 5-fold search and are written here.
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

from jobs.models.features import stages
from jobs.models.use_cases import Features

NAMES = ("logistic", "forest", "boosting", "xgboost")
TUNING_FOLDS = 2
_XGBOOST: Mapping[str, Mapping[str, float]] = {
    "subscription": {
        **{"max_depth": 8, "n_estimators": 260, "min_child_weight": 5},
        **{"learning_rate": 0.04, "colsample_bytree": 0.3},
    },
    "default": {"max_depth": 5, "n_estimators": 150, "min_child_weight": 10},
}
LEAKING: Mapping[str, float] = {  # for the comparison with the literature: `duration` tells much, more trees find it
    **{"max_depth": 8, "n_estimators": 500, "min_child_weight": 5},
    **{"learning_rate": 0.03, "colsample_bytree": 0.4},
}
_MLLIB = {"logistic": LogisticRegression, "forest": RandomForestClassifier, "boosting": GBTClassifier}
_FIXED: Mapping[str, Mapping[str, Any]] = {
    "logistic": {"featuresCol": "binned", "maxIter": 40, "tol": 1e-4},
    "forest": {"numTrees": 30, "maxBins": 64, "minInstancesPerNode": 5},
    "boosting": {"maxIter": 10, "maxBins": 64, "stepSize": 0.3, "subsamplingRate": 0.8},
}
Parameters = Mapping[str, Any]
Estimator = Any  # MLlib gives its estimators no common type that mypy can follow
logging.getLogger("XGBoost-PySpark").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Fitted:
    """Feature stages and one classifier of each name, all fitted on the same rows, and the seconds that each took."""

    stages: PipelineModel
    classifiers: Mapping[str, Model]
    seconds: Mapping[str, float]

    def bundle(self, members: Sequence[str], others: Sequence[str] = ()) -> PipelineModel:
        """One model with the feature stages and the classifiers of the members and of others that explain.

        Its `prediction` is 1.0 where most of the members say so, each from a probability of one half on.
        """
        votes = " + ".join(f"prediction_{name}" for name in members)
        last = SQLTransformer(
            statement=f"SELECT *, IF(2 * ({votes}) > {len(members)}, 1D, 0D) AS prediction FROM __THIS__"
        )
        names = [name for name in NAMES if name in {*members, *others}]
        return PipelineModel([*self.stages.stages, *[self.classifiers[name] for name in names], last])


def classifier(name: str, use_case: str, seed: int, parameters: Parameters) -> Estimator:
    """An unfitted candidate; its columns end in its name, so that several fit into one pipeline."""
    if name == "xgboost":
        return _xgboost(use_case, seed, parameters)
    columns = {
        "probabilityCol": f"probability_{name}",
        "rawPredictionCol": f"raw_{name}",
        "predictionCol": f"prediction_{name}",
    }
    estimator = _MLLIB[name]()
    seeded = {} if name == "logistic" else {"seed": seed}
    for parameter, value in {**_FIXED[name], **columns, **seeded, **parameters}.items():
        estimator.set(estimator.getParam(parameter), value)
    return estimator


def _xgboost(use_case: str, seed: int, parameters: Parameters) -> Estimator:
    fixed: dict[str, Any] = {
        "learning_rate": 0.05,
        "subsample": 0.8,
        "colsample_bytree": 0.4,
        "num_workers": 1,
        "verbosity": 0,
    }
    columns = {f"{kind}_col": f"{kind}_xgboost" for kind in ("probability", "prediction")}
    return SparkXGBClassifier(
        features_col="features",
        raw_prediction_col="raw_xgboost",
        random_state=seed,
        verbose=False,
        **{**fixed, **_XGBOOST[use_case], **parameters, **columns},
    )


GRIDS: Mapping[str, Mapping[str, Sequence[float]]] = {
    "logistic": {"regParam": (0.0005, 0.005)},
    "forest": {"maxDepth": (8, 12)},
    "boosting": {"maxDepth": (4, 5)},
}
SEARCH: Mapping[str, Parameters] = {  # fewer trees while searching: enough to rank depths, at a third of the time
    "logistic": {"maxIter": 15},
    "forest": {"numTrees": 10},
    "boosting": {"maxIter": 4},
}


def tune(rows: DataFrame, features: Features, use_case: str, seed: int) -> dict[str, dict[str, float]]:
    """The best parameters of each candidate's grid by ROC-AUC; medians, bins and indexes are fitted inside the folds.

    Args:
        rows: inputs of the model, label, and `tuning_fold` INT, which keeps equal rows together.
        features: what is made of them.
        use_case: subscription or default.
        seed: of everything random.

    """
    found: dict[str, dict[str, float]] = {"xgboost": dict(_XGBOOST[use_case])}
    for name, grid in GRIDS.items():
        estimator = classifier(name, use_case, seed, SEARCH[name])
        points = ParamGridBuilder()
        for parameter, values in grid.items():
            points = points.addGrid(estimator.getParam(parameter), list(values))
        validator = CrossValidator(
            estimator=Pipeline(stages=[*stages(features), estimator]),
            estimatorParamMaps=points.build(),
            evaluator=BinaryClassificationEvaluator(rawPredictionCol=f"raw_{name}"),
            numFolds=TUNING_FOLDS,
            foldCol="tuning_fold",
            seed=seed,
            parallelism=2,  # a grid has two points
        )
        pipeline = cast(PipelineModel, validator.fit(rows).bestModel)
        best = pipeline.stages[-1]
        found[name] = {parameter: best.getOrDefault(parameter) for parameter in grid}
    return found


def fit(
    rows: DataFrame, prepared: PipelineModel, use_case: str, parameters: Mapping[str, Parameters], seed: int
) -> Fitted:
    """Fit each candidate of `parameters` on rows that went through the prepared stages.

    All at a time: each is many short Spark jobs, and XGBoost's sleeps seconds at Spark's barriers.
    """

    def one(name: str) -> tuple[Model, float]:
        started = time.monotonic()
        return classifier(name, use_case, seed, parameters[name]).fit(rows), time.monotonic() - started

    with ThreadPoolExecutor(len(parameters)) as pool:
        made = dict(zip(parameters, pool.map(one, parameters), strict=True))
    seconds = {name: took for name, (_, took) in made.items()}
    return Fitted(prepared, {name: model for name, (model, _) in made.items()}, seconds)


def probability(name: str) -> Column:
    """The probability of the outcome that a candidate gave, as a number."""
    return vector_to_array(F.col(f"probability_{name}"))[1]
