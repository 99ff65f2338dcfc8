"""Assigns rows to folds by their content, so that equal rows are never on both sides of a split.

Fold 0 is the holdout: its rows train no challenger. A row's fold follows from its content hash, so a champion of an
earlier training run hasn't seen the holdout either, and new data brings new holdout rows.
"""

from collections.abc import Collection

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.errors import BankError

HOLDOUT = 0


def with_folds(rows: DataFrame, columns: list[str], folds: int) -> DataFrame:
    """Add `content_hash` (DOUBLE, see `content_hash`) and `fold` (INT from 0), stratified by `label`.

    Equal rows with different labels count as one group with the higher label, so they stay together.
    """
    hashed = rows.withColumn("content_hash", content_hash(columns))
    stratified = hashed.withColumn("stratum", F.max("label").over(Window.partitionBy("content_hash")))
    rank = F.percent_rank().over(Window.partitionBy("stratum").orderBy("content_hash"))
    fold = F.least(F.floor(folds * rank), F.lit(folds - 1)).cast("int")
    return stratified.withColumn("fold", fold).drop("stratum")


def content_hash(columns: Collection[str]) -> Column:
    """Hash the values of the columns to a number from 0 to 1; the order of `columns` doesn't matter."""
    content = F.xxhash64(*[F.coalesce(F.col(name).cast("string"), F.lit("\0")) for name in sorted(columns)])
    return content / F.lit(2.0**64) + 0.5


def holdout_below(rows: pd.DataFrame) -> float:
    """Return the smallest content hash outside the holdout: no row with a lower one trained the challenger."""
    return float(rows.loc[rows["fold"] != HOLDOUT, "content_hash"].min())


def check_disjoint(train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Raise BankError if a content hash occurs in both parts."""
    if shared := set(train["content_hash"]) & set(test["content_hash"]):
        raise BankError(
            f"{len(shared)} rows of the test part have the same content as rows of the training part, so the metrics "
            "would be too good. Split by folds.with_folds, which keeps equal rows together"
        )
