"""Check a raw file against its contract, and keep the checked rows in a staging folder until they're published.

Workers check blocks of the file natively and write the rows that they accept (`block_tasks`, `kernel`). Spark checks
the lines that are left (`check`): those are few, unless a file is unusual. Files whose values contain line breaks are
read by Spark alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import ArrayType, LongType, StringType, StructType

from jobs.core import tables
from jobs.core.contracts import Contract
from jobs.core.files import lake_files
from jobs.core.settings import Settings
from jobs.ingest.block_tasks import Report, Worker, read_hashes, run, write_hashes
from jobs.ingest.check import check_records, reject_repeats
from jobs.ingest.inspect import Inspection
from jobs.ingest.kernel import Kernel
from jobs.ingest.parse import records_across_lines, records_of_lines
from jobs.ingest.repeats import repeated


@dataclass(frozen=True)
class Staged:
    """The checked rows of a file.

    Attributes:
        accepted: natively accepted rows: their number by Parquet file (path relative to the lake).
        nulled: number of their values that a rule set to null, by column.
        checked: the other rows, as `check.check_records` returns them, with repeats rejected.

    """

    accepted: dict[str, int]
    nulled: dict[str, int]
    checked: DataFrame


def stage_file(
    spark: SparkSession, settings: Settings, contract: Contract, inspection: Inspection, raw: str, staging: str
) -> Staged:
    """Check all rows of a file.

    Args:
        spark: the session.
        settings: where the lake is.
        contract: the rules.
        inspection: what is known of the file.
        raw: the file's path, relative to the lake.
        staging: the folder to write to, relative to the lake.

    """
    schema = tables.read(spark, settings, contract.dataset).schema
    filesystem, root = lake_files(settings)
    filesystem.makedirs(f"{root}/{staging}", exist_ok=True)
    stage = _Stage(spark, f"{settings.lake_url}/{staging}", contract, inspection.header, schema)
    if inspection.multiline:
        address = f"{settings.lake_url}/{raw}"
        stage.check(records_across_lines(spark, address, inspection.header, contract.separator))
        return Staged({}, {}, stage.checked())
    kernel = Kernel(contract, to_arrow_schema(schema, timestamp_utc=True), inspection.header)
    unique = next((column.name for column in contract.columns if column.unique), "")
    worker = Worker(kernel, settings.files_url, raw, inspection.gzipped, staging, unique)
    reports = run(spark, [partial(worker.check, span) for span in inspection.spans])
    stage.check_lines(settings, reports)
    if unique:
        reports = withdraw_repeats(spark, settings, worker, reports, stage)
    nulled: Counter[str] = Counter()
    for report in reports:
        nulled.update(report.nulled)
    accepted = {report.accepted: report.rows for report in reports if report.accepted}
    return Staged(accepted, dict(nulled), stage.checked())


def withdraw_repeats(
    spark: SparkSession, settings: Settings, worker: Worker, reports: list[Report], stage: "_Stage"
) -> list[Report]:
    """Prove by their hashes that accepted values are unique; rows whose hashes collide are left to Spark."""
    hashed = [report for report in reports if report.hashes]
    own = [read_hashes(worker, report.hashes) for report in hashed]
    others = [read_hashes(worker, path) for path in stage.hashes(worker)]
    repeats = repeated(np.concatenate([np.array([], np.uint64), *own, *others]))
    hit = [report for report, found in zip(hashed, own, strict=True) if np.isin(found, repeats).any()]
    if not hit:
        return reports
    again = run(spark, [partial(worker.withdraw, report, repeats) for report in hit])
    stage.check_lines(settings, again)
    return [report for report in reports if report not in hit] + again


@dataclass
class _Stage:
    """The rows that Spark checks, in folders of the staging folder."""

    spark: SparkSession
    address: str
    contract: Contract
    header: list[str]
    schema: StructType
    folders: tuple[str, ...] = ()

    def check_lines(self, settings: Settings, reports: Iterable[Report]) -> None:
        """Check the lines that tasks left to Spark."""
        paths = [f"{settings.lake_url}/{report.others}" for report in reports if report.others]
        if paths:
            lines = self.spark.read.schema("line BIGINT, raw STRING").parquet(*paths)
            self.check(records_of_lines(lines, self.header, self.contract.separator))

    def check(self, records: DataFrame) -> None:
        """Check records and write the result."""
        folder = f"{self.address}/checked-{len(self.folders)}"
        check_records(records, self.contract, self.schema).write.mode("overwrite").parquet(folder)
        self.folders = (*self.folders, folder)

    def checked(self) -> DataFrame:
        """All checked rows, with repeats rejected; empty if Spark checked none."""
        return reject_repeats(self.read(), self.contract) if self.folders else self.read()

    def read(self) -> DataFrame:
        """All checked rows."""
        texts = ArrayType(StringType())
        first = StructType().add("line", LongType()).add("raw", StringType()).add("reasons", texts).add("nulled", texts)
        schema = StructType([*first, *self.schema])
        if not self.folders:
            return self.spark.createDataFrame([], schema)
        return self.spark.read.schema(schema).parquet(*self.folders)

    def hashes(self, worker: Worker) -> list[str]:
        """Files with the hashes of the unique column of the good rows."""
        if not self.folders:
            return []
        values = self.read().where(F.size("reasons") == 0).select(worker.unique)
        return [row["report"] for row in values.mapInArrow(partial(write_hashes, worker), "report string").collect()]
