"""Samples of customers from tables to Python."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.job import Job


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
