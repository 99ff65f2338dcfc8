"""Answer the five questions with mapper, combiner and reducer.

Reads: clients_text. Writes: mapreduce_streaming.
One pass over the text answers all five, because every job on YARN takes about a minute of overhead.
"""

from collections.abc import Iterator, Mapping

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import lake_files
from jobs.core.job import Job
from jobs.core.settings import Settings
from jobs.mapreduce.pipes import run_in_pipes
from jobs.mapreduce.yarn import run_on_yarn

BLOCK = 1 << 20  # bytes


def main(job: Job) -> None:
    """Publish the answers, computed by local processes or by a job on YARN, depending on BANK_MAPREDUCE.

    Raises:
        BankError: a process or the job failed, or the text has malformed lines.

    """
    folder = text_folder(job)
    if job.settings.mapreduce == "yarn":
        lines, counts = run_on_yarn(job.settings, folder, job.fingerprint)
    else:
        lines, counts = run_in_pipes(blocks(job.settings, folder))
    refuse_malformed(counts)
    job.rows_in["clients_text"] = counts["lines"]
    answers = [tuple(line.split("\t")) for line in lines]
    job.publish(
        "mapreduce_streaming", job.spark.createDataFrame(answers, text_schema("mapreduce_streaming")).coalesce(1)
    )


def text_schema(table: str) -> str:
    """The table's columns, all as text, as a schema."""
    return ", ".join(f"{name} STRING" for name in tables.columns(table))


def text_folder(job: Job) -> str:
    """The folder of the published text, relative to the lake."""
    version = tables.version(job.spark, job.settings, "clients_text")
    if not version:
        raise BankError("clients_text: nothing is published yet. Run: bankstack run mapreduce.input")
    return f"tables/clients_text/{version}"


def blocks(settings: Settings, folder: str) -> Iterator[bytes]:
    """The content of the folder's files, one after the other, in blocks."""
    filesystem, root = lake_files(settings)
    for part in sorted(filesystem.glob(f"{root}/{folder}/part-*")):
        with filesystem.open(part, "rb") as reader:
            while block := reader.read(BLOCK):
                yield block


def refuse_malformed(counts: Mapping[str, int]) -> None:
    """Raise BankError for malformed lines: the pipeline wrote the text itself, so it must not have any."""
    if bad := counts["malformed_lines"]:
        raise BankError(
            f"clients_text: {bad:,} of {counts['lines']:,} lines are malformed; the old table stays. "
            "Write the text again: bankstack run mapreduce.input --force"
        )
