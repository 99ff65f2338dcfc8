"""Why a score is what it is: permutation importance, SHAP values, and reasons per client.

SHAP values (Lundberg and Lee, 2017; exact for trees, 2018) are XGBoost's own contributions, in log-odds. They explain
the XGBoost model that every registered model carries, also where it is only one of several members.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

from jobs.core.pandas_to_spark import to_spark
from jobs.models.metrics import Array, figures, rank
from jobs.models.scoring_config import Card, scored

REASONS = 3
SAMPLE = 1000  # rows for SHAP values and permutation


def booster(model: PipelineModel) -> xgboost.Booster:
    """The XGBoost model inside a bundle."""
    (stage,) = [stage for stage in model.stages if hasattr(stage, "get_booster")]
    found: xgboost.Booster = stage.get_booster()
    return found


def permutation(
    model: PipelineModel, card: Card, rows: pd.DataFrame, like: DataFrame, seed: int, repeats: int = 2
) -> pd.DataFrame:
    """How much ROC-AUC falls if a column's values are shuffled: column_name, permutation (mean), permutation_sd.

    All shuffled copies are scored in one Spark job. Rows have the model's columns and `label`; `like` their types.
    """
    rows, dice = rows[[*card.columns, "label"]].reset_index(drop=True), np.random.default_rng(seed)
    copies = [rows.assign(copy="")]
    for number in range(repeats):
        for name in card.columns:
            shuffled = rows[name].to_numpy()[dice.permutation(len(rows))]
            copies.append(_with(rows, {name: shuffled, "copy": f"{number} {name}"}))
    schema = StructType([*like.select(*card.columns, "label").schema, StructField("copy", StringType())])
    every = to_spark(like.sparkSession, pd.concat(copies, ignore_index=True), schema)
    scores = scored(model, card, every).select("copy", "label", "probability").toPandas()
    aucs = {str(copy): _auc(part) for copy, part in scores.groupby("copy")}
    drops = {name: [aucs[""] - aucs[f"{number} {name}"] for number in range(repeats)] for name in card.columns}
    found = [(name, float(np.mean(values)), float(np.std(values))) for name, values in drops.items()]
    return pd.DataFrame(found, columns=["column_name", "permutation", "permutation_sd"])


def _with(rows: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    changed = rows.copy()
    for name, values in columns.items():
        changed[name] = values
    return changed


def _auc(rows: pd.DataFrame) -> float:
    return figures(rank(rows["label"].to_numpy(float), rows["probability"].to_numpy(float)), 0.5)["roc_auc"]


def shap_values(model: PipelineModel, card: Card, rows: DataFrame) -> tuple[pd.DataFrame, Array]:
    """SHAP values of the rows: the features' values (columns by feature), and one row of log-odds for each."""
    vectors = (
        model.transform(rows).select(*card.features, vector_to_array(F.col("features")).alias("vector")).toPandas()
    )
    matrix = xgboost.DMatrix(np.vstack(vectors["vector"].to_list()))
    values = booster(model).predict(matrix, pred_contribs=True)[:, :-1]
    return vectors[list(card.features)], np.asarray(values, dtype=float)


def with_reasons(rows: DataFrame, model: PipelineModel, card: Card, keep: Sequence[str]) -> DataFrame:
    """The columns `keep` of scored rows and `reasons`: the features that moved the score most, the strongest first.

    Contributions are XGBoost's fast approximation (Saabas, 2014): exact SHAP values take minutes for all clients.
    """
    model_bytes, names = bytes(booster(model).save_raw("ubj")), list(card.features)

    def explain(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        trees = xgboost.Booster(model_file=bytearray(model_bytes))
        for batch in batches:
            matrix = xgboost.DMatrix(np.vstack(batch["vector"].to_list()))
            moved = trees.predict(matrix, pred_contribs=True, approx_contribs=True)[:, :-1]
            yield _with(batch[list(keep)], {"reasons": in_words(batch[names], moved)})

    schema = StructType([*rows.select(*keep).schema, StructField("reasons", ArrayType(StringType()))])
    columns = list(dict.fromkeys([*keep, *names]))
    return rows.select(*columns, vector_to_array(F.col("features")).alias("vector")).mapInPandas(explain, schema)


def in_words(values: pd.DataFrame, moved: Array) -> list[list[str]]:
    """`poutcome = success raises it` for the strongest of each row."""
    strongest = np.argsort(-np.abs(moved), axis=1)[:, :REASONS]
    cells, names = values.to_numpy(dtype=object), list(values.columns)
    return [
        [
            f"{names[place]} = {_cell(cells[row, place])} {'raises' if moved[row, place] > 0 else 'lowers'} it"
            for place in places
        ]
        for row, places in enumerate(strongest)
    ]


def _cell(value: object) -> str:
    if value is None or value != value:
        return "not known"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
