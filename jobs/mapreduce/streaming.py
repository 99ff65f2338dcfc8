"""The five questions asked by mapper, combiner and reducer. Reads: clients_text. Writes: mapreduce_streaming.

One pass over the text answers all five: on YARN a job costs about a minute whatever it does.
"""

from collections.abc import Iterator, Mapping

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import lake_files
from jobs.core.job import Job
from jobs.core.settings import Settings
from jobs.mapreduce.local import run_local
from jobs.mapreduce.yarn import run_on_yarn

BLOCK = 1 << 20  # bytes
COLUMNS = "question STRING, key STRING, name STRING, clients STRING, total STRING, value STRING"


def main(job: Job) -> None:
    """Publish the answers, of the local processes or of a job on YARN, as BANK_MAPREDUCE says.

    Raises:
        BankError: a process or the job failed, or there were malformed lines.

    """
    folder = text_folder(job)
    if job.settings.mapreduce == "yarn":
        lines, counts = run_on_yarn(job.settings, folder, job.fingerprint)
    else:
        lines, counts = run_local(blocks(job.settings, folder))
    refuse_malformed(counts)
    job.rows_in["clients_text"] = counts["lines"]
    answers = [tuple(line.split("\t")) for line in lines]
    job.publish("mapreduce_streaming", job.spark.createDataFrame(answers, COLUMNS).coalesce(1))


def text_folder(job: Job) -> str:
    """Folder of the published text, relative to the lake."""
    version = tables.version(job.spark, job.settings, "clients_text")
    if not version:
        raise BankError("clients_text: nothing is published yet; run first: python -m jobs run mapreduce.input")
    return f"tables/clients_text/{version}"


def blocks(settings: Settings, folder: str) -> Iterator[bytes]:
    """The bytes of the folder's files, one file after the other."""
    filesystem, root = lake_files(settings)
    for part in sorted(filesystem.glob(f"{root}/{folder}/part-*")):
        with filesystem.open(part, "rb") as reader:
            while block := reader.read(BLOCK):
                yield block


def refuse_malformed(counts: Mapping[str, int]) -> None:
    """Raise BankError if lines were no clients: this text is the pipeline's own, so there must be none."""
    if bad := counts["malformed_lines"]:
        raise BankError(
            f"clients_text: {bad:,} of {counts['lines']:,} lines are no clients; the old table stays. "
            "Write the text again: python -m jobs run mapreduce.input --force"
        )
