"""What the command line's commands do."""

import fcntl
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import pipeline
from jobs.core.errors import BankError, FileRefused
from jobs.core.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

QUICK = ("ingest", "explore", "mapreduce", "forecast", "segments", "report")
"""Stages of which a first report is there in about four minutes; training models takes longer."""
log = logging.getLogger("bankstack")


def demo() -> None:
    """Run the whole pipeline: to a first report without models, then with them."""
    from jobs.core.runner import run_steps

    settings, run_date = Settings(), datetime.now(UTC).date()
    with session(settings, "demo") as spark:
        run_steps(spark, settings, pipeline.select(QUICK), run_date, generate=synthetic_files(settings))
        print_findings(settings)
        print(
            "\nNow the models are trained, for minutes. Ctrl-C is safe: the report above stays, and make demo goes on."
        )
        run_steps(spark, settings, pipeline.select(()), run_date, generate=synthetic_files(settings))
        print_findings(settings)


def run(steps: Sequence[str], run_date: date, force: bool, file: Path | None, outcome: Path | None) -> None:
    """Run steps of the map in order, in one Spark session."""
    from jobs.core.outcome import Outcome
    from jobs.core.runner import run_steps

    selected, settings = pipeline.select(steps), Settings()
    if file and [step.stage for step in selected] != ["ingest"]:
        raise BankError(f"--file is for one step that loads a file, as in: run ingest.clients --file {file}")
    with session(settings, " ".join(steps) or "pipeline") as spark:
        said = Outcome(outcome)
        said.add(ready=time.time())
        try:
            run_steps(spark, settings, selected, run_date, force, file, said, synthetic_files(settings))
        except FileRefused as refusal:
            said.add(refusal=str(refusal))
            raise
    if any(step.name == "report.build" for step in selected):
        print_findings(settings)


def synthetic_files(settings: Settings) -> Callable[[str], Path]:
    """A function that returns a data set's synthetic file, which it generates once under BANK_VAR."""
    from jobs.simulation.datasets import generate

    folder = settings.var / "synthetic" / f"{settings.synthetic_rows}-{settings.seed}"

    def file_of(dataset: str) -> Path:
        path = folder / f"synthetic_{dataset}.csv"
        if not path.exists():
            generate(folder, settings.synthetic_rows, settings.seed, [dataset])
        return path

    return file_of


def print_findings(settings: Settings) -> None:
    """Print the report's findings and where it is."""
    from jobs.report.findings import console_table

    results = json.loads((settings.report_folder / "results.json").read_text())
    print(f"\n{console_table(results)}\n\nReport: {settings.report_folder / 'index.html'}")


def inbox(run_date: date, outcome: Path | None) -> None:
    """Load the files in BANK_DATA/inbox and move them to done/, or to refused/ with the reason beside them."""
    from jobs.core.outcome import Outcome
    from jobs.core.runner import run_steps
    from jobs.ingest.inbox import take

    settings = Settings()
    with session(settings, "inbox") as spark:
        said = Outcome(outcome)
        said.add(ready=time.time())

        def load(dataset: str, path: Path) -> None:
            steps = pipeline.select([f"ingest.{dataset}"])
            run_steps(spark, settings, steps, run_date, file=path, outcome=said)

        said.add(refused=take(settings.data, load))


@contextmanager
def session(settings: Settings, name: str) -> Iterator["SparkSession"]:
    """A Spark session for one command, the only one in the embedded home."""
    from jobs.core.session import start_session

    with only_run(settings):
        spark = start_session(settings, f"bankstack {name}")
        yield spark
        spark.stop()


@contextmanager
def only_run(settings: Settings) -> Iterator[None]:
    """Hold the embedded home's lock: Derby takes one process. On the stack there is none to hold."""
    if settings.lake:
        yield
        return
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BankError(
                f"another run uses {settings.var}: wait for it, or set BANK_VAR to another folder"
            ) from None
        yield


def list_steps() -> None:
    """Print the map as a table: steps, what they read, what they write."""
    rows = [("step", "reads", "writes")]
    rows += [(step.name, " ".join(step.reads), " ".join(step.writes)) for step in pipeline.EVERY]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, reads, writes in rows:
        print(f"{name:<{widths[0]}}  {reads:<{widths[1]}}  {writes}".rstrip())


def graph() -> None:
    """Print the lineage of all tables as a Mermaid diagram."""
    from jobs.report import lineage

    print(lineage.mermaid())


def fetch() -> None:
    """Fetch the two public UCI data sets into BANK_DATA, checked by checksum."""
    from jobs.ingest import fetch as fetcher

    fetcher.fetch_all(Settings().data)


def generate(rows: int, seed: int, dataset: Sequence[str] | None) -> None:
    """Write synthetic data sets into BANK_DATA, the same ones for the same seed."""
    from jobs.simulation.datasets import generate as write

    folder = Settings().data
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in write(folder, rows, seed, dataset or pipeline.DATASETS).items():
        log.info("%s: %s (%.1f MB)", name, path, path.stat().st_size / 1e6)


def export(table: str) -> None:
    """Write a table as one CSV file with a header under var/export."""
    from jobs.core.export import export_table

    settings = Settings()
    with session(settings, f"export {table}") as spark:
        target = export_table(spark, settings, table)
    log.info("%s: %.1f MB", target, target.stat().st_size / 1e6)


def segment_of(customer: Sequence[str]) -> None:
    """Say in which segment customers are, by the saved model."""
    from jobs.segments.lookup import segment_of as look_up

    settings = Settings()
    with session(settings, "segment-of") as spark:
        said = look_up(spark, settings, customer)
    print("\n".join(said))


def stream(anew: bool) -> None:
    """Watch the live transactions until it is stopped: windows, alerts, dead letters."""
    from jobs.stream.run import forget, serve
    from jobs.stream.session import runs_for_days

    settings = Settings()
    runs_for_days()
    with session(settings, "stream") as spark:
        if anew:
            forget(spark, settings)
        serve(spark, settings)


def stream_check() -> None:
    """Work out the stream's tables once more, as a batch over the same events: not a row may differ."""
    from jobs.stream.verification.recompute import compared

    settings = Settings()
    with session(settings, "stream-check") as spark:
        found = compared(spark, settings)
    print("\n".join(f"{table}: {rows} rows, {differ} differ" for table, (rows, differ) in found.items()))
    if any(differ for _, differ in found.values()):
        raise BankError("stream and batch differ (above)")


def stream_demo(seconds: int, rate: float, seed: int) -> None:
    """Stream a minute of a simulated bank in one process; prints figures and the path of a picture."""
    from jobs.simulation.stream_demo import demo as run_demo

    settings = Settings()
    with session(settings, "stream-demo") as spark:
        print(run_demo(spark, settings, seconds, rate, seed))


def produce(
    rate: float,
    speed: float,
    customers: int | None,
    seed: int,
    seconds: int | None,
    replay: Path | None,
    incidents: bool,
) -> None:
    """Send events of a simulated bank, or of a file of transactions, to the stream's source."""
    from jobs.simulation.bank.produce_command import run
    from jobs.simulation.bank.producer import Plan, usual_customers

    plan = Plan(rate, speed, customers or usual_customers(rate, speed), seed, incidents=incidents)
    print(run(Settings(), plan, seconds, replay))


def rollback(use_case: str) -> None:
    """Make the previous champion of a use case champion again, then score with it: python -m jobs run models."""
    from jobs.models.registry import connect
    from jobs.models.registry import rollback as go_back

    settings = Settings()
    with only_run(settings):
        dismissed, restored = go_back(connect(settings), use_case)
    log.info(
        "%s: version %s is champion again instead of %s; score with it: python -m jobs run models",
        *(use_case, restored, dismissed),
    )
