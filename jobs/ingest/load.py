"""Load one data set's file: store it unchanged, check it against its contract, publish the good rows.

Reads: a file of BANK_DATA. Writes: the data set's table, rejected_rows, load_runs.
A load is identified by the file's checksum: loading the same file again changes nothing, a corrected file replaces it.
"""

import logging
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.contracts import Contract, load_contract
from jobs.core.current_loads import current_loads
from jobs.core.errors import FileRefused
from jobs.core.files import remove, upload
from jobs.core.job import Job
from jobs.core.job import fingerprint as code_fingerprint
from jobs.ingest.date_formats import date_format
from jobs.ingest.discover import find_file, find_synthetic, is_synthetic
from jobs.ingest.inspect import Inspection, checksum, first_value, inspect
from jobs.ingest.staging import Staged, stage_file

EXAMPLES = 3  # rejected rows that the refusal of a file quotes
MAX_NULLED_SHARE = 0.5  # of a column's values that break a rule which sets them to null
log = logging.getLogger("bankstack")


def fingerprint(job: Job) -> str:
    """The start of the file's checksum, followed by the fingerprint of the code and contract that load it."""
    contract = load_contract(job.step.arguments["dataset"])
    if sentence := kept_table(job, contract):
        job.warnings.append(sentence)
        return tables.content(tables.version(job.spark, job.settings, contract.dataset))
    job.file_sha256 = checksum(source(job, contract))
    return job.file_sha256[:12] + code_fingerprint(job)


def kept_table(job: Job, contract: Contract) -> str:
    """Why the table keeps its rows although its file is missing; empty unless it holds a real file's rows."""
    if job.file or find_file(contract, job.settings):
        return ""
    published = tables.content(tables.version(job.spark, job.settings, contract.dataset))
    loads = tables.read(job.spark, job.settings, "load_runs").toPandas()
    current = current_loads(loads, {contract.dataset: published})
    if current.empty or current["source"].iloc[0] != "real":
        return ""
    return (
        f"{contract.dataset}: no file in {job.settings.data} (expected {' or '.join(contract.files)}); the table keeps "
        f"the rows of {current['file'].iloc[0]}"
    )


def source(job: Job, contract: Contract) -> Path:
    """The file to load, searched for once.

    Raises:
        FileRefused: the given path is not a file.

    """
    job.file = job.file or find_file(contract, job.settings) or find_synthetic(contract, job.settings, job.generate)
    if job.file.is_dir():
        raise FileRefused(f"{job.file.name}: is a folder, expected a file. Merge its files into one")
    if not job.file.is_file():
        raise FileRefused(f"{job.file.name}: there is no such file in {job.file.parent}")
    return job.file


def main(job: Job) -> None:
    """Load the step's data set; if its file is missing or refused, nothing changes."""
    contract = load_contract(job.step.arguments["dataset"])
    if kept_table(job, contract):
        return
    path = source(job, contract)
    inspection = inspect(path, contract, job.file_sha256)
    staging = f"staging/{contract.dataset}/{job.fingerprint}"
    raw = raw_name(path, contract.dataset, inspection)
    upload(job.settings, path, raw)
    try:
        publish(
            job, contract, path, inspection, stage_file(job.spark, job.settings, contract, inspection, raw, staging)
        )
    finally:
        remove(job.settings, staging)


def publish(job: Job, contract: Contract, path: Path, inspection: Inspection, staged: Staged) -> None:
    """Publish the rejected rows, the record of the load, and last the table itself, which completes the load."""
    checked = staged.checked
    rejected = checked.where("size(reasons) > 0").select(F.lit(path.name).alias("file"), "line", "raw", "reasons")
    counts = count_rows(staged, contract)
    refuse_if_too_bad(path, contract, inspection, counts, rejected)
    partition = {"dataset": contract.dataset, "sha256": inspection.sha256}
    if counts["rejected"] or tables.version(job.spark, job.settings, "rejected_rows", partition):
        job.publish("rejected_rows", rejected, partition)
    job.publish("load_runs", load_run(job, path, inspection, counts), partition)
    loaded = checked.where("size(reasons) = 0").drop("line", "raw", "reasons", "nulled")
    job.rows_in[path.name] = counts["rows_in"]
    job.publish(contract.dataset, loaded, files=staged.accepted)


def count_rows(staged: Staged, contract: Contract) -> dict[str, int]:
    """Count rows and nulled values.

    Args:
        staged: the checked rows.
        contract: the rules that were applied.

    Returns:
        `rows_in`, `rejected`, and under `null:<column>` the values of loaded rows that a rule set to null, if any.

    """
    good = F.size("reasons") == 0
    nulled = {c.name: good & F.array_contains("nulled", c.name) for c in contract.columns if c.if_broken == "null"}
    totals = staged.checked.agg(
        F.count(F.lit(1)).alias("rows_in"),
        F.count_if(~good).alias("rejected"),
        *[F.count_if(broken).alias(f"null:{name}") for name, broken in nulled.items()],
    ).collect()
    counts = Counter(totals[0].asDict())
    counts["rows_in"] += sum(staged.accepted.values())
    counts.update({f"null:{name}": count for name, count in staged.nulled.items()})
    return {name: count for name, count in counts.items() if count or ":" not in name}


def refuse_if_too_bad(
    path: Path, contract: Contract, inspection: Inspection, counts: Mapping[str, int], rejected: DataFrame
) -> None:
    """Check the counts against the contract.

    Raises:
        FileRefused: rows are missing, or more rows are rejected than the contract allows.

    """
    rows_in, bad = counts["rows_in"], counts["rejected"]
    if rows_in != inspection.rows:
        raise FileRefused(f"{path.name}: {inspection.rows:,} rows in the file but {rows_in:,} read; please report this")
    refuse_wrong_formats(path, contract, inspection, counts)
    if bad > contract.max_rejected_share * rows_in:
        examples = rejected.orderBy("line").limit(EXAMPLES).collect()
        quoted = "; ".join(f"line {row['line']}: {row['reasons'][0]}" for row in examples)
        raise FileRefused(
            f"{path.name}: {bad:,} of {rows_in:,} rows break the contract, "
            f"more than {contract.max_rejected_share:.0%}. The table is unchanged. {quoted}. "
            f"Correct the file, or raise max_rejected_share in hive/ingest/{contract.dataset}.toml"
        )


def refuse_wrong_formats(path: Path, contract: Contract, inspection: Inspection, counts: Mapping[str, int]) -> None:
    """Check that no column lost most of its values to a rule.

    Raises:
        FileRefused: one did, so the file has the column in another format; the message has an example.

    """
    kept = counts["rows_in"] - counts["rejected"]
    for column in contract.columns:
        nulled = counts.get(f"null:{column.name}", 0)
        if nulled > max(1, MAX_NULLED_SHARE * kept):  # one odd value is no format
            example = first_value(path, inspection, contract, column.source)
            seen = date_format(example) if column.format else ""
            expected = f"a date written {column.format}" if column.format else f"one of {', '.join(column.allowed)}"
            raise FileRefused(
                f"{path.name}: {nulled:,} of {kept:,} values of {column.source} break its rule and would be lost, so "
                f"the column seems to have another format. Expected {expected}, found '{example}' first"
                f"{f' (looks like {seen})' if seen else ''}. The table is unchanged. Convert the column, or change its "
                f"rule in hive/ingest/{contract.dataset}.toml"
            )


def load_run(job: Job, path: Path, inspection: Inspection, counts: Mapping[str, int]) -> DataFrame:
    """The row of this load for load_runs."""
    prefix = "null:"
    nulled = {name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix)}
    return job.spark.range(1).select(
        F.lit(job.run_date).alias("run_date"),
        F.lit(path.name).alias("file"),
        F.lit("synthetic" if is_synthetic(path) else "real").alias("source"),
        F.lit(inspection.bytes).alias("bytes"),
        F.lit(counts["rows_in"]).alias("rows_in"),
        F.lit(counts["rows_in"] - counts["rejected"]).alias("rows_loaded"),
        F.lit(counts["rejected"]).alias("rows_rejected"),
        F.create_map(*[F.lit(part) for pair in nulled.items() for part in pair])
        .cast("map<string,bigint>")
        .alias("nulled"),
        F.current_timestamp().alias("loaded_at"),
    )


def raw_name(path: Path, dataset: str, inspection: Inspection) -> str:
    """Path of the stored file, relative to the lake; a gzipped file gets the suffix by which Spark recognises it.

    Characters with a meaning in paths of Spark or HDFS (`[`, `*`, `:`, or a leading `_`) become `-`.
    """
    name = re.sub(r"[^\w.() -]", "-", path.name)
    name = re.sub(r"^[._]", "-", name)
    ending = ".gz" if inspection.gzipped and path.suffix != ".gz" else ""
    return f"raw/{dataset}/{inspection.sha256}/{name}{ending}"
