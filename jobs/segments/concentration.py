"""Concentration: how much of the balances and of the money moved the customers with the most of it hold."""

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

MEASURES = ("balance", "amount_sum")
TOPS = (0.01, 0.1)
NEAR = 10_000  # the value at which a top begins is found to a ten-thousandth of the customers
COLUMNS = ("measure", "top", "customers", "held")


def concentration(people: DataFrame) -> pd.DataFrame:
    """The rows of segment_concentration; none of a measure that is known of nobody.

    Args:
        people: customers with MEASURES.

    """
    rows = [row for measure in MEASURES for row in _of(people, measure)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of(people: DataFrame, measure: str) -> list[tuple[str, float, int, float | None]]:
    """Two looks, no sort: the value at which each top begins, then what is above it; those who have just it fill up."""
    values = people.select(F.col(measure).cast("double").alias("value")).where("value IS NOT NULL")
    begins = F.percentile_approx("value", [1 - top for top in TOPS], NEAR).alias("begins")
    (seen,) = values.agg(F.count("value").alias("known"), F.sum("value").alias("whole"), begins).collect()
    rows: list[tuple[str, float, int, float | None]] = []
    for top, begin in zip(TOPS, seen["begins"] or (), strict=False):
        over = values.where(F.col("value") > begin)
        (above,) = over.agg(F.count("value").alias("known"), F.sum("value").alias("whole")).collect()
        number = max(1, round(top * seen["known"]))
        held = (above["whole"] or 0.0) + (number - above["known"]) * begin
        rows.append((measure, top, number, held / seen["whole"] if seen["whole"] > 0 else None))
    return rows
