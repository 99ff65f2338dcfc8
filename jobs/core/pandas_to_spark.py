"""Convert pandas rows to Spark in the types of the target table."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import (
    ArrayType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    IntegralType,
    StructField,
    StructType,
)

from jobs.core import tables
from jobs.core.job import Job


def to_spark(spark: SparkSession, rows: pd.DataFrame, schema: StructType) -> DataFrame:
    """The rows as a DataFrame with one partition, in their order; columns by name, NaN and NaT become null."""
    columns = [_plain(rows[field.name], field.dataType) for field in schema]
    return spark.createDataFrame(list(zip(*columns, strict=True)), schema).coalesce(1)


def publish(job: Job, table: str, rows: pd.DataFrame, partition: Mapping[str, str] | None = None) -> None:
    """Publish a few rows as one file: the content of a table, or of one of its partitions."""
    target = tables.read(job.spark, job.settings, table).schema
    fields = [StructField(one.name, _loose(one.dataType)) for one in target if one.name not in (partition or {})]
    job.publish(table, to_spark(job.spark, rows, StructType(fields)), partition)


def _loose(kind: DataType) -> DataType:
    """The type to create the rows with: decimals arrive as floats, and publishing casts them."""
    return DoubleType() if isinstance(kind, DecimalType) else kind


def _day(value: Any) -> date:  # noqa: ANN401
    return pd.Timestamp(value).date()


_CASTS: Mapping[type[DataType], Callable[[Any], Any]] = {
    IntegralType: int,
    DoubleType: float,
    DateType: _day,
    ArrayType: list,
}


def _plain(values: "pd.Series[Any]", kind: DataType) -> list[Any]:
    cast = next((cast for type_, cast in _CASTS.items() if isinstance(kind, type_)), lambda value: value)
    return [cast(value) if known else None for value, known in zip(values, values.notna(), strict=True)]
