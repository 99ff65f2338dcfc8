"""Searches the parameters of MLlib's candidates with CrossValidator, in two folds outside the holdout."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.ml import Estimator, Pipeline
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import SQLTransformer
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.models.candidates import XGBOOST_PARAMETERS, Parameters, classifier
from jobs.models.feature_pipeline import fit_stages
from jobs.models.training_progress import TrainingProgress
from jobs.models.use_cases import Features

FOLDS = (0, 1)
GRIDS: Mapping[str, Mapping[str, Sequence[float]]] = {
    "logistic": {"regParam": (0.0005, 0.005)},
    "forest": {"maxDepth": (8, 12)},
    "boosting": {"maxDepth": (3, 4)},
}
SEARCH_PARAMETERS: Mapping[str, Parameters] = {
    "logistic": {"maxIter": 10},
    "forest": {"numTrees": 10},
    "boosting": {"maxIter": 3},
}
"""Parameters during the search: fewer trees rank the grid as well, in a third of the time."""


class ChooseVectors(Estimator[SQLTransformer]):
    """Chooses the vectors that were made without the rows of the other fold (see `vectors_by_fold`)."""

    def _fit(self, dataset: DataFrame) -> SQLTransformer:
        fold = dataset.select("tuning_fold").head()[0]  # type: ignore[index]  # the rows of a fit have one fold
        return SQLTransformer(statement=f"SELECT *, features_{fold} AS features, binned_{fold} AS binned FROM __THIS__")


def tune(
    rows: DataFrame, features: Features, use_case: str, seed: int, progress: TrainingProgress
) -> dict[str, dict[str, Any]]:
    """Search the grid of each MLlib candidate for the parameters with the best ROC-AUC.

    Args:
        rows: inputs of the model, `label`, and `tuning_fold` INT (0 or 1), which keeps equal rows together; in one
            partition, by position (see training_data.in_order).
        features: the features to build.
        use_case: name of the use case.
        seed: seed of all randomness.
        progress: shows which candidate's parameters are searched.

    Returns:
        The parameters of each candidate. XGBoost's are constants.

    """
    vectors = vectors_by_fold(rows, features)
    found: dict[str, dict[str, Any]] = {"xgboost": dict(XGBOOST_PARAMETERS[use_case])}
    for name, grid in GRIDS.items():
        progress.show(f"searching the parameters of {name}")
        estimator = classifier(name, seed, SEARCH_PARAMETERS[name])
        points = ParamGridBuilder()
        for parameter, values in grid.items():
            points = points.addGrid(estimator.getParam(parameter), list(values))
        validator = CrossValidator(
            estimator=Pipeline(stages=[ChooseVectors(), estimator]),
            estimatorParamMaps=points.build(),
            evaluator=BinaryClassificationEvaluator(rawPredictionCol=f"raw_{name}"),
            numFolds=len(FOLDS),
            foldCol="tuning_fold",
            seed=seed,
            parallelism=2,  # each grid has two points
        )
        best = validator.fit(vectors).bestModel.stages[-1]  # type: ignore[attr-defined]
        found[name] = {parameter: best.getOrDefault(parameter) for parameter in grid}
    return found


def vectors_by_fold(rows: DataFrame, features: Features) -> DataFrame:
    """Return `label`, `tuning_fold`, and the vectors `features_<fold>` and `binned_<fold>`.

    The medians, bins and category indexes of `…_<fold>` are those of the fold's rows. So each search can train on them
    and test on the other fold, and the features are computed once for all points of all grids.
    """
    vectors = rows
    for fold in FOLDS:
        stages = fit_stages(rows.where(F.col("tuning_fold") == fold), features)
        made = [F.col("features").alias(f"features_{fold}"), F.col("binned").alias(f"binned_{fold}")]
        vectors = stages.transform(vectors).select(*vectors.columns, *made)
    names = [f"{kind}_{fold}" for fold in FOLDS for kind in ("features", "binned")]
    return vectors.select("label", "tuning_fold", *names).localCheckpoint()
