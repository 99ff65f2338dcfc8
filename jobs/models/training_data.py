"""The rows of a training: labelled, in folds, and collected as pandas for what numpy does better."""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.models.feature_pipeline import derive
from jobs.models.folds import HOLDOUT, with_folds
from jobs.models.training_checks import MIN_ROWS_PER_CLASS
from jobs.models.use_cases import UseCase, allowed_features, is_positive, model_inputs, source_columns


def training_rows(table: DataFrame, use_case: UseCase, settings: Settings) -> DataFrame:
    """Return labelled model inputs in folds; at most about BANK_TRAINING_ROWS rows, drawn at random.

    Columns known only afterwards are included for the comparison, but don't influence the fold.

    Returns:
        label, position (the key), group_<attribute> for fairness, the inputs of the models, content_hash, fold, and
        tuning_fold (0 or 1).

    """
    columns = source_columns(use_case, afterwards=True)
    groups = {f"group_{name}": F.expr(formula) for name, formula in use_case.groups.items()}
    labelled = table.withColumns({"label": is_positive(use_case), "position": F.col(use_case.key), **groups})
    rows = model_inputs(labelled, use_case, columns, keep=("label", "position", *groups)).where("label IS NOT NULL")
    number = rows.count()
    if number > settings.training_rows:
        rows = sample(rows, settings.training_rows / number, settings.seed)
    folded = with_folds(rows, source_columns(use_case), settings.folds)
    return folded.withColumn("tuning_fold", F.expr("CAST(content_hash * 1e6 AS INT) % 2"))


def collect_rows(rows: DataFrame, use_case: UseCase) -> pd.DataFrame:
    """Collect training rows with all features and groups, ordered by position."""
    features = allowed_features(use_case, afterwards=True)
    groups = [f"group_{name}" for name in use_case.groups]
    kept = ["label", "content_hash", "fold", "position", *features.names, *groups]
    return derive(features).transform(rows).select(*kept).toPandas().sort_values("position", ignore_index=True)


def sample(rows: DataFrame, share: float | Column, seed: int) -> DataFrame:
    """Draw about this share of the rows; the draw doesn't depend on how rows are spread over partitions."""
    return rows.where(F.xxhash64("position", F.lit(seed)) / F.lit(2.0**64) + 0.5 < share)


def tuning_rows(rows: DataFrame, collected: pd.DataFrame, number: int, seed: int) -> DataFrame:
    """Draw rows outside the holdout for the parameter search, with enough of a rare outcome for two folds.

    Args:
        rows: the training rows.
        collected: the same rows, collected.
        number: about how many rows to draw.
        seed: seed of the draw.

    Raises:
        BankError: a fold has one class only, because the rows of the other class are all equal.

    """
    labels = collected.loc[collected["fold"] != HOLDOUT, "label"]
    shares = {
        label: max(number / len(labels), 2 * MIN_ROWS_PER_CLASS / count)
        for label, count in labels.value_counts().items()
    }
    share = F.when(F.col("label") == 1.0, shares[1.0]).otherwise(shares[0.0])
    drawn = in_order(sample(rows.where(F.col("fold") != HOLDOUT), share, seed))
    classes = drawn.groupBy("tuning_fold").agg(F.countDistinct("label").alias("classes")).collect()
    if [row["classes"] for row in classes] != [2, 2]:
        raise BankError(
            "the rows with the outcome, or those without it, are all equal, so a model can't be tested on rows that it "
            "wasn't trained on. Load a table with more distinct rows. The champion stays"
        )
    return drawn


def in_order(rows: DataFrame) -> DataFrame:
    """Return the rows by position in one partition, because MLlib's sampling follows their order.

    The checkpoint cuts the query plan, which MLlib sends with each of a fit's many small jobs. That halves their time.
    """
    return rows.repartition(1).sortWithinPartitions("position").localCheckpoint()
