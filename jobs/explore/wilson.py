"""Rates with Wilson's 95 % confidence interval."""

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql.types import DoubleType, StructType
from statsmodels.stats.proportion import proportion_confint

from jobs.core.pandas_to_spark import to_spark

SIGNIFICANCE = 0.05


def with_rate(counted: DataFrame, positives: str, total: str) -> DataFrame:
    """Add the rate `positives / total` and its Wilson score interval (1927, JASA 22, 209-212).

    The rows are collected, so they must be few: counts by group, not records.

    Args:
        counted: any columns, in the order in which the result keeps them.
        positives: name of the column with the number of positive rows.
        total: name of the column with the number of rows.

    Returns:
        The rows in one partition, with rate, rate_low and rate_high DOUBLE from 0 to 1. All three are null where the
        total is 0 or the number of positives is null.

    """
    rows = counted.toPandas()
    happened, trials = rows[positives].to_numpy("float64"), rows[total].to_numpy("float64")
    trials = np.where(trials > 0, trials, np.nan)
    low, high = proportion_confint(happened, trials, alpha=SIGNIFICANCE, method="wilson")
    rows["rate"] = happened / trials
    # rounding can move an end of the interval slightly below 0 or above 1
    rows["rate_low"], rows["rate_high"] = np.clip(low, 0, 1), np.clip(high, 0, 1)
    schema = StructType(counted.schema.fields)
    for name in ("rate", "rate_low", "rate_high"):
        schema = schema.add(name, DoubleType())
    return to_spark(counted.sparkSession, rows, schema)
