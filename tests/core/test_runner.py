"""The order in which steps run, and what a failure stops."""

import threading
import time
from datetime import date

import pytest

from jobs.core import runner
from jobs.core.errors import BankError
from jobs.core.runner import run_in_order, run_steps
from jobs.pipeline import Step


def step(name: str, reads: str = "", writes: str = "", runs_last: bool = False) -> Step:
    return Step(name, "jobs.report.build", tuple(reads.split()), tuple(writes.split()), runs_last=runs_last)


@pytest.fixture
def pipeline(monkeypatch):
    """Makes the steps known to the runner, with dependencies by table."""

    def make(*steps: Step) -> list[Step]:
        monkeypatch.setattr("jobs.pipeline.STEPS", steps)
        return list(steps)

    return make


def test_a_step_starts_after_the_steps_that_write_its_inputs(pipeline):
    steps = pipeline(step("a", writes="t"), step("b", "t", "u"), step("c", "u"))
    ended = []
    assert run_in_order(steps, lambda number, step: ended.append((number, step.name))) == {}
    assert ended == [(1, "a"), (2, "b"), (3, "c")]


def test_a_waiting_step_holds_no_worker(pipeline):
    """While `slow` runs and two steps wait for it, the independent steps use the other worker."""
    steps = pipeline(step("slow", writes="t"), step("b", "t"), step("c", "t"), step("d"), step("e"))
    others = threading.Barrier(2)

    def run(number, step):
        if step.name in ("slow", "e"):
            others.wait()  # breaks if `e` can't start before `slow` has ended

    assert run_in_order(steps, run) == {}


def test_no_more_than_two_steps_run_at_a_time(pipeline):
    steps = pipeline(*(step(name) for name in "abcdef"))
    running, most, pair = [], [], threading.Barrier(2)

    def run(number, step):
        running.append(step.name)
        most.append(len(running))
        pair.wait()  # never ends if steps run one at a time
        running.remove(step.name)

    run_in_order(steps, run)
    assert max(most) == 2


def test_a_failure_skips_the_steps_that_need_it_and_no_others(pipeline):
    steps = pipeline(step("a", writes="t"), step("b", "t", "u"), step("c", "u"), step("d"))
    ran = []

    def run(number, step):
        if step.name == "a":
            raise BankError("broken")
        ran.append(step.name)

    failures = run_in_order(steps, run)
    assert list(failures) == ["a"] and ran == ["d"]


def test_the_last_step_runs_after_all_others_even_if_one_fails(pipeline):
    steps = pipeline(step("clean", runs_last=True), step("a", writes="t"), step("b", "t"))
    ran = []

    def run(number, step):
        ran.append(step.name)
        if step.name == "a":
            raise BankError("broken")

    run_in_order(steps, run)
    assert ran == ["a", "clean"]


def test_the_first_failure_in_the_order_of_the_pipeline_is_raised(pipeline, monkeypatch, settings, spark, caplog):
    steps = pipeline(step("a"), step("b"))

    def fail(job, *_):
        time.sleep(0.2 if job.step.name == "a" else 0)
        raise BankError(f"{job.step.name} is broken")

    monkeypatch.setattr(runner, "run_one", fail)
    with pytest.raises(BankError, match="a is broken"):
        run_steps(spark, settings, steps, date(2026, 1, 31))
    assert "b: b is broken" in caplog.text
