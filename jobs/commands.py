"""The commands of the command line, one function each."""

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
"""Stages that give a first report within about four minutes; training the models takes longer."""
log = logging.getLogger("bankstack")


def demo() -> None:
    """Run the whole pipeline: first without the models, for an early report, then with them."""
    from jobs.core.runner import run_steps

    settings, run_date = Settings(), datetime.now(UTC).date()
    report_unused_files(settings, pipeline.STEPS)
    with session(settings, "demo") as spark:
        run_steps(spark, settings, pipeline.select(QUICK), run_date, generate=synthetic_files(settings))
        print_findings(settings)
        print("\nNext: training the models, which takes minutes. Ctrl-C is safe; the next run continues from here.")
        run_steps(spark, settings, pipeline.select(()), run_date, generate=synthetic_files(settings))
        print_findings(settings)


def run(steps: Sequence[str], run_date: date, force: bool, file: Path | None, outcome: Path | None) -> None:
    """Run steps or stages of the pipeline in order, in one Spark session."""
    from jobs.core.outcome import Outcome
    from jobs.core.runner import run_steps

    settings = Settings()
    try:
        selected = pipeline.select(steps)
    except pipeline.UnknownStepError as error:
        raise BankError(str(error)) from None
    if file and [step.stage for step in selected] != ["ingest"]:
        raise BankError(f"--file needs exactly one ingest step, for example: run ingest.clients --file {file}")
    if not file:
        report_unused_files(settings, selected)
    with session(settings, " ".join(steps) or "pipeline") as spark:
        recorded = Outcome(outcome)
        recorded.add(ready=time.time())
        try:
            run_steps(spark, settings, selected, run_date, force, file, recorded, synthetic_files(settings))
        except FileRefused as refusal:
            recorded.add(refusal=str(refusal))
            raise
    if any(step.name == "report.build" for step in selected):
        print_findings(settings)


def synthetic_files(settings: Settings) -> Callable[[str], Path] | None:
    """A function that returns a data set's synthetic file, which it generates once under BANK_VAR; None if refused."""
    from jobs.simulation.datasets import generate

    if settings.synthetic == "refuse":
        return None

    folder = settings.var / "synthetic" / f"{settings.synthetic_rows}-{settings.seed}"

    def file_of(dataset: str) -> Path:
        path = folder / f"synthetic_{dataset}.csv"
        if not path.exists():
            generate(folder, settings.synthetic_rows, settings.seed, [dataset])
        return path

    return file_of


def report_unused_files(settings: Settings, steps: Sequence[pipeline.Step]) -> None:
    """Log which files of BANK_DATA the ingest steps won't load, and why."""
    from jobs.ingest.discover import unused_files

    if any(step.stage == "ingest" for step in steps):
        for sentence in unused_files(settings):
            log.warning("%s", sentence)


def upgrade() -> None:
    """Rename the tables and columns of an older version, keeping their rows; running it again changes nothing."""
    from jobs.maintenance.upgrade import upgrade_tables

    settings = Settings()
    with session(settings, "upgrade") as spark:
        sentences = upgrade_tables(spark, settings)
    print("\n".join(sentences or ["All tables are up to date."]))


def print_findings(settings: Settings) -> None:
    """Print the report's findings and its path."""
    from jobs.report.findings import console_table

    results = json.loads((settings.report_folder / "results.json").read_text())
    print(f"\n{console_table(results)}\n\nReport: {settings.report_folder / 'index.html'}")


def inbox(run_date: date, outcome: Path | None) -> None:
    """Load the files in BANK_DATA/inbox and move them to done/, or to refused/ with a file that names the reason."""
    from jobs.core.outcome import Outcome
    from jobs.core.runner import run_steps
    from jobs.ingest.inbox import take

    settings = Settings()
    with session(settings, "inbox") as spark:
        recorded = Outcome(outcome)
        recorded.add(ready=time.time())

        def load(dataset: str, path: Path) -> None:
            steps = pipeline.select([f"ingest.{dataset}"])
            run_steps(spark, settings, steps, run_date, file=path, outcome=recorded)

        recorded.add(refused=take(settings.data, load))


@contextmanager
def session(settings: Settings, name: str) -> Iterator["SparkSession"]:
    """A Spark session for one command; in embedded mode only one can run at a time."""
    from jobs.core.session import start_session

    with only_run(settings):
        spark = start_session(settings, f"bankstack {name}")
        try:
            yield spark
        finally:
            spark.stop()


@contextmanager
def only_run(settings: Settings) -> Iterator[None]:
    """Hold the lock of embedded mode, as Derby allows one process; the cluster needs none."""
    if settings.lake:
        yield
        return
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BankError(
                f"another run is using {settings.var}: wait for it, or set BANK_VAR to another folder"
            ) from None
        yield


def list_steps() -> None:
    """Print all steps with the tables that they read and write."""
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
    """Download the two public UCI data sets into BANK_DATA and verify their checksums."""
    from jobs.ingest import fetch as fetcher

    fetcher.fetch_all(Settings().data)


def generate(rows: int, seed: int, dataset: Sequence[str] | None) -> None:
    """Write synthetic data sets into BANK_DATA; the same seed gives the same files."""
    from jobs.simulation.datasets import generate as write

    folder = Settings().data
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in write(folder, rows, seed, dataset or pipeline.DATASETS).items():
        log.info("%s: %s (%.1f MB)", name, path, path.stat().st_size / 1e6)


def export(table: str) -> None:
    """Write a table as one CSV file with a header, under var/export."""
    from jobs.core.export import export_table

    settings = Settings()
    with session(settings, f"export {table}") as spark:
        target = export_table(spark, settings, table)
    log.info("%s: %.1f MB", target, target.stat().st_size / 1e6)


def export_segment(group: str) -> None:
    """Write the customers of one segment or tier as a CSV file, under var/export."""
    from jobs.segments.export_segment import export_segment as write

    settings = Settings()
    with session(settings, f"export-segment {group}") as spark:
        target = write(spark, settings, group)
    log.info("%s: %.1f MB", target, target.stat().st_size / 1e6)


def segment_of(customer: Sequence[str]) -> None:
    """Print the segment, by the saved model, and the tiers of customers."""
    from jobs.segments.lookup import segment_of as look_up

    settings = Settings()
    with session(settings, "segment-of") as spark:
        sentences = look_up(spark, settings, customer)
    print("\n".join(sentences))


def stream(anew: bool) -> None:
    """Process live transactions until stopped: windows, alerts, dead letters."""
    from jobs.simulation.bank.reference_simulation import fallback_events
    from jobs.stream.run import forget, serve
    from jobs.stream.streaming_session import configure_long_run

    settings = Settings()
    configure_long_run()
    with session(settings, "stream") as spark:
        if anew:
            forget(spark, settings)
        serve(spark, settings, lambda: fallback_events(settings))


def stream_check() -> None:
    """Recompute the stream's tables as a batch over the same events, and fail if any row differs."""
    from jobs.stream.verification.recompute import compare_tables

    settings = Settings()
    with session(settings, "stream-check") as spark:
        tables = compare_tables(spark, settings)
    print("\n".join(f"{table}: {rows} rows, {differ} differ" for table, (rows, differ) in tables.items()))
    if any(differ for _, differ in tables.values()):
        raise BankError("the stream's tables differ from the batch; see the counts above")


def stream_demo(seconds: int, rate: float, seed: int) -> None:
    """Stream a minute of a simulated bank in one process; print metrics and the path of a page of charts."""
    from jobs.simulation.stream_demo import run_demo

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
    from jobs.simulation.bank.produce_command import run_producer
    from jobs.simulation.bank.producer import Plan, default_customers

    plan = Plan(rate, speed, customers or default_customers(rate, speed), seed, incidents=incidents)
    print(run_producer(Settings(), plan, seconds, replay))


def rollback(use_case: str) -> None:
    """Restore the previous champion of a use case; score with it afterwards: bankstack run models."""
    from jobs.models.model_registry import connect
    from jobs.models.model_registry import rollback as go_back

    settings = Settings()
    with only_run(settings):
        dismissed, restored = go_back(connect(settings), use_case)
    log.info(
        "%s: version %s replaces version %s as champion; score with it: bankstack run models",
        use_case,
        restored,
        dismissed,
    )
