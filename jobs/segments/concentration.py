"""Concentration: the share of balances and of transaction value that the top customers hold."""

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables

MEASURES = ("balance", "amount_sum")
TOP_SHARES = (0.01, 0.1)
QUANTILE_ACCURACY = 10_000  # the rank of an approximate quantile is off by at most 1 / 10,000 of the customers


def concentration_rows(customers: DataFrame) -> pd.DataFrame:
    """Return the rows of segment_concentration. A measure that is null for all customers has no rows.

    Args:
        customers: columns MEASURES.

    """
    rows = [row for measure in MEASURES for row in _top_customers(customers, measure)]
    return pd.DataFrame(rows, columns=tables.columns("segment_concentration"))


def _top_customers(customers: DataFrame, measure: str) -> list[dict[str, object]]:
    """Compute the concentration of one measure with two passes and no sort.

    The first pass finds the value at which each top share starts. The second sums what is above this value. Customers
    with exactly this value fill the remaining positions of the top.
    """
    values = customers.select(F.col(measure).cast("double").alias("value")).where("value IS NOT NULL")
    quantiles = F.percentile_approx("value", [1 - share for share in TOP_SHARES], QUANTILE_ACCURACY)
    (all_customers,) = values.agg(
        F.count("value").alias("customers"), F.sum("value").alias("total"), quantiles.alias("starts")
    ).collect()
    total = all_customers["total"]
    rows: list[dict[str, object]] = []
    for share, start in zip(TOP_SHARES, all_customers["starts"] or (), strict=False):
        (above,) = (
            values.where(F.col("value") > start)
            .agg(F.count("value").alias("customers"), F.sum("value").alias("total"))
            .collect()
        )
        size = max(1, round(share * all_customers["customers"]))
        top_total = (above["total"] or 0.0) + (size - above["customers"]) * start
        held = top_total / total if total > 0 else None
        rows.append({"measure": measure, "top": share, "customers": size, "held": held})
    return rows
