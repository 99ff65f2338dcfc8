"""Who is in which fold: by content, so that equal rows never stand on both sides of a split.

Fold 0 is the holdout of the night: its rows train no challenger. A row's place follows from its own content, so the
champion of an earlier night has not seen them either, and new rows bring fresh ones.
"""

from collections.abc import Collection

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.errors import BankError

HOLDOUT = 0


def with_folds(rows: DataFrame, columns: list[str], folds: int) -> DataFrame:
    """Add `place` DOUBLE, 0 to 1, the same for rows with equal `columns`, and `fold` INT, stratified by `label`.

    Equal rows with different outcomes count as one group of the higher label: they stay together too.
    """
    placed = rows.withColumn("place", place(columns))
    stratum = placed.withColumn("stratum", F.max("label").over(Window.partitionBy("place")))
    rank = F.percent_rank().over(Window.partitionBy("stratum").orderBy("place"))
    return stratum.withColumn("fold", F.least(F.floor(folds * rank), F.lit(folds - 1)).cast("int")).drop("stratum")


def place(columns: Collection[str]) -> Column:
    """From 0 to 1 by what stands in the columns, whatever their order."""
    content = F.xxhash64(*[F.coalesce(F.col(name).cast("string"), F.lit("\0")) for name in sorted(columns)])
    return content / F.lit(2.0**64) + 0.5


def holdout_below(rows: pd.DataFrame) -> float:
    """The place below which no row trained the challenger: the first place of the other folds."""
    return float(rows.loc[rows["fold"] != HOLDOUT, "place"].min())


def check_apart(train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Raise BankError if a row with the same content is on both sides; both have `place`."""
    if shared := set(train["place"]) & set(test["place"]):
        raise BankError(
            f"{len(shared)} rows are in the training part and, with the same content, in the test part: "
            "the figures would be too good. Split by folds.with_folds, which keeps equal rows together"
        )
