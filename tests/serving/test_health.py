"""The assessment of the stream's health, from rows of live_progress and live_idle and a clock."""

from datetime import datetime, timedelta

import pytest

from jobs.serving import health
from tests.serving.stream_cases import CASES, Case, minutes

NOW = datetime(2026, 1, 31, 12)
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@EACH_CASE
def test_the_page_shows_the_state(case: Case):
    assert health.assess(case.rows(NOW), case.polls(NOW), NOW).state == case.state


@EACH_CASE
def test_the_dag_reports_only_lasting_problems(case: Case):
    assert health.incidents(case.rows(NOW), case.polls(NOW), NOW) == list(case.incidents)


def test_the_order_of_the_rows_does_not_matter():
    rows = minutes(NOW, 8, backlog=90_000)
    assert health.assess(rows[::-1], {}, NOW) == health.assess(rows, {}, NOW)


def test_a_poll_later_than_the_clock_counts_as_now():
    rows = minutes(NOW - timedelta(minutes=5), 1)
    assert health.assess(rows, {"windows": NOW + timedelta(seconds=1)}, NOW).state == "idle"


def test_a_stream_that_catches_up_within_five_minutes_is_no_incident():
    rows = minutes(NOW - timedelta(minutes=3), 5, backlog=200_000)
    assert health.incidents(rows + minutes(NOW, 2), {}, NOW) == []
