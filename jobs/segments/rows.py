"""Small results from Python to tables, and samples of customers from tables to Python."""

from collections.abc import Sequence

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DecimalType, DoubleType, IntegralType, StructField, StructType

from jobs.core import tables
from jobs.core.job import Job


def publish(job: Job, table: str, rows: pd.DataFrame) -> None:
    """Publish a few rows, in their order, as one file; columns by name, what is not a number is null."""
    target = tables.read(job.spark, job.settings, table).schema
    fields = [StructField(field.name, _loose(field.dataType)) for field in target]
    columns = [[_plain(value, field.dataType) for value in rows[field.name]] for field in fields]
    job.publish(table, job.spark.createDataFrame(list(zip(*columns, strict=True)), StructType(fields)).coalesce(1))


def own(job: Job, table: str) -> DataFrame:
    """The rows of a table that this step itself published: before it publishes, those of the run before."""
    if table not in job.step.writes:
        raise KeyError(f"{job.step.name} does not write {table}")
    return tables.read(job.spark, job.settings, table)


def sample(rows: DataFrame, key: str, most: int) -> DataFrame:
    """At most so many rows, in the order of the hash of their key: the same however the rows are stored."""
    return rows.orderBy(F.xxhash64(key), key).limit(most)


def doubles(names: Sequence[str]) -> list[Column]:
    """These columns as DOUBLE."""
    return [F.col(name).cast("double").alias(name) for name in names]


def _loose(kind: DataType) -> DataType:
    return DoubleType() if isinstance(kind, DecimalType) else kind


def _plain(value: object, kind: DataType) -> object:
    if isinstance(value, list | tuple):
        return list(value)
    if value is None or value != value:
        return None
    if isinstance(kind, IntegralType):
        return int(str(value).split(".")[0])
    return float(str(value)) if isinstance(kind, DoubleType) else value
