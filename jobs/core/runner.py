"""Run steps of the pipeline in one Spark session, each as soon as its inputs are ready; one summary line per step.

Two steps run at a time: a small step leaves cores idle while Spark plans its queries, and the other one uses them.
"""

import fcntl
import importlib
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path

from pyspark import inheritable_thread_target
from pyspark.sql import SparkSession

from jobs.core.errors import EXPECTED_ERRORS
from jobs.core.files import write_whole
from jobs.core.job import Job, fingerprint, is_published
from jobs.core.outcome import Outcome
from jobs.core.settings import Settings
from jobs.pipeline import Step, upstream

PARALLEL_STEPS = 2
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
    """Run the steps in the order of their tables; skip those whose result is already published for the same inputs.

    If a step fails, the steps that need its tables are skipped and the others still run; then the first failure is
    raised. The seconds of each step go to `timings.json` beside the report.

    Args:
        spark: the session that all steps share.
        settings: where tables and files are.
        steps: in the order of the pipeline.
        run_date: the day that the run counts for.
        force: also run steps whose result is already published.
        file: the file to load, for a step that loads one; None searches BANK_DATA.
        outcome: records what changed, for the caller.
        generate: makes a data set's synthetic file, for a step that finds no file to load.

    """
    recorded = outcome or Outcome(None)

    def run(number: int, step: Step) -> None:
        started = time.monotonic()
        job = Job(spark, settings, step, run_date, file, generate)
        module = importlib.import_module(step.module)
        done = run_one(job, module, force, recorded)
        seconds = time.monotonic() - started
        if done:
            record_seconds(settings.report_folder, step.name, seconds)
        log.info("%2d/%d %-22s %s  %.1f s", number, len(steps), step.name, summary(job, done, module), seconds)

    # Spark's machine learning over Connect asks for the thread's active session.
    failures = run_in_order(steps, inheritable_thread_target(spark)(run))
    for name, failure in list(failures.items())[1:]:
        unexpected = None if isinstance(failure, EXPECTED_ERRORS) else failure
        log.error("%s: %s", name, failure, exc_info=unexpected)
    if failures:
        raise next(iter(failures.values()))


def run_in_order(steps: Sequence[Step], run: Callable[[int, Step], None]) -> dict[str, BaseException]:
    """Call `run(number, step)` for each step once its dependencies have ended, at most two at a time.

    Among the steps that are ready, the first in the sequence starts first. A waiting step holds no thread.

    Returns:
        The failures by step, in the order of the steps.

    """
    numbers = {step.name: number for number, step in enumerate(steps, 1)}
    by_name = {step.name: step for step in steps}
    needed = {step.name: _needed(step, by_name) for step in steps}
    order = TopologicalSorter({step.name: needed[step.name] | _before(step, steps) for step in steps})
    order.prepare()
    ready: list[str] = []
    running: dict[Future[None], str] = {}
    failures: dict[str, BaseException] = {}
    skipped: set[str] = set()
    with ThreadPoolExecutor(PARALLEL_STEPS, "step") as pool:
        try:
            while order.is_active():
                ready = sorted([*ready, *order.get_ready()], key=numbers.__getitem__)
                while ready and len(running) < PARALLEL_STEPS:
                    name = ready.pop(0)
                    if missing := sorted(needed[name] & (set(failures) | skipped)):
                        log.info("%2d/%d %-22s skipped: %s failed", numbers[name], len(steps), name, missing[0])
                        skipped.add(name)
                        order.done(name)
                    else:
                        running[pool.submit(run, numbers[name], by_name[name])] = name
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    if failure := future.exception():
                        failures[name] = failure
                    order.done(name)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return dict(sorted(failures.items(), key=lambda item: numbers[item[0]]))


def _needed(step: Step, selected: Mapping[str, Step]) -> set[str]:
    """Names of the selected steps whose tables the step reads."""
    return {other.name for other in upstream(step)} & set(selected) - {step.name}


def _before(step: Step, steps: Sequence[Step]) -> set[str]:
    """Names of the steps that must have ended, whatever their result, before a step that runs last."""
    return {other.name for other in steps if not other.runs_last} if step.runs_last else set()


def run_one(job: Job, module: object, force: bool, outcome: Outcome) -> bool:
    """Run one step unless its result is already published; returns whether it ran.

    A module whose inputs are not only tables defines its own `fingerprint(job)`.
    """
    job.fingerprint = getattr(module, "fingerprint", fingerprint)(job)
    is_needed = force or not is_published(job)
    if is_needed:
        outcome.changed(job.step.name, job.step.writes)  # before the step: a killed run may have published some of them
        module.main(job)  # type: ignore[attr-defined]
        outcome.changed(job.step.name, [table for table in job.step.writes if table in job.rows_out])
        outcome.count(job.step.name, job.rows_in, job.rows_out)
    for sentence in job.warnings:
        log.warning("%s", sentence)
    if job.warnings:
        outcome.warn(job.step.name, job.warnings)
    return is_needed


def summary(job: Job, done: bool, module: object = None) -> str:
    """The rows that a step read and wrote, for its summary line; a module may define its own text for UNCHANGED."""
    if not done:
        return str(getattr(module, "UNCHANGED", "unchanged: already published for the same inputs"))
    rows_in = [f"{count:,} {name}" for name, count in job.rows_in.items()]
    rows_out = [f"{name} {count:,}" for name, count in job.rows_out.items()]
    return " -> ".join(filter(None, [", ".join(rows_in), ", ".join(rows_out)])) or "done"


def record_seconds(folder: Path, name: str, seconds: float) -> None:
    """Write a step's seconds to `timings.json`; a skipped step keeps those of its last run."""
    # The lock of a newly opened file excludes other threads of this process and, on the cluster, other processes.
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_name("timings.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        timings = {**read_timings(folder), name: round(seconds, 2)}
        write_whole(folder / "timings.json", json.dumps(timings, indent=1))


def read_timings(folder: Path) -> dict[str, float]:
    """Seconds of each step's last run."""
    path = folder / "timings.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}
