"""Load one data set's file: land it untouched, check it against its contract, publish the good rows.

Reads: a file of BANK_DATA. Writes: the data set's table, rejected_rows, load_runs.
The file is keyed by its checksum, so the same file twice changes nothing and a corrected one replaces it.
"""

import logging
import re
from collections.abc import Mapping
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.contracts import Contract, load_contract
from jobs.core.errors import FileRefused
from jobs.core.files import remove, upload
from jobs.core.job import Job
from jobs.core.job import fingerprint as code_fingerprint
from jobs.ingest.check import check_records, reject_repeats
from jobs.ingest.discover import find_file, is_synthetic
from jobs.ingest.inspect import Inspection, checksum, inspect
from jobs.ingest.parse import read_records

SHOWN = 3  # examples of rejected rows in the sentence that refuses a file
log = logging.getLogger("bankstack")


def fingerprint(job: Job) -> str:
    """The file's checksum with the code and contract that load it."""
    contract = load_contract(job.step.arguments["dataset"])
    return checksum(source(job, contract))[:12] + code_fingerprint(job)


def source(job: Job, contract: Contract) -> Path:
    """The file to load, looked for once; raises FileRefused if it is none."""
    job.file = job.file or find_file(contract, job.settings, job.generate)
    if not job.file.is_file():
        raise FileRefused(f"{job.file.name}: there is no such file in {job.file.parent}")
    return job.file


def main(job: Job) -> None:
    """Load the data set of the step; on a refused file everything stays as it was."""
    contract = load_contract(job.step.arguments["dataset"])
    path = source(job, contract)
    inspection = inspect(path, contract)
    staging = f"staging/{contract.dataset}/{job.fingerprint}"
    address = upload(job.settings, path, raw_name(path, contract.dataset, inspection))
    schema = tables.read(job.spark, job.settings, contract.dataset).schema
    records = read_records(job.spark, address, inspection.header, contract.separator, inspection.multiline)
    try:
        check_records(records, contract, schema).write.mode("overwrite").parquet(f"{job.settings.lake_url}/{staging}")
        checked = reject_repeats(job.spark.read.parquet(f"{job.settings.lake_url}/{staging}"), contract)
        publish(job, contract, path, inspection, checked)
    finally:
        remove(job.settings, staging)


def publish(job: Job, contract: Contract, path: Path, inspection: Inspection, checked: DataFrame) -> None:
    """Publish rejected rows, the load's record, and last the table itself: that is the moment it counts."""
    rejected = checked.where("size(reasons) > 0").select(F.lit(path.name).alias("file"), "line", "raw", "reasons")
    counts = count_rows(checked, contract)
    refuse_if_too_bad(path, contract, inspection, counts, rejected)
    partition = {"dataset": contract.dataset, "sha256": inspection.sha256}
    if counts["rejected"] or tables.version(job.spark, job.settings, "rejected_rows", partition):
        job.publish("rejected_rows", rejected, partition)
    job.publish("load_runs", load_run(job, path, inspection, counts), partition)
    loaded = checked.where("size(reasons) = 0").drop("line", "raw", "reasons", "nulled")
    job.rows_in[path.name] = counts["rows_in"]
    job.publish(contract.dataset, loaded)


def count_rows(checked: DataFrame, contract: Contract) -> dict[str, int]:
    """Rows in and rejected, and for each column (under `null:<name>`) values of loaded rows kept as null by rule."""
    good = F.size("reasons") == 0
    nulled = {c.name: good & F.array_contains("nulled", c.name) for c in contract.columns if c.if_broken == "null"}
    totals = checked.agg(
        F.count(F.lit(1)).alias("rows_in"),
        F.count_if(~good).alias("rejected"),
        *[F.count_if(broken).alias(f"null:{name}") for name, broken in nulled.items()],
    ).collect()
    return {name: count for name, count in totals[0].asDict().items() if count or ":" not in name}


def refuse_if_too_bad(
    path: Path, contract: Contract, inspection: Inspection, counts: Mapping[str, int], rejected: DataFrame
) -> None:
    """Raise FileRefused if rows got lost, or more are bad than the contract allows."""
    rows_in, bad = counts["rows_in"], counts["rejected"]
    if rows_in != inspection.rows and not inspection.multiline:
        raise FileRefused(f"{path.name}: {inspection.rows:,} rows in the file but {rows_in:,} read; please report this")
    if bad > contract.max_rejected_share * rows_in:
        examples = rejected.orderBy("line").limit(SHOWN).collect()
        shown = "; ".join(f"line {row['line']}: {row['reasons'][0]}" for row in examples)
        raise FileRefused(
            f"{path.name}: {bad:,} of {rows_in:,} rows break the contract, "
            f"more than {contract.max_rejected_share:.0%}. "
            f"The old table stays. {shown}. Mend the file, or max_rejected_share in hive/ingest/{contract.dataset}.toml"
        )


def load_run(job: Job, path: Path, inspection: Inspection, counts: Mapping[str, int]) -> DataFrame:
    """The one row for load_runs."""
    nulled = [F.lit(v) for k, n in counts.items() if k.startswith("null:") for v in (k[5:], n)]
    return job.spark.range(1).select(
        F.lit(job.run_date).alias("run_date"),
        F.lit(path.name).alias("file"),
        F.lit("synthetic" if is_synthetic(path) else "real").alias("source"),
        F.lit(inspection.bytes).alias("bytes"),
        F.lit(counts["rows_in"]).alias("rows_in"),
        F.lit(counts["rows_in"] - counts["rejected"]).alias("rows_loaded"),
        F.lit(counts["rejected"]).alias("rows_rejected"),
        F.create_map(*nulled).cast("map<string,bigint>").alias("nulled"),
        F.current_timestamp().alias("loaded_at"),
    )


def raw_name(path: Path, dataset: str, inspection: Inspection) -> str:
    """Where the file lands, relative to the lake; gzipped files get the ending by which Spark knows them.

    Letters that mean something to Spark or HDFS in a path (as `[`, `*`, `:`, or `_` in the first place) become `-`.
    """
    name = re.sub(r"[^\w.() -]", "-", path.name)
    name = re.sub(r"^[._]", "-", name)
    ending = ".gz" if inspection.gzipped and path.suffix != ".gz" else ""
    return f"raw/{dataset}/{inspection.sha256}/{name}{ending}"
