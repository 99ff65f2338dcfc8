"""Run steps of the map in one Spark session, each as soon as its tables are there, with one summary line each.

Two at a time: a small step leaves cores idle while it plans, and the next one uses them.
"""

import importlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Lock

from pyspark.sql import SparkSession

from jobs.core.files import write_whole
from jobs.core.job import Job, fingerprint, is_published
from jobs.core.outcome import Outcome
from jobs.core.settings import Settings
from jobs.pipeline import Step, upstream

AT_ONCE = 2
TIMINGS = Lock()
log = logging.getLogger("bankstack")


def run_steps(
    spark: SparkSession,
    settings: Settings,
    steps: Sequence[Step],
    run_date: date,
    force: bool = False,
    file: Path | None = None,
    outcome: Outcome | None = None,
    generate: Callable[[str], Path] | None = None,
) -> None:
    """Run the steps in order; a step whose result is already published for the same inputs is skipped.

    A step that fails does not stop those that need nothing of it; the first failure is raised when all have ended.

    `file` is what a step that loads a file takes instead of looking in BANK_DATA.
    Seconds per step go to `timings.json` beside the report (a skipped step keeps its earlier figure).
    """
    outcome = outcome or Outcome(None)
    futures: dict[str, Future[Job]] = {}

    def work(number: int, step: Step) -> Job:
        for needed in upstream(step):
            if needed is not step and needed.name in futures:
                futures[needed.name].result()
        started = time.monotonic()
        job = Job(spark, settings, step, run_date, file, generate)
        module = importlib.import_module(step.module)
        done = run_one(job, module, force, outcome)
        seconds = time.monotonic() - started
        if done:
            record_seconds(settings.report_folder, step.name, seconds)
        said = summary(job, done, module)
        log.info("%2d/%d %-22s %s  %.1f s", number, len(steps), step.name, said, seconds)
        return job

    # In the order of the map, so a step that waits, waits for one that has begun.
    with ThreadPoolExecutor(AT_ONCE, "step") as pool:
        for number, step in enumerate(steps, 1):
            futures[step.name] = pool.submit(work, number, step)
        try:
            failures = list(dict.fromkeys(filter(None, [future.exception() for future in futures.values()])))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for failure in failures[1:]:
        log.error("%s", failure)
    if failures:
        raise failures[0]


def run_one(job: Job, module: object, force: bool, outcome: Outcome) -> bool:
    """Run one step unless its result is there already; returns whether it ran.

    A job whose inputs are files says what they are itself, with a function `fingerprint(job)`.
    """
    job.fingerprint = getattr(module, "fingerprint", fingerprint)(job)
    if not force and is_published(job):
        return False
    outcome.changed(job.step.name, job.step.writes)  # if it is killed in the middle, they may have been
    module.main(job)  # type: ignore[attr-defined]
    outcome.changed(job.step.name, [table for table in job.step.writes if table in job.rows_out])
    for sentence in job.warnings:
        log.warning("%s", sentence)
    if job.warnings:
        outcome.warn(job.step.name, job.warnings)
    return True


def summary(job: Job, done: bool, module: object = None) -> str:
    """What a step did, for its summary line: rows in and out by table; a module may say what `unchanged` means."""
    if not done:
        return str(getattr(module, "UNCHANGED", "unchanged: already published for the same inputs"))
    rows_in = [f"{count:,} {name}" for name, count in job.rows_in.items()]
    rows_out = [f"{name} {count:,}" for name, count in job.rows_out.items()]
    return " -> ".join(filter(None, [", ".join(rows_in), ", ".join(rows_out)])) or "done"


def record_seconds(folder: Path, name: str, seconds: float) -> None:
    """Note a step's seconds in `timings.json`."""
    with TIMINGS:
        timings = {**read_timings(folder), name: round(seconds, 2)}
        write_whole(folder / "timings.json", json.dumps(timings, indent=1))


def read_timings(folder: Path) -> dict[str, float]:
    """Seconds of each step's last run."""
    path = folder / "timings.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}
