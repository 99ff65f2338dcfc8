"""The DAGs without a stack: they import quickly, follow the map, and say what a person on call must know.

Runs in Airflow's own environment (`make test` calls it): Airflow's thin Spark client and pyspark exclude each other.
"""

import json
import os
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

PROJECT = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "dags")]

os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
airflow = pytest.importorskip("airflow", reason="needs Airflow's environment: make test")
import common  # noqa: E402
from airflow.dag_processing.dagbag import DagBag  # noqa: E402

from jobs import pipeline  # noqa: E402

FILES = sorted(path.stem for path in (PROJECT / "dags").glob("*.py") if path.stem != "common")
ROOMS = sorted({step.stage for step in pipeline.STEPS})
BY_CLOCK = {"models"}  # start at a set hour, whatever changed


@pytest.fixture(scope="module")
def dags():
    bag = DagBag(str(PROJECT / "dags"))
    assert not bag.import_errors
    return bag.dags


def test_each_file_is_one_dag_of_its_name(dags):
    assert sorted(dags) == FILES


def test_each_stage_has_its_dag(dags):
    assert set(ROOMS) <= set(dags)


@pytest.mark.parametrize("name", FILES)
def test_a_dag_imports_in_two_seconds_of_work(name):
    """Work, not wall-clock: what Airflow itself needs to start is taken off, and other processes do not count."""
    code = (
        f"import time, sys, airflow.sdk; sys.path[:0] = {[str(PROJECT), str(PROJECT / 'dags')]!r}; "
        f"started = time.process_time(); import {name}; print(time.process_time() - started)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[-1]) < 2


@pytest.mark.parametrize("name", FILES)
def test_a_dag_says_what_to_do_and_who_owns_it(dags, name):
    dag = dags[name]
    assert "When it fails" in dag.doc_md
    assert "bankstack" in dag.tags
    for task in dag.tasks:
        assert task.owner == "data-platform" and task.retries >= 1 and task.execution_timeout and task.doc_md, task


@pytest.mark.parametrize("stage", ROOMS)
def test_the_steps_of_a_dag_are_those_of_the_map_in_order(dags, stage):
    assert dags[stage].get_task("run").steps == [step.name for step in pipeline.STEPS if step.stage == stage]


def test_models_and_forecast_start_every_night(dags):
    assert dags["models"].schedule == "30 3 * * *"
    assert dags["forecast"].schedule.timetable.expression == "15 3 * * *"


@pytest.mark.parametrize("stage", sorted(set(ROOMS) - BY_CLOCK))
def test_a_dag_starts_when_a_table_changed_that_it_reads_of_another_stage(dags, stage):
    steps = [step for step in pipeline.STEPS if step.stage == stage]
    read = {table for step in steps for table in step.tables_read} - {table for step in steps for table in step.writes}
    read -= {"load_runs"}  # changes with every file, also with those of other tables
    if stage == "report":  # what ingest changes, explore changes after it
        read -= {table for step in pipeline.select(["ingest"]) for table in step.writes}
    condition = dags[stage].timetable.asset_condition
    assert {asset.name for asset in getattr(condition, "objects", [])} == read


def test_jobs_get_the_date_of_the_run_and_never_ds(dags):
    for path in (PROJECT / "dags").glob("*.py"):
        text = path.read_text()
        assert "{{ ds" not in text and "logical_date" not in text, path.name
    assert "dag_run.run_after" in str(dags["ingest"].get_task("run").application_args)


def test_a_failure_is_told_to_a_webhook_and_in_the_log(monkeypatch, caplog):
    received = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    task = SimpleNamespace(dag_id="ingest", task_id="run", run_id="manual", try_number=1)
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("BANK_NOTIFY", f"json://127.0.0.1:{server.server_port}/hook")
        common.tell_failure({"task_instance": task, "exception": "bank.csv line 1: expected 17 columns"})
        common.tell("bankstack: models warns", "default: age moved")
        server.shutdown()
    assert received[0]["title"] == "bankstack: ingest failed"
    assert "bank.csv line 1" in received[0]["message"]
    assert "FAILED ingest.run failed" in caplog.text
    assert (received[1]["title"], received[1]["message"]) == ("bankstack: models warns", "default: age moved")
