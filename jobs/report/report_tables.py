"""Read the small result tables that the report shows, as pandas data frames."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType

from jobs.core.current_loads import current_loads
from jobs.core.job import Job
from jobs.core.runner import read_timings
from jobs.core.tables import content, partition_columns, version
from jobs.pipeline import DATASETS

EXAMPLES = 5
"""Rejected rows shown for each data set."""
RAW_SHOWN = 160
"""Characters shown of a rejected row."""
THREADS = 4
"""Tables read in parallel; each read mostly waits for Spark."""


@dataclass(frozen=True)
class ReportTables:
    """Everything the report is made from.

    `frames` holds the tables by name, `timings` the seconds of each step, `versions` the version of each library.
    A missing table reads as an empty one.
    """

    run_date: date
    frames: Mapping[str, pd.DataFrame]
    timings: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def rows(self, name: str, /, **equal: str) -> pd.DataFrame:
        """Return the rows of a table in which each named column has the given value."""
        rows = self.frames.get(name, pd.DataFrame())
        for column, value in equal.items():
            rows = rows[rows[column] == value] if len(rows) else rows
        return rows

    @property
    def loads(self) -> pd.DataFrame:
        """The current load of each data set: one row of load_runs per data set."""
        return self.rows("load_runs")

    @property
    def synthetic(self) -> list[str]:
        """Names of the loaded data sets that were generated."""
        return [name for name in self.loads.get("dataset", []) if self.source(name) == "synthetic"]

    @property
    def is_mixed(self) -> bool:
        """True if some of the loaded data sets are real and others synthetic."""
        return 0 < len(self.synthetic) < len(self.loads)

    def source(self, dataset: str) -> str:
        """Return `real` or `synthetic`, or an empty string for a data set that is not loaded."""
        return self._of_load(dataset, "source")

    def file(self, dataset: str) -> str:
        """Return the name of the file a data set was loaded from, or an empty string if it is not loaded."""
        return self._of_load(dataset, "file")

    def _of_load(self, dataset: str, column: str) -> str:
        rows = self.rows("load_runs", dataset=dataset)
        return str(rows[column].tolist()[0]) if len(rows) else ""


def collect(job: Job, versions: Mapping[str, str]) -> ReportTables:
    """Read every table that the pipeline lists for the step.

    Keeps only current loads, their rejected rows, and the champions' rows of tables partitioned by model version.
    """
    published = {name: version(job.spark, job.settings, name) for name in DATASETS}
    loads = current_loads(small(job.read("load_runs")), {name: content(found) for name, found in published.items()})
    rejected = job.read("rejected_rows").where(F.col("sha256").isin(loads["sha256"].to_list()))
    queries = {name: job.read(name) for name in job.step.reads if name not in ("load_runs", "rejected_rows")}
    if "forecast_backtest" in queries:  # the report shows the whole bank; cities are many more rows
        queries["forecast_backtest"] = queries["forecast_backtest"].where("city = ''")
    if "model_runs" in queries:
        champions = champion_versions(small(queries["model_runs"]))
        queries |= {
            name: champion_rows(champions, rows)
            for name, rows in queries.items()
            if "version" in partition_columns(name)
        }
    queries |= {"rejected_examples": examples(rejected), "rejected_reasons": reasons(rejected)}
    with ThreadPoolExecutor(THREADS) as pool:
        frames = dict(zip(queries, pool.map(small, queries.values()), strict=True))
    job.rows_in |= {"rows": sum(len(rows) for rows in frames.values())}
    timings = read_timings(job.settings.report_folder)
    return ReportTables(job.run_date, {"load_runs": loads, **frames}, timings, versions)


def champion_versions(runs: pd.DataFrame) -> dict[str, str]:
    """Return the champion's version after the latest training run, by use case."""
    last = runs.sort_values("run_date").drop_duplicates("use_case", keep="last")
    return {str(row["use_case"]): str(row["champion_version"]) for row in last.to_dict("records")}


def champion_rows(champions: Mapping[str, str], rows: DataFrame) -> DataFrame:
    """Keep the champions' rows of a table that is partitioned by use case and version."""
    is_champion = [
        (F.col("use_case") == use_case) & (F.col("version") == version) for use_case, version in champions.items()
    ]
    return rows.where(reduce(Column.__or__, is_champion, F.lit(False)))


def small(rows: DataFrame) -> pd.DataFrame:
    """Convert a small table to pandas, with decimals as floats."""
    columns = [
        F.col(field.name).cast("double") if isinstance(field.dataType, DecimalType) else F.col(field.name)
        for field in rows.schema
    ]
    return rows.select(*columns).toPandas()


def examples(rejected: DataFrame) -> DataFrame:
    """Select the first rejected rows of each data set.

    Returns:
        dataset, file, line, raw (at most RAW_SHOWN characters) and reasons (joined into one string).

    """
    rank = F.row_number().over(Window.partitionBy("dataset").orderBy("line"))
    return (
        rejected.withColumn("rank", rank)
        .where(F.col("rank") <= EXAMPLES)
        .select(
            "dataset",
            "file",
            "line",
            F.substring("raw", 1, RAW_SHOWN).alias("raw"),
            F.array_join("reasons", "; ").alias("reasons"),
        )
        .orderBy("dataset", "line")
    )


def reasons(rejected: DataFrame) -> DataFrame:
    """Count the rejected rows by reason.

    Returns:
        dataset, reason (without the offending value) and row_count, the most frequent reason first.

    """
    reason = F.regexp_replace(
        F.col("reason"), r", found '[\s\S]*'$|'[\s\S]*' (?=repeats line)|(?<=repeats line) \d+$", ""
    )
    return (
        rejected.select("dataset", F.explode("reasons").alias("reason"))
        .groupBy("dataset", reason.alias("reason"))
        .agg(F.count(F.lit(1)).alias("row_count"))
        .orderBy("dataset", F.desc("row_count"), "reason")
    )
