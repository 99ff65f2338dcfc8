"""The rows of a training: labelled, in folds, and a collected view of them for all that numpy does better."""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.models.features import derive
from jobs.models.folds import HOLDOUT, with_folds
from jobs.models.training_checks import LEAST
from jobs.models.use_cases import UseCase, features, inputs, is_positive, source_columns


def training_rows(table: DataFrame, use_case: UseCase, settings: Settings) -> DataFrame:
    """Inputs of all models, `label`, `place`, `fold`, `position` (the key), `tuning_fold`; some of more rows.

    Columns known only afterwards are there too, for the comparison; the place in a fold does not follow from them.
    """
    columns = source_columns(use_case, afterwards=True)
    labelled = table.withColumns({"label": is_positive(use_case), "position": F.col(use_case.key)})
    rows = inputs(labelled, use_case, columns, keep=("label", "position")).where("label IS NOT NULL")
    number = rows.count()
    if number > settings.training_rows:
        rows = some(rows, settings.training_rows / number, settings.seed)
    folded = with_folds(rows, source_columns(use_case), settings.folds)
    return folded.withColumn("tuning_fold", F.expr("CAST(place * 1e6 AS INT) % 2"))


def view(rows: DataFrame, use_case: UseCase) -> pd.DataFrame:
    """The rows as pandas, with derived features and `group_<attribute>` for fairness."""
    seen = features(use_case, afterwards=True)
    groups = {f"group_{name}": F.expr(sql) for name, sql in use_case.groups.items()}
    kept = ["label", "place", "fold", "position", *seen.names]
    found = derive(seen).transform(rows).withColumns(groups).select(*kept, *groups).toPandas()
    return found.sort_values("position", ignore_index=True)


def some(rows: DataFrame, share: float | Column, seed: int) -> DataFrame:
    """About this share of the rows, the same ones however they are spread over partitions."""
    return rows.where(F.xxhash64("position", F.lit(seed)) / F.lit(2.0**64) + 0.5 < share)


def tuning_rows(rows: DataFrame, seen: pd.DataFrame, number: int, seed: int) -> DataFrame:
    """About this many of the rows outside the holdout; of an outcome that is rare, enough for two folds.

    Raises:
        BankError: a fold has one class only, as the rows of the other are all alike.

    """
    outside = seen.loc[seen["fold"] != HOLDOUT, "label"]
    shares = {label: max(number / len(outside), 2 * LEAST / count) for label, count in outside.value_counts().items()}
    share = F.when(F.col("label") == 1.0, shares[1.0]).otherwise(shares[0.0])
    drawn = in_order(some(rows.where(F.col("fold") != HOLDOUT), share, seed))
    classes = drawn.groupBy("tuning_fold").agg(F.countDistinct("label").alias("classes")).collect()
    if [row["classes"] for row in classes] != [2, 2]:
        raise BankError(
            "the rows with the outcome, or those without it, are all alike: no part of them can test what was learnt "
            "from another. Load a table with more different rows. The champion stays"
        )
    return drawn


def in_order(rows: DataFrame) -> DataFrame:
    """The rows by position in one partition, as sampling follows their order; computed, and without their history.

    MLlib sends the plan of its rows with each of a fit's many small jobs: a history that is cut halves their time.
    """
    return rows.repartition(1).sortWithinPartitions("position").localCheckpoint()
