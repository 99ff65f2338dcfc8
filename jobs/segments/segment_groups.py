"""Break segments down by gender, age band and city (customers), and by day part and weekday (transactions)."""

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.contracts import load_contract
from jobs.dimensions import AGE_BANDS, DAY_PARTS, WEEKDAYS

TOP_CITIES = 5  # of each segment; all others form one group
UNKNOWN, OTHERS = "unknown", "all others"
ORDER = {
    "gender": ("F", "M", UNKNOWN),
    "age_band": (*AGE_BANDS, UNKNOWN),
    "day_part": DAY_PARTS,
    "weekday": WEEKDAYS,
}
"""The groups of each dimension in their order; cities are ordered by size instead."""
SHARE_COLUMNS = {
    f"share_{value}": (dimension, value) for dimension in ("day_part", "weekday") for value in ORDER[dimension]
}
"""Columns of customers with their dimension and group."""


def transaction_counts() -> list[Column]:
    """Aggregates over customers: the number of transactions in each day part and on each weekday."""
    return [F.sum(F.round(F.col(name) * F.col("transactions"))).cast("long").alias(name) for name in SHARE_COLUMNS]


def group_rows(members: DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of segment_groups.

    Args:
        members: customers with their segment.
        totals: one row per segment with the columns of `transaction_counts`.

    """
    counts = pd.concat([_customer_counts(members).toPandas(), _unpivot(totals)], ignore_index=True)
    sums = counts.groupby(["segment", "dimension"])["members"].transform("sum")
    counts["share"] = counts["members"] / sums.where(sums > 0, 1)
    return counts.sort_values(["segment", "dimension", "position"])[tables.columns("segment_groups")]


def age_band() -> Column:
    """Return the age band of column `age`, or null, by the formula of transactions.age_band."""
    return F.expr(load_contract("transactions").derived["age_band"])


def _customer_counts(members: DataFrame) -> DataFrame:
    """Count customers by gender, age band and city. Cities beyond the TOP_CITIES of a segment become one group."""
    is_city = F.col("dimension") == "city"
    by_size = Window.partitionBy("segment", "dimension").orderBy(F.desc("members"), "value")
    city_position = F.least(F.row_number().over(by_size), F.lit(TOP_CITIES + 1))
    value = F.when(is_city & (F.col("position") > TOP_CITIES), F.lit(OTHERS)).otherwise(F.col("value"))
    return (
        _count_groups(members)
        .withColumn("position", F.when(is_city, city_position).otherwise(_fixed_position()))
        .withColumn("value", value)
        .groupBy("segment", "dimension", "position", "value")
        .agg(F.sum("members").alias("members"))
    )


def _count_groups(members: DataFrame) -> DataFrame:
    """Count the customers of each segment, dimension and value."""
    dimensions = F.create_map(
        F.lit("gender"),
        F.col("gender"),
        F.lit("age_band"),
        age_band(),
        F.lit("city"),
        F.col("city"),
    )
    return (
        members.select("segment", F.explode(dimensions).alias("dimension", "value"))
        .groupBy("segment", "dimension", F.coalesce("value", F.lit(UNKNOWN)).alias("value"))
        .agg(F.count(F.lit(1)).alias("members"))
    )


def _fixed_position() -> Column:
    """The position of a gender or an age band in ORDER, from 1."""
    gender, band = (F.array_position(F.lit(list(ORDER[name])), F.col("value")) for name in ("gender", "age_band"))
    return F.when(F.col("dimension") == "gender", gender).otherwise(band)


def _unpivot(totals: pd.DataFrame) -> pd.DataFrame:
    """Turn the transaction counts into rows of segment, dimension, position, value and members."""
    rows = totals.melt("segment", list(SHARE_COLUMNS), "name", "members")
    groups = [SHARE_COLUMNS[name] for name in rows.pop("name")]
    return rows.assign(
        dimension=[dimension for dimension, _ in groups],
        value=[value for _, value in groups],
        position=[ORDER[dimension].index(value) + 1 for dimension, value in groups],
    )
