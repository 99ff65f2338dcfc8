"""A job: one step of the pipeline with its Spark session, settings and run date.

`read` and `publish` accept only the tables that the pipeline lists for the step, so the pipeline and the lineage drawn
from it are always true.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from jobs.core import tables
from jobs.core.contracts import contract_text
from jobs.core.settings import PROJECT, Settings
from jobs.core.source_code import imported_modules, source_hash
from jobs.core.versions import library_version
from jobs.pipeline import Step

RESULT_LIBRARIES = {
    "holidays": ("holidays",),
    "mlforecast": ("mlforecast", "coreforecast"),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
    "pyarrow": ("pyarrow",),
    "pyspark": ("pyspark",),
    "ruptures": ("ruptures",),
    "scipy": ("scipy",),
    "sklearn": ("scikit-learn",),
    "statsforecast": ("statsforecast", "coreforecast"),
    "statsmodels": ("statsmodels",),
    "xgboost": ("xgboost-cpu", "xgboost"),
}
"""Libraries that shape a result: the distributions that may provide each module."""


@dataclass
class Job:
    """What a step's `main` receives."""

    spark: SparkSession
    settings: Settings
    step: Step
    run_date: date
    file: Path | None = None
    """The file to load, for a step that loads one; None searches BANK_DATA."""
    generate: Callable[[str], Path] | None = None
    """Makes a data set's synthetic file and returns its path, for a step that finds no file to load."""
    fingerprint: str = ""
    file_sha256: str = ""
    """Checksum of `file`, computed once per load."""
    rows_in: dict[str, int] = field(default_factory=dict)
    rows_out: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    """Warnings: the result is published, but a person should look at it."""

    def read(self, table: str) -> DataFrame:
        """The published rows of a table that the pipeline lists among the step's inputs."""
        if table not in self.step.reads:
            raise KeyError(f"{self.step.name} reads {table}, but jobs/pipeline.py does not list it")
        return tables.read(self.spark, self.settings, table)

    def publish(
        self,
        table: str,
        rows: DataFrame,
        partition: Mapping[str, str] | None = None,
        files: Mapping[str, int] | None = None,
    ) -> int:
        """Publish rows to a table that the pipeline lists among the step's outputs; see `tables.publish`."""
        if table not in self.step.writes:
            raise KeyError(f"{self.step.name} writes {table}, but jobs/pipeline.py does not list it")
        count = tables.publish(rows, self.settings, table, self.fingerprint, partition, files)
        self.rows_out[table] = count
        return count


def fingerprint(job: Job, *dependencies: object) -> str:
    """Identify the result of a step by everything that it depends on.

    These are the step's code and that of jobs/core (without comments and docstrings), the versions of the libraries
    that its stage imports, the columns and contracts of its tables, its arguments, the seed, and its inputs' content.

    Args:
        job: the step with its session and settings.
        dependencies: what else the result depends on, for example settings.

    Returns:
        Twelve hexadecimal characters.

    """
    inputs = [
        tables.content(tables.version(job.spark, job.settings, table, own_partition(job, table)))
        for table in job.step.tables_read
    ]
    sources = step_sources(job.step.stage)
    parts = [
        job.step.name,
        json.dumps(job.step.arguments, sort_keys=True),
        str(job.settings.seed),
        *(json.dumps(tables.column_types(table)) for table in job.step.writes),
        *(_rules(table) for table in (*job.step.writes, *job.step.tables_read)),
        *inputs,
        *map(str, dependencies),
        json.dumps(library_versions(sources[job.step.stage]), sort_keys=True),
        *(source_hash(paths) for paths in sources.values()),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def step_sources(stage: str) -> dict[str, list[Path]]:
    """The Python files that a stage's results depend on, sub-packages included, by package."""
    jobs = PROJECT / "jobs"
    return {
        stage: sorted((jobs / stage).rglob("*.py")),
        "core": sorted((jobs / "core").rglob("*.py")),
        "dimensions": [path for path in (jobs / "dimensions.py",) if path.exists()],
    }


def library_versions(sources: list[Path]) -> dict[str, str]:
    """Versions of the libraries in RESULT_LIBRARIES that the files import, and of Spark."""
    used = sorted((imported_modules(sources) | {"pyspark"}) & set(RESULT_LIBRARIES))
    return {name: "".join(map(library_version, RESULT_LIBRARIES[name])) for name in used}


def _rules(table: str) -> str:
    """The table's contract without comments."""
    return json.dumps(tomllib.loads(contract_text(table)), default=str)


def is_published(job: Job) -> bool:
    """Whether the step's tables already hold the result with the job's fingerprint.

    Of a table that is partitioned by the run date or by an argument of the step, the step's own partition counts.
    Tables with other partitions hold history and don't count.
    """
    versions = []
    for table in job.step.writes:
        partition = own_partition(job, table)
        if partition or not tables.partition_columns(table):
            versions.append(tables.version(job.spark, job.settings, table, partition))
    return bool(versions) and all(f"-{job.fingerprint}-" in version for version in versions)


def own_partition(job: Job, table: str) -> dict[str, str] | None:
    """The partition that belongs to the step's arguments and run date; None if they don't identify one."""
    known = {**job.step.arguments, "run_date": job.run_date.isoformat()}
    columns = tables.partition_columns(table)
    return {name: known[name] for name in columns} if columns and set(columns) <= set(known) else None
