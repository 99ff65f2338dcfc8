"""A job at work: one step of the map with its session, settings and run date.

`read` and `publish` only take the tables that the map lists for the step, so the map cannot lie.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from jobs.core import tables
from jobs.core.contracts import contract_text
from jobs.core.settings import PROJECT, Settings
from jobs.pipeline import Step


@dataclass
class Job:
    """What a step's `main` gets."""

    spark: SparkSession
    settings: Settings
    step: Step
    run_date: date
    file: Path | None = None
    """The file to load, for a step that loads one; None searches BANK_DATA."""
    generate: Callable[[str], Path] | None = None
    """Makes a data set's synthetic file and returns its path, for a step that finds no file to load."""
    fingerprint: str = ""
    rows_in: dict[str, int] = field(default_factory=dict)
    rows_out: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    """Sentences for who started the run: the result is there, and a person should look at it."""

    def read(self, table: str) -> DataFrame:
        """The published rows of a table that the map says this step reads."""
        if table not in self.step.reads:
            raise KeyError(f"{self.step.name} reads {table}, but jobs/pipeline.py does not say so")
        return tables.read(self.spark, self.settings, table)

    def publish(self, table: str, rows: DataFrame, partition: Mapping[str, str] | None = None) -> int:
        """Publish rows to a table that the map says this step writes; returns their number."""
        if table not in self.step.writes:
            raise KeyError(f"{self.step.name} writes {table}, but jobs/pipeline.py does not say so")
        count = tables.publish(rows, self.settings, table, self.fingerprint, partition)
        self.rows_out[table] = count
        return count


def fingerprint(job: Job, *asked: object) -> str:
    """Twelve characters that stay the same as long as the step's code, contracts, arguments and inputs do.

    And what else the step's result depends on, as `asked`.
    """
    stage = PROJECT / "jobs" / job.step.stage
    sources = sorted([*stage.glob("*.py"), *(PROJECT / "jobs/core").glob("*.py")])
    hql = [tables.definition(table) for table in job.step.writes]
    contracts = [contract_text(table) for table in (*job.step.writes, *job.step.tables_read)]
    inputs = [
        tables.content(tables.version(job.spark, job.settings, table, own_partition(job, table)))
        for table in job.step.tables_read
    ]
    parts = [
        job.step.name,
        json.dumps(job.step.arguments, sort_keys=True),
        str(job.settings.seed),
        *hql,
        *contracts,
        *inputs,
        *map(str, asked),
    ]
    digest = hashlib.sha256("\0".join(parts).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def is_published(job: Job) -> bool:
    """True if the tables that the step writes already hold the result for this fingerprint.

    Of tables partitioned by run date or by an argument of the step its own partition counts; tables with other
    partitions are history beside the step's main table and do not count.
    """
    versions = []
    for table in job.step.writes:
        partition = own_partition(job, table)
        if partition or not tables.partition_columns(table):
            versions.append(tables.version(job.spark, job.settings, table, partition))
    return bool(versions) and all(f"-{job.fingerprint}-" in version for version in versions)


def own_partition(job: Job, table: str) -> dict[str, str] | None:
    """The partition that belongs to the step's arguments and run date; None if they do not name one."""
    known = {**job.step.arguments, "run_date": job.run_date.isoformat()}
    columns = tables.partition_columns(table)
    return {name: known[name] for name in columns} if columns and set(columns) <= set(known) else None
