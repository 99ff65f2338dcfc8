"""Reproducible samples of table rows."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.job import Job


def read_own_table(job: Job, table: str) -> DataFrame:
    """Read a table that this step writes: the rows of the previous run until this run publishes its own.

    Raises:
        KeyError: the step does not write the table.

    """
    if table not in job.step.writes:
        raise KeyError(f"{job.step.name} does not write {table}; jobs/pipeline.py lists what it writes")
    return tables.read(job.spark, job.settings, table)


def sample_by_hash(rows: DataFrame, key: str, limit: int) -> DataFrame:
    """Take the first `limit` rows ordered by the hash of their key. The result does not depend on partitioning."""
    return rows.orderBy(F.xxhash64(key), key).limit(limit)


def as_doubles(names: Sequence[str]) -> list[Column]:
    """Cast these columns to DOUBLE and keep their names."""
    return [F.col(name).cast("double").alias(name) for name in names]
