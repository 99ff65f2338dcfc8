"""What the DAG `stream` finds wrong with the streaming queries."""

import os
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "dags")]
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
pytest.importorskip("airflow", reason="needs Airflow's environment: make test")
from stream import problems  # noqa: E402

NOW = datetime(2026, 11, 22, 12, 0)
FINE = {
    "query": "windows",
    "finished_at": NOW - timedelta(minutes=1),
    "events": 2_000,
    "dead_letters": 2,
    "backlog": 40,
    "latency_p95_s": 2.5,
}


def test_a_stream_that_works_is_left_alone():
    assert (
        problems([FINE, {**FINE, "query": "alerts", "latency_p95_s": None, "events": 0, "dead_letters": 0}], NOW) == []
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"finished_at": NOW - timedelta(minutes=12)}, "windows: no batch for 12 minutes"),
        ({"latency_p95_s": 75.0}, "windows: behind, an event takes up to 75 s to the live page"),
        ({"backlog": 250_000}, "windows: behind, 250,000 events wait at the broker"),
        ({"dead_letters": 150}, "windows: 150 of 2,000 events were refused in ten minutes"),
    ],
)
def test_what_is_wrong_is_said(changed, said):
    assert problems([{**FINE, **changed}], NOW) == [said]
