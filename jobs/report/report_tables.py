"""The small result tables that the report is made from, as pandas."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType

from jobs.core import tables
from jobs.core.current_loads import current_loads
from jobs.core.job import Job
from jobs.core.runner import read_timings
from jobs.core.tables import partition_columns
from jobs.pipeline import DATASETS

EXAMPLES = 5  # rejected rows shown for each data set
RAW_SHOWN = 160  # characters of a rejected row
THREADS = 4  # tables read at a time; each takes little but waiting


@dataclass(frozen=True)
class Facts:
    """What the pages know. `tables` holds each table by name; a table that is not there reads as empty."""

    run_date: date
    tables: Mapping[str, pd.DataFrame]
    timings: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str, /, **equal: str) -> pd.DataFrame:
        """The rows of a table in which each named column has that value."""
        rows = self.tables.get(name, pd.DataFrame())
        for column, value in equal.items():
            rows = rows[rows[column] == value] if len(rows) else rows
        return rows

    @property
    def loads(self) -> pd.DataFrame:
        """The valid load of each data set."""
        return self.table("load_runs")

    def source(self, dataset: str) -> str:
        """`real` or `synthetic`; nothing for a data set that was not loaded."""
        rows = self.table("load_runs", dataset=dataset)
        return str(rows["source"].tolist()[0]) if len(rows) else ""

    def file(self, dataset: str) -> str:
        """Name of the file that the data set was loaded from."""
        rows = self.table("load_runs", dataset=dataset)
        return str(rows["file"].tolist()[0]) if len(rows) else ""


def collect(job: Job, versions: Mapping[str, str]) -> Facts:
    """Read every table that the map lists for the step; of loads and rejected rows only the valid ones."""
    published = {name: tables.version(job.spark, job.settings, name) for name in DATASETS}
    loads = current_loads(small(job.read("load_runs")), {name: tables.content(v) for name, v in published.items()})
    checksums = loads["sha256"].to_list()
    rejected = job.read("rejected_rows").where(F.col("sha256").isin(checksums))
    queries = {name: job.read(name) for name in job.step.reads if name not in ("load_runs", "rejected_rows")}
    if "model_runs" in queries:
        champions = champion_versions(small(queries["model_runs"]))
        queries |= {name: of(champions, rows) for name, rows in queries.items() if "version" in partition_columns(name)}
    queries |= {"rejected_examples": examples(rejected), "rejected_reasons": reasons(rejected)}
    with ThreadPoolExecutor(THREADS) as pool:
        results = dict(zip(queries, pool.map(small, queries.values()), strict=True))
    job.rows_in |= {"rows": sum(len(rows) for rows in results.values())}
    timings = read_timings(job.settings.report_folder)
    return Facts(job.run_date, {"load_runs": loads, **results}, timings, versions)


def champion_versions(runs: pd.DataFrame) -> dict[str, str]:
    """The version that is champion after the last night, by use case."""
    last = runs.sort_values("run_date").drop_duplicates("use_case", keep="last")
    return {str(row["use_case"]): str(row["champion_version"]) for row in last.to_dict("records")}


def of(champions: Mapping[str, str], rows: DataFrame) -> DataFrame:
    """The champions' rows of a table with a partition for each version."""
    mine = [(F.col("use_case") == use_case) & (F.col("version") == version) for use_case, version in champions.items()]
    return rows.where(reduce(Column.__or__, mine, F.lit(False)))


def small(rows: DataFrame) -> pd.DataFrame:
    """A small table as pandas, decimals as floats."""
    decimals = [field.name for field in rows.schema if isinstance(field.dataType, DecimalType)]
    return rows.withColumns({name: F.col(name).cast("double") for name in decimals}).toPandas()


def examples(rejected: DataFrame) -> DataFrame:
    """The first rejected rows of each data set: dataset, file, line, raw (cut), reasons in one text."""
    place = F.row_number().over(Window.partitionBy("dataset").orderBy("line"))
    return (
        rejected.withColumn("place", place)
        .where(F.col("place") <= EXAMPLES)
        .select("dataset", "file", "line", F.substring("raw", 1, RAW_SHOWN).alias("raw"), F.array_join("reasons", "; "))
        .toDF("dataset", "file", "line", "raw", "reasons")
        .orderBy("dataset", "line")
    )


def reasons(rejected: DataFrame) -> DataFrame:
    """How many rows each reason rejected: dataset, reason (without the value found), row_count."""
    reason = F.regexp_replace(
        F.col("reason"), r", found '[\s\S]*'$|'[\s\S]*' (?=repeats line)|(?<=repeats line) \d+$", ""
    )
    return (
        rejected.select("dataset", F.explode("reasons").alias("reason"))
        .groupBy("dataset", reason.alias("reason"))
        .agg(F.count(F.lit(1)).alias("row_count"))
        .orderBy("dataset", F.desc("row_count"), "reason")
    )
