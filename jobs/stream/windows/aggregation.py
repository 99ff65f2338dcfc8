"""Spark's part of the windows: each event once, summed per tumbling window of event time and city.

Sliding windows are sums of tumbling ones (panes: Li et al., "No pane, no gain", 2005); see open_windows.py. Sums are
whole paise, so they are exact.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.stream.windows.open_windows import SUMS, WHOLE_STREAM

UNKNOWN_CITY = "(unknown)"


def deduplicate(events: DataFrame, watermark: str) -> DataFrame:
    """Drop late events, and duplicates within the watermark."""
    return events.withWatermark("transaction_at", watermark).dropDuplicatesWithinWatermark(["transaction_id"])


def sum_tumbling(events: DataFrame, length: str) -> DataFrame:
    """Sum each tumbling window, per city and for the whole stream.

    Args:
        events: transaction_at, city, amount, balance.
        length: of a window, such as `10 minutes`.

    Returns:
        starts (seconds since 1970), city, SUMS.

    """
    return sum_by_window(events, F.window("transaction_at", length))


def sum_by_window(events: DataFrame, window: Column) -> DataFrame:
    """Sum windows of any kind; see `sum_tumbling`."""
    city = F.coalesce("city", F.lit(UNKNOWN_CITY))
    rows = events.select(
        "transaction_at",
        F.explode(F.array(F.lit(WHOLE_STREAM), city)).alias("city"),
        F.round(F.col("amount") * 100).cast("bigint").alias("paise"),
        F.round(F.col("balance") * 100).cast("bigint").alias("balance_paise"),
    )
    sums = rows.groupBy(window.alias("window"), "city").agg(
        F.count(F.lit(1)).alias("transactions"),
        F.sum("paise").alias("paise"),
        F.coalesce(F.sum("balance_paise"), F.lit(0)).alias("balance_paise"),
        F.count("balance_paise").alias("balances"),
    )
    return sums.select(F.unix_timestamp("window.start").alias("starts"), "city", *SUMS)
