"""Run steps of the map in one Spark session, one after the other, with one summary line each."""

import importlib
import json
import logging
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from jobs.core.job import Job, fingerprint, is_published
from jobs.core.settings import Settings
from jobs.pipeline import Step

log = logging.getLogger("bankstack")


def run_steps(
    spark: SparkSession, settings: Settings, steps: Sequence[Step], run_date: date, force: bool = False
) -> list[str]:
    """Run the steps in order; a step whose result is already published for the same inputs is skipped.

    Seconds per step go to `timings.json` beside the report (a skipped step keeps its earlier figure).

    Returns:
        The names of the tables that were published.

    """
    changed: dict[str, int] = {}
    for number, step in enumerate(steps, 1):
        started = time.monotonic()
        job = Job(spark, settings, step, run_date)
        module = importlib.import_module(step.module)
        done = run_one(job, module, force)
        seconds = time.monotonic() - started
        if done:
            record_seconds(settings.report_folder, step.name, seconds)
        changed |= job.rows_out
        log.info("%2d/%d %-22s %s  %.1f s", number, len(steps), step.name, summary(job, done, module), seconds)
    return list(changed)


def run_one(job: Job, module: object, force: bool) -> bool:
    """Run one step unless its result is there already; returns whether it ran.

    A job whose inputs are files says what they are itself, with a function `fingerprint(job)`.
    """
    job.fingerprint = getattr(module, "fingerprint", fingerprint)(job)
    if not force and is_published(job):
        return False
    module.main(job)  # type: ignore[attr-defined]
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
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "timings.json"
    timings = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**timings, name: round(seconds, 2)}, indent=1))


def read_timings(folder: Path) -> dict[str, float]:
    """Seconds of each step's last run."""
    path = folder / "timings.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}
