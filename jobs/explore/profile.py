"""Profile every column of every loaded table.

Reads: clients, credit, transactions, call_notes. Writes: column_profiles, top_values.
All columns of all tables go through two aggregations: counts by value, and statistics of the numbers.
"""

from collections.abc import Mapping, Sequence
from functools import reduce

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, NumericType, StructField

from jobs.core.contracts import load_contract
from jobs.core.job import Job

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
ACCURACY = 100_000  # rank error of the quantiles: at most 1 / ACCURACY of the rows
TOP = 10
FREE_TEXT = ("text",)


def main(job: Job) -> None:
    """Publish the profiles and the most frequent values."""
    tables = {name: job.read(name) for name in job.step.reads}
    columns = columns_of(job.spark, tables, {name: unique_columns(name) for name in tables})
    counts = value_counts(tables).persist()
    job.publish("column_profiles", column_profiles(columns, counts, number_statistics(tables)))
    job.publish("top_values", top_values(columns, counts))
    counts.unpersist()


def unique_columns(dataset: str) -> tuple[str, ...]:
    """Columns of which no value repeats by contract, and free text: their frequent values say nothing."""
    contract = load_contract(dataset)
    unique = [column.name for column in contract.columns if column.unique]
    return (*unique, *filter(None, [contract.line_column]), *FREE_TEXT)


def columns_of(spark: SparkSession, tables: Mapping[str, DataFrame], unique: Mapping[str, Sequence[str]]) -> DataFrame:
    """One row per column: place INT (over all tables), dataset, position INT, column_name, type, is_number, is_unique.

    Grouping by the number of a column is much cheaper than grouping by its name.
    """
    described = []
    for place, (dataset, position, field) in enumerate(_fields(tables)):
        kind, is_number = field.dataType.simpleString().upper(), isinstance(field.dataType, NumericType)
        described.append((place, dataset, position, field.name, kind, is_number, field.name in unique[dataset]))
    schema = "place INT, dataset STRING, position INT, column_name STRING, type STRING, is_number BOOLEAN"
    return F.broadcast(spark.createDataFrame(described, f"{schema}, is_unique BOOLEAN"))


def value_counts(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per value of each column: place, value STRING (null counted too), row_count."""
    longs = [_long(tables, dataset, "string", "value", DataType) for dataset in tables]
    return reduce(DataFrame.unionByName, longs).groupBy("place", "value").agg(F.count(F.lit(1)).alias("row_count"))


def number_statistics(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per numeric column: place, mean, stddev, p05 to p95."""
    longs = [_long(tables, dataset, "double", "number", NumericType) for dataset in tables]
    quantiles = F.percentile_approx("number", list(QUANTILES.values()), ACCURACY).alias("quantiles")
    means = F.mean("number").alias("mean"), F.stddev("number").alias("stddev")
    statistics = reduce(DataFrame.unionByName, longs).groupBy("place").agg(*means, quantiles)
    named = [F.col("quantiles")[at].alias(name) for at, name in enumerate(QUANTILES)]
    return statistics.select("place", "mean", "stddev", *named)


def count_values(columns: DataFrame, counts: DataFrame) -> DataFrame:
    """One row per column: place, row_count, null_count, distinct_count, minimum, maximum (as text)."""
    number = F.when(F.col("is_number"), F.col("value").try_cast("double"))
    numbered = counts.join(columns.select("place", "is_number"), "place").withColumn("number", number)
    return numbered.groupBy("place").agg(
        F.sum("row_count").alias("row_count"),
        F.sum(F.when(F.isnull("value"), F.col("row_count"))).alias("null_count"),
        F.count("value").alias("distinct_count"),
        F.coalesce(F.min_by("value", "number"), F.min("value")).alias("minimum"),
        F.coalesce(F.max_by("value", "number"), F.max("value")).alias("maximum"),
    )


def column_profiles(columns: DataFrame, counts: DataFrame, statistics: DataFrame) -> DataFrame:
    """Join the columns with their value counts and statistics to the rows of column_profiles."""
    profiles = columns.join(count_values(columns, counts), "place", "left").join(statistics, "place", "left")
    return (
        profiles.fillna(0, ["row_count", "null_count", "distinct_count"])
        .withColumn("null_share", F.col("null_count") / F.nullif("row_count", F.lit(0)))
        .coalesce(1)
        .sort("place")
        .drop("place", "is_number", "is_unique")
    )


def top_values(columns: DataFrame, counts: DataFrame) -> DataFrame:
    """The up to TOP most frequent values of each column but the unique ones: the columns of top_values."""
    rank = F.row_number().over(Window.partitionBy("place").orderBy(F.desc("row_count"), "value"))
    repeating = counts.join(columns.where(~F.col("is_unique")), "place")
    rows = counts.groupBy("place").agg(F.sum("row_count").alias("rows"))
    first = repeating.withColumn("rank", rank).where(F.col("rank") <= TOP).join(F.broadcast(rows), "place")
    share = (F.col("row_count") / F.col("rows")).alias("share")
    return first.select("dataset", "column_name", "rank", "value", "row_count", share).coalesce(1)


def _fields(tables: Mapping[str, DataFrame]) -> list[tuple[str, int, StructField]]:
    return [
        (dataset, position, field)
        for dataset, table in tables.items()
        for position, field in enumerate(table.schema, 1)
    ]


def _long(tables: Mapping[str, DataFrame], dataset: str, cast: str, name: str, kind: type[DataType]) -> DataFrame:
    values = [
        F.struct(F.lit(place).alias("place"), F.col(field.name).cast(cast).alias(name))
        for place, (owner, _, field) in enumerate(_fields(tables))
        if owner == dataset and isinstance(field.dataType, kind)
    ]
    nothing = F.array().cast(f"array<struct<place: int, {name}: {cast}>>")
    return tables[dataset].select(F.inline(F.array(*values) if values else nothing))
