"""Explains scores: permutation importance, SHAP values, and the strongest reasons of each client.

SHAP values (Lundberg and Lee 2017; exact for trees, 2018) are XGBoost's own contributions, in log-odds. They explain
the XGBoost model that every registered model contains, even where it's only one member, or no member at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import xgboost
from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

from jobs.core.pandas_to_spark import to_spark
from jobs.models.classification_metrics import Array, roc_auc
from jobs.models.scoring_config import ScoringConfig, score

REASONS = 3
SAMPLE_ROWS = 1000
"""Rows that are explained."""

PLOTTED_CLIENTS = 250
"""Clients in the plot of SHAP values."""


def explain(
    model: PipelineModel, config: ScoringConfig, rows: pd.DataFrame, inputs: DataFrame, seed: int
) -> dict[str, pd.DataFrame]:
    """Return rows of importances and shap_points.

    Args:
        model: the model.
        config: its scoring config.
        rows: rows that the model hasn't seen: its inputs and `label`.
        inputs: a DataFrame with the types of the inputs.
        seed: seed of the permutations.

    """
    schema = inputs.select(*config.columns).schema
    permutations = permutation_importance(model, config, rows, inputs, seed)
    values, contributions = shap_values(model, config, to_spark(inputs.sparkSession, rows, schema))
    mean_abs = pd.Series(np.abs(contributions).mean(axis=0), index=list(config.features), name="mean_abs_shap")
    importances = permutations.set_index("column_name").join(mean_abs, how="outer")
    return {
        "importances": importances.rename_axis("column_name").reset_index(),
        "shap_points": _shap_points(values.head(PLOTTED_CLIENTS), contributions[:PLOTTED_CLIENTS]),
    }


def booster(model: PipelineModel) -> xgboost.Booster:
    """Return the XGBoost model inside a bundle."""
    (stage,) = [stage for stage in model.stages if hasattr(stage, "get_booster")]
    found: xgboost.Booster = stage.get_booster()
    return found


def permutation_importance(
    model: PipelineModel, config: ScoringConfig, rows: pd.DataFrame, inputs: DataFrame, seed: int, repeats: int = 2
) -> pd.DataFrame:
    """Measure how much the ROC-AUC falls if a column's values are shuffled.

    All shuffled copies are scored in one Spark job.

    Args:
        model: the model.
        config: its scoring config.
        rows: the model's inputs and `label`.
        inputs: a DataFrame with the types of the inputs.
        seed: seed of the permutations.
        repeats: how often each column is shuffled.

    Returns:
        One row per input column: column_name, permutation (the mean) and permutation_sd.

    """
    rows, rng = rows[[*config.columns, "label"]].reset_index(drop=True), np.random.default_rng(seed)
    copies = [rows.assign(copy="")]
    for number in range(repeats):
        for name in config.columns:
            shuffled = rows[name].to_numpy()[rng.permutation(len(rows))]
            copies.append(_with_columns(rows, {name: shuffled, "copy": f"{number} {name}"}))
    types = inputs.selectExpr("*", "0D AS label").select(*config.columns, "label").schema
    schema = StructType([*types, StructField("copy", StringType())])
    scores = score(model, config, _from_arrow(inputs.sparkSession, pd.concat(copies, ignore_index=True), schema))
    collected = scores.select("copy", "label", "probability").toPandas()
    aucs = {str(copy): _auc(part) for copy, part in collected.groupby("copy")}
    drops = {name: [aucs[""] - aucs[f"{number} {name}"] for number in range(repeats)] for name in config.columns}
    means = [(name, float(np.mean(values)), float(np.std(values))) for name, values in drops.items()]
    return pd.DataFrame(means, columns=["column_name", "permutation", "permutation_sd"])


def _from_arrow(spark: SparkSession, rows: pd.DataFrame, schema: StructType) -> DataFrame:
    """Return many rows, all of type STRING or DOUBLE, as a DataFrame, without a Python object for each value.

    The coalesce keeps Spark's optimizer from scoring the rows itself, in the driver and without generated code.
    """
    types = {field.name: pa.string() if field.dataType == StringType() else pa.float64() for field in schema}
    table = pa.Table.from_pandas(rows[schema.names], pa.schema(list(types.items())), preserve_index=False)
    return spark.createDataFrame(table, schema).coalesce(2)


def _with_columns(rows: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    changed = rows.copy()
    for name, values in columns.items():
        changed[name] = values
    return changed


def _auc(rows: pd.DataFrame) -> float:
    return roc_auc(rows["label"].to_numpy(float), rows["probability"].to_numpy(float))


def shap_values(model: PipelineModel, config: ScoringConfig, rows: DataFrame) -> tuple[pd.DataFrame, Array]:
    """Compute the SHAP values of the rows.

    Returns:
        The features' values, one column per feature; and the contributions in log-odds, shape (rows, features).

    """
    vector = vector_to_array(F.col("features")).alias("vector")
    vectors = model.transform(rows).select(*config.features, vector).toPandas()
    matrix = xgboost.DMatrix(np.vstack(vectors["vector"].to_list()))
    contributions = booster(model).predict(matrix, pred_contribs=True)[:, :-1]
    return vectors[list(config.features)], np.asarray(contributions, dtype=float)


def _shap_points(values: pd.DataFrame, contributions: Array) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "column_name": name,
                "value": values[name].astype(str).where(values[name].notna(), None),
                "level": pd.to_numeric(values[name], errors="coerce").rank(pct=True),
                "contribution": contributions[:, number],
            }
        )
        for number, name in enumerate(values.columns)
    ]
    return pd.concat(parts, ignore_index=True)


def with_reasons(rows: DataFrame, model: PipelineModel, config: ScoringConfig, keep: Sequence[str]) -> DataFrame:
    """Return the columns `keep` of scored rows, and `reasons` ARRAY<STRING>, the strongest first.

    Contributions are XGBoost's fast approximation (Saabas 2014): exact SHAP values of all clients take minutes.
    """
    model_bytes, names = bytes(booster(model).save_raw("ubj")), list(config.features)

    def add_reasons(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        trees = xgboost.Booster(model_file=bytearray(model_bytes))
        for batch in batches:
            matrix = xgboost.DMatrix(np.vstack(batch["vector"].to_list()))
            contributions = trees.predict(matrix, pred_contribs=True, approx_contribs=True)[:, :-1]
            yield _with_columns(batch[list(keep)], {"reasons": strongest_reasons(batch[names], contributions)})

    schema = StructType([*rows.select(*keep).schema, StructField("reasons", ArrayType(StringType()))])
    columns = list(dict.fromkeys([*keep, *names]))
    vector = vector_to_array(F.col("features")).alias("vector")
    return rows.select(*columns, vector).mapInPandas(add_reasons, schema)


def strongest_reasons(values: pd.DataFrame, contributions: Array) -> list[list[str]]:
    """Describe each row's strongest contributions, for example `poutcome = success raises it`."""
    strongest = np.argsort(-np.abs(contributions), axis=1)[:, :REASONS]
    cells, names = values.to_numpy(dtype=object), list(values.columns)

    def describe(row: int, column: int) -> str:
        direction = "raises" if contributions[row, column] > 0 else "lowers"
        return f"{names[column]} = {_format_value(cells[row, column])} {direction} it"

    return [[describe(row, column) for column in columns] for row, columns in enumerate(strongest)]


def _format_value(value: object) -> str:
    if value is None or value != value:
        return "not known"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
