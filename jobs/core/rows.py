"""From pandas to Spark, value by value in the types of the target."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DataType, DateType, DecimalType, DoubleType, IntegralType, StructField, StructType

from jobs.core import tables
from jobs.core.job import Job


def to_spark(spark: SparkSession, rows: pd.DataFrame, schema: StructType) -> DataFrame:
    """The rows as a DataFrame of one partition, in their order; columns by name, what is not a number is null."""
    columns = [[_plain(value, field.dataType) for value in rows[field.name]] for field in schema]
    return spark.createDataFrame(list(zip(*columns, strict=True)), schema).coalesce(1)


def publish(job: Job, table: str, rows: pd.DataFrame, partition: Mapping[str, str] | None = None) -> None:
    """Publish a few rows as one file, as the table's content or that of one partition."""
    target = tables.read(job.spark, job.settings, table).schema
    fields = [StructField(one.name, _loose(one.dataType)) for one in target if one.name not in (partition or {})]
    job.publish(table, to_spark(job.spark, rows, StructType(fields)), partition)


def _loose(kind: DataType) -> DataType:
    """Decimals come as floats, and publishing casts them."""
    return DoubleType() if isinstance(kind, DecimalType) else kind


def _plain(value: Any, kind: DataType) -> Any:  # noqa: ANN401
    if isinstance(value, list | tuple):
        return list(value)
    if pd.isna(value):
        return None
    casts: dict[type, Callable[[Any], Any]] = {IntegralType: int, DoubleType: float, DateType: _day}
    return next((cast(value) for type_, cast in casts.items() if isinstance(kind, type_)), value)


def _day(value: Any) -> Any:  # noqa: ANN401
    return pd.Timestamp(value).date()
