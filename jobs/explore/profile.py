"""Profile every column of every loaded table.

Reads: clients, credit, transactions, call_notes. Writes: column_profiles, top_values.
Two aggregations cover all columns of all tables: counts by value, and statistics of the numbers.
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
    """Columns that top_values leaves out: those that the contract says are unique, and free text."""
    contract = load_contract(dataset)
    unique = [column.name for column in contract.columns if column.unique]
    return (*unique, *filter(None, [contract.line_column]), *FREE_TEXT)


def columns_of(spark: SparkSession, tables: Mapping[str, DataFrame], unique: Mapping[str, Sequence[str]]) -> DataFrame:
    """Describe the columns of the tables.

    Returns:
        One row per column: column_id INT (unique over all tables), dataset, position INT (in its table, from 1),
        column_name, type, is_number and is_unique BOOLEAN. Grouping by column_id is much cheaper than by name.

    """
    described = []
    for column_id, (dataset, position, field) in enumerate(_fields(tables)):
        kind, is_number = field.dataType.simpleString().upper(), isinstance(field.dataType, NumericType)
        described.append((column_id, dataset, position, field.name, kind, is_number, field.name in unique[dataset]))
    schema = (
        "column_id INT, dataset STRING, position INT, column_name STRING, type STRING, is_number BOOLEAN, "
        "is_unique BOOLEAN"
    )
    return F.broadcast(spark.createDataFrame(described, schema))


def value_counts(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per value of each column: column_id, value STRING (null is one too), row_count."""
    longs = [_long(tables, dataset, "string", "value", DataType) for dataset in tables]
    return reduce(DataFrame.unionByName, longs).groupBy("column_id", "value").agg(F.count(F.lit(1)).alias("row_count"))


def number_statistics(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per numeric column: column_id, mean, stddev, p05 to p95."""
    longs = [_long(tables, dataset, "double", "number", NumericType) for dataset in tables]
    quantiles = F.percentile_approx("number", list(QUANTILES.values()), ACCURACY).alias("quantiles")
    means = F.mean("number").alias("mean"), F.stddev("number").alias("stddev")
    statistics = reduce(DataFrame.unionByName, longs).groupBy("column_id").agg(*means, quantiles)
    named = [F.col("quantiles")[position].alias(name) for position, name in enumerate(QUANTILES)]
    return statistics.select("column_id", "mean", "stddev", *named)


def count_values(columns: DataFrame, counts: DataFrame) -> DataFrame:
    """One row per column: column_id, row_count, null_count, distinct_count, minimum and maximum (as text)."""
    number = F.when(F.col("is_number"), F.col("value").try_cast("double"))
    numbered = counts.join(columns.select("column_id", "is_number"), "column_id").withColumn("number", number)
    return numbered.groupBy("column_id").agg(
        F.sum("row_count").alias("row_count"),
        F.sum(F.when(F.isnull("value"), F.col("row_count"))).alias("null_count"),
        F.count("value").alias("distinct_count"),
        F.coalesce(F.min_by("value", "number"), F.min("value")).alias("minimum"),
        F.coalesce(F.max_by("value", "number"), F.max("value")).alias("maximum"),
    )


def column_profiles(columns: DataFrame, counts: DataFrame, statistics: DataFrame) -> DataFrame:
    """Join the columns with their value counts and statistics: the columns of column_profiles."""
    profiles = columns.join(count_values(columns, counts), "column_id", "left").join(statistics, "column_id", "left")
    return (
        profiles.fillna(0, ["row_count", "null_count", "distinct_count"])
        .withColumn("null_share", F.col("null_count") / F.nullif("row_count", F.lit(0)))
        .coalesce(1)
        .sort("column_id")
        .drop("column_id", "is_number", "is_unique")
    )


def top_values(columns: DataFrame, counts: DataFrame) -> DataFrame:
    """The TOP most frequent values of each column, without the unique columns: the columns of top_values."""
    rank = F.row_number().over(Window.partitionBy("column_id").orderBy(F.desc("row_count"), "value"))
    repeating = counts.join(columns.where(~F.col("is_unique")), "column_id")
    rows = counts.groupBy("column_id").agg(F.sum("row_count").alias("rows"))
    first = repeating.withColumn("rank", rank).where(F.col("rank") <= TOP).join(F.broadcast(rows), "column_id")
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
        F.struct(F.lit(column_id).alias("column_id"), F.col(field.name).cast(cast).alias(name))
        for column_id, (owner, _, field) in enumerate(_fields(tables))
        if owner == dataset and isinstance(field.dataType, kind)
    ]
    nothing = F.array().cast(f"array<struct<column_id: int, {name}: {cast}>>")
    return tables[dataset].select(F.inline(F.array(*values) if values else nothing))
