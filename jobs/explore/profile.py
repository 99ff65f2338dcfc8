"""Profile every column of every loaded table.

Reads: clients, credit, transactions, call_notes. Writes: column_profiles, top_values.
All columns of all tables go through two aggregations: counts by value, and statistics of the numbers.
"""

from collections.abc import Mapping, Sequence
from functools import reduce

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import NumericType

from jobs.core.contracts import load_contract
from jobs.core.job import Job
from jobs.explore.columns import long_numbers, long_values

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
ACCURACY = 10_000  # rank error of the quantiles: at most 1 / ACCURACY of the rows
TOP = 10
FREE_TEXT = ("text",)


def main(job: Job) -> None:
    """Publish the profiles and the most frequent values."""
    tables = {name: job.read(name) for name in job.step.reads}
    counts = value_counts(tables).persist()
    profiles = column_profiles(columns_of(job.spark, tables), counts, number_statistics(tables))
    job.publish("column_profiles", profiles)
    unique = {name: unique_columns(name) for name in tables}
    job.publish("top_values", top_values(counts, unique))
    counts.unpersist()


def unique_columns(dataset: str) -> tuple[str, ...]:
    """Columns of which no value repeats by contract, and free text: their frequent values say nothing."""
    contract = load_contract(dataset)
    unique = [column.name for column in contract.columns if column.unique]
    return (*unique, *filter(None, [contract.line_column]), *FREE_TEXT)


def columns_of(spark: SparkSession, tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per column: dataset, position INT, column_name, type (as in HQL)."""
    described = [
        (name, position, field.name, field.dataType.simpleString().upper())
        for name, table in tables.items()
        for position, field in enumerate(table.schema, 1)
    ]
    return spark.createDataFrame(described, "dataset STRING, position INT, column_name STRING, type STRING")


def value_counts(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per value of each column: dataset, column_name, value STRING (null counted too), row_count."""
    longs = [long_values(table, [F.lit(name).alias("dataset")], table.columns) for name, table in tables.items()]
    every_value = reduce(DataFrame.unionByName, longs)
    return every_value.groupBy("dataset", "column_name", "value").agg(F.count(F.lit(1)).alias("row_count"))


def number_statistics(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per numeric column: dataset, column_name, smallest, largest, mean, stddev, p05 to p95."""
    longs = [
        long_numbers(table, [F.lit(name).alias("dataset")], numbers)
        for name, table in tables.items()
        if (numbers := [field.name for field in table.schema if isinstance(field.dataType, NumericType)])
    ]
    quantiles = F.percentile_approx("number", list(QUANTILES.values()), ACCURACY)
    statistics = (
        reduce(DataFrame.unionByName, longs)
        .groupBy("dataset", "column_name")
        .agg(F.mean("number").alias("mean"), F.stddev("number").alias("stddev"), quantiles.alias("quantiles"))
    )
    named = [F.col("quantiles")[place].alias(name) for place, name in enumerate(QUANTILES)]
    return statistics.select("dataset", "column_name", "mean", "stddev", *named)


def count_values(columns: DataFrame, counts: DataFrame) -> DataFrame:
    """One row per column: dataset, column_name, row_count, null_count, distinct_count, minimum, maximum (as text)."""
    is_number = ~F.col("type").rlike("STRING|DATE|TIMESTAMP|BOOLEAN")
    number = F.when(is_number, F.col("value").try_cast("double"))
    return (
        counts.join(F.broadcast(columns), ["dataset", "column_name"])
        .withColumn("number", number)
        .groupBy("dataset", "column_name")
        .agg(
            F.sum("row_count").alias("row_count"),
            F.sum(F.when(F.isnull("value"), F.col("row_count"))).alias("null_count"),
            F.count("value").alias("distinct_count"),
            F.coalesce(F.min_by("value", "number"), F.min("value")).alias("minimum"),
            F.coalesce(F.max_by("value", "number"), F.max("value")).alias("maximum"),
        )
    )


def column_profiles(columns: DataFrame, counts: DataFrame, statistics: DataFrame) -> DataFrame:
    """Join the columns with their value counts and statistics to the rows of column_profiles."""
    names = ["dataset", "column_name"]
    profiles = columns.join(count_values(columns, counts), names, "left").join(statistics, names, "left")
    return (
        profiles.fillna(0, ["row_count", "null_count", "distinct_count"])
        .withColumn("null_share", F.col("null_count") / F.nullif("row_count", F.lit(0)))
        .coalesce(1)
        .sort("dataset", "position")
    )


def top_values(counts: DataFrame, unique: Mapping[str, Sequence[str]]) -> DataFrame:
    """The up to TOP most frequent values of each column but the unique ones: the columns of top_values."""
    names = [f"{dataset}.{column}" for dataset, columns in unique.items() for column in columns]
    column = Window.partitionBy("dataset", "column_name")
    rank = F.row_number().over(column.orderBy(F.desc("row_count"), "value"))
    rows = counts.groupBy("dataset", "column_name").agg(F.sum("row_count").alias("rows"))
    return (
        counts.where(~F.concat_ws(".", "dataset", "column_name").isin(names))
        .withColumn("rank", rank)
        .where(F.col("rank") <= TOP)
        .join(F.broadcast(rows), ["dataset", "column_name"])
        .select(
            "dataset", "column_name", "rank", "value", "row_count", (F.col("row_count") / F.col("rows")).alias("share")
        )
        .coalesce(1)
        .sort("dataset", "column_name", "rank")
    )
