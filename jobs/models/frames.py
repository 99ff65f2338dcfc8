"""From pandas to Spark, value by value in the types of the target."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DoubleType, IntegerType, LongType, StructType

from jobs.core import tables
from jobs.core.job import Job

_CASTS: dict[type, Callable[[Any], Any]] = {DoubleType: float, LongType: int, IntegerType: int}


def to_spark(spark: SparkSession, rows: pd.DataFrame, schema: StructType) -> DataFrame:
    """The rows as a DataFrame of one partition, in their order; NaN becomes null, columns are taken by name."""
    plain = rows[schema.fieldNames()].astype(object).where(rows[schema.fieldNames()].notna(), None)
    for field in schema:
        if cast := _CASTS.get(type(field.dataType)):
            plain[field.name] = [None if value is None else cast(value) for value in plain[field.name]]
            plain[field.name] = plain[field.name].astype(object).where(plain[field.name].notna(), None)
    return spark.createDataFrame(list(plain.itertuples(index=False, name=None)), schema).coalesce(1)


def publish(job: Job, table: str, rows: pd.DataFrame, **beside: str) -> None:
    """Publish rows as the table's partition of the step's problem and of what is named beside it."""
    partition = {"problem": job.step.arguments["problem"], **beside}
    fields = tables.read(job.spark, job.settings, table).schema.fields
    schema = StructType([field for field in fields if field.name not in partition])
    job.publish(table, to_spark(job.spark, rows, schema), partition)
