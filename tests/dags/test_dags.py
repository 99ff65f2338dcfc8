"""The DAGs without a cluster: they import quickly, follow the pipeline, and document what to do when they fail."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import common
import pytest
from airflow.dag_processing.dagbag import DagBag

from jobs import pipeline

DAGS = Path(__file__).parents[2] / "dags"
FILES = sorted(path.stem for path in DAGS.glob("*.py") if path.stem != "common")
STAGES = sorted({step.stage for step in pipeline.STEPS})
OWN_DRIVER = {"models"}  # XGBoost's Spark model needs one
STARTED_BY_CLOCK = {"models"}  # at a fixed time, whatever has changed

IMPORT_DAGS = """
import importlib, json, multiprocessing, sys, time
import airflow.sdk

def measure(name):
    started = time.process_time()
    importlib.import_module(name)
    return time.process_time() - started

names = sys.argv[1:]
with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
    print(json.dumps(dict(zip(names, pool.map(measure, names, chunksize=1)))))
"""
"""Prints the CPU seconds that the import of each DAG takes in a new process that has imported Airflow."""


@pytest.fixture(scope="module")
def dags():
    bag = DagBag(str(DAGS))
    assert not bag.import_errors
    return bag.dags


def test_each_file_defines_one_dag_with_the_name_of_the_file(dags):
    assert sorted(dags) == FILES


def test_each_stage_has_a_dag(dags):
    assert set(STAGES) <= set(dags)


def test_each_dag_imports_within_two_seconds_of_cpu_time():
    """CPU time, not wall-clock time, and without Airflow's own import: other processes don't affect the result."""
    # With -c, Python imports from the working folder.
    done = subprocess.run([sys.executable, "-c", IMPORT_DAGS, *FILES], cwd=DAGS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seconds = json.loads(done.stdout.splitlines()[-1])
    assert sorted(seconds) == FILES
    assert max(seconds.values()) < 2, seconds


@pytest.mark.parametrize("name", FILES)
def test_a_dag_documents_what_to_do_when_it_fails(dags, name):
    assert "When it fails" in dags[name].doc_md
    assert "bankstack" in dags[name].tags


@pytest.mark.parametrize("name", FILES)
def test_every_task_has_an_owner_retries_a_time_limit_and_documentation(dags, name):
    for task in dags[name].tasks:
        assert task.owner == "data-platform" and task.retries >= 1 and task.execution_timeout and task.doc_md, task


@pytest.mark.parametrize("stage", sorted(set(STAGES) - OWN_DRIVER))
def test_each_step_is_a_task_that_waits_for_the_steps_whose_tables_it_reads(dags, stage):
    dag = dags[stage]
    for step in pipeline.select([stage]):
        task = dag.get_task(step.name.split(".")[1])
        before = {other.name.split(".")[1] for other in pipeline.upstream(step) if other.stage == stage}
        assert task.arguments[:2] == ["run", step.name]
        assert task.upstream_task_ids >= before
        assert "changed_tables" in task.downstream_task_ids


def test_models_are_trained_in_a_driver_of_their_own_beside_quick_steps(dags):
    run = dags["models"].get_task("run")
    assert run.application_args[:2] == ["run", "models"]
    assert run.pool == "training" != dags["explore"].get_task("describe").pool


@pytest.mark.parametrize("stage", [*STAGES, "inbox"])
def test_changes_are_reported_once_even_if_a_step_failed_which_still_fails_the_run(dags, stage):
    task = dags[stage].get_task("changed_tables")
    assert task.is_teardown and not task.on_failure_fail_dagrun
    assert not task.downstream_task_ids


def test_a_run_for_one_data_set_skips_the_other_loads_and_is_still_checked(dags):
    load = dags["ingest"].get_task("credit")
    assert load.enabled == "{{ params.dataset in ('all', 'credit') }}"
    assert dags["ingest"].get_task("check").trigger_rule == "none_failed"


def test_models_and_forecast_start_every_night(dags):
    assert dags["models"].schedule == "30 3 * * *"
    assert dags["forecast"].schedule.timetable.expression == "15 3 * * *"


@pytest.mark.parametrize("stage", sorted(set(STAGES) - STARTED_BY_CLOCK))
def test_a_dag_starts_when_another_stage_changes_a_table_that_it_reads(dags, stage):
    steps = [step for step in pipeline.STEPS if step.stage == stage]
    read = {table for step in steps for table in step.tables_read} - {table for step in steps for table in step.writes}
    read -= {"load_runs"}  # changes with every loaded file, whatever table it belongs to
    if stage == "report":  # a change by ingest arrives through explore
        read -= {table for step in pipeline.select(["ingest"]) for table in step.writes}
    condition = dags[stage].timetable.asset_condition
    assert {asset.name for asset in getattr(condition, "objects", [])} == read


def test_jobs_use_the_date_of_the_run_and_never_ds(dags):
    for path in DAGS.glob("*.py"):
        text = path.read_text()
        assert "{{ ds" not in text and "logical_date" not in text, path.name
    assert "dag_run.run_after" in str(dags["ingest"].get_task("credit").arguments)


@pytest.fixture
def webhook(monkeypatch):
    """A web server that BANK_NOTIFY points to; returns the messages it has received."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("BANK_NOTIFY", f"json://127.0.0.1:{server.server_port}/hook")
        yield received
        server.shutdown()


def test_a_failure_is_logged_and_sent_to_the_webhook(webhook, caplog):
    task = SimpleNamespace(dag_id="ingest", task_id="run", run_id="manual", try_number=1)
    common.notify_failure({"task_instance": task, "exception": "bank.csv line 1: expected 17 columns"})
    assert [message["title"] for message in webhook] == ["bankstack: ingest failed"]
    assert "bank.csv line 1" in webhook[0]["message"]
    assert "FAILED ingest.run failed" in caplog.text


def test_warnings_of_a_run_are_logged_and_sent_to_the_webhook(webhook, caplog):
    context = {"dag": SimpleNamespace(dag_id="models")}
    common.report_warnings(context, {"models.drift_default": ["default: age moved"], "models.drift_subscription": []})
    assert [(message["title"], message["message"]) for message in webhook] == [
        ("bankstack: models warns", "default: age moved")
    ]
    assert "WARNING default: age moved" in caplog.text


def test_without_bank_notify_nothing_is_sent(monkeypatch, caplog):
    monkeypatch.delenv("BANK_NOTIFY", raising=False)
    common.notify("bankstack: models warns", "default: age moved")
    assert "BANK_NOTIFY" not in caplog.text


def test_a_refused_file_is_taken_from_the_outcome_once_and_the_changes_stay(tmp_path):
    outcome = tmp_path / "ingest.json"
    outcome.write_text(json.dumps({"changed": {"ingest.credit": ["credit"]}, "refusal": "bank.csv line 1: no header"}))
    assert common.take_refusal(outcome) == "bank.csv line 1: no header"
    assert common.take_refusal(outcome) == ""
    assert json.loads(outcome.read_text()) == {"changed": {"ingest.credit": ["credit"]}}


def test_no_outcome_file_means_no_refused_file(tmp_path):
    assert common.take_refusal(tmp_path / "missing.json") == ""
