"""The DAGs on the running cluster give the same results as embedded mode, even if processes are killed.

Needs the files in BANK_DATA that the cluster mounts, and var/report/results.json of `make demo` on the same files.
"""

import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from jobs.pipeline import STEPS
from tests.stack.cluster import (
    PROJECT,
    airflow,
    compose,
    kill_inside,
    rows,
    run,
    setting,
    sql,
    start,
    task,
    url,
    wait_for_end,
    wait_inside,
    wait_until,
)

pytestmark = [pytest.mark.stack, pytest.mark.timeout(3600)]
DATA = Path(PROJECT, setting("BANK_DATA"))
EMBEDDED = PROJECT / "var/report/results.json"
SQL_EXAMPLES = re.findall(r"```sql\n(.+?)```\n```\n(.+?)```", (PROJECT / "docs/sql.md").read_text(), re.DOTALL)
BAD_HEADER = "age;job;surprise\n33;admin.;1\n"
NOTES = "note_id,customer_id,date,text\nN1,C1,01-08-2016,card lost in Goa\nN2,C2,02-08-2016,loan paid back\n"
COUNT_BY_GROUP = "select {group}, count(*) as customers, max(customer_id) as one from bank.{table} group by {group}"
# These depend on how many training runs there were:
TRAINING_RUNS = [("champion", name) for name in ("version", "decision", "reason", "run_date")]
TRAINING_RUNS += [("challenger", "version")]


def log_of(dag: str, run_id: str, task_id: str) -> str:
    tries = task(dag, run_id, task_id)["try_number"]
    content = airflow("GET", f"/dags/{dag}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{tries}")["content"]
    return json.dumps(content)


def leaves(value: object, path: tuple = ()) -> Iterator[tuple[tuple, object]]:
    """Yield each leaf of a JSON document with the path of keys that leads to it."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


@pytest.fixture(scope="module", autouse=True)
def pipeline() -> str:
    """Run `make pipeline` and return its output. Then pause the DAGs, so that each test has the cluster to itself."""
    printed = run("make", "pipeline")
    print(printed)
    for dag in ("explore", "mapreduce", "models", "forecast", "segments", "report", "inbox"):
        airflow("PATCH", f"/dags/{dag}", is_paused=True)
    return printed


@pytest.fixture
def answers() -> Iterator[str]:
    """The contents of the tables that killed runs write; the test must not change them."""
    query = "select * from bank.mapreduce_answers order by question, key;"
    query += "select count(*), sum(credit_limit) from bank.credit"
    before = sql(query)
    assert len(rows(before)) > 100
    yield before
    assert sql(query) == before


def test_the_pipeline_prints_its_findings_and_runs_every_stage(pipeline):
    assert re.search(r"Default rate +[\d.]+\s%", pipeline)
    tasks = {f"{step.stage}.run" if step.stage == "models" else step.name for step in STEPS}
    assert {name for name in tasks if f"{name}: success" not in pipeline} == set()
    assert (PROJECT / "var/cluster/index.html").stat().st_size > 1_000_000


def test_the_results_equal_those_of_embedded_mode():
    embedded, cluster = (
        dict(leaves(json.loads(path.read_text()))) for path in (EMBEDDED, PROJECT / "var/cluster/results.json")
    )
    for path in sorted(embedded.keys() | cluster.keys(), key=str):
        mine, theirs = embedded.get(path), cluster.get(path)
        if path[0] == "timings_s" or path[2:] in TRAINING_RUNS:
            continue
        if isinstance(mine, float) and isinstance(theirs, float):
            assert math.isclose(mine, theirs, rel_tol=1e-9), (path, mine, theirs)
        else:
            assert mine == theirs, path


def test_tiers_and_segments_are_the_same_in_beeline_and_on_both_command_lines():
    found = json.loads(EMBEDDED.read_text())
    tiers = {name: tier["customers"] for name, tier in found["tiers"]["rfm"].items() if tier["customers"]}
    cells = rows(sql(COUNT_BY_GROUP.format(group="rfm_tier", table="customer_tiers")))
    assert {name: int(customers) for name, customers, _ in cells} == tiers
    segments = rows(sql(COUNT_BY_GROUP.format(group="segment", table="segments")))
    assert sorted(int(customers) for _, customers, _ in segments) == sorted(found["segments"]["sizes"].values())
    tier, _, customer = cells[0]
    command = ("bankstack", "segment-of", "--customer", customer)
    answer = compose("exec", "-T", "airflow-scheduler", *command).splitlines()[-1]
    assert answer == run(sys.executable, "-m", "jobs", *command[1:]).splitlines()[-1]
    assert answer.startswith(f"{customer}: ") and f"RFM tier {tier}" in answer


@pytest.mark.skipif(not (DATA / "bank-full.csv").exists(), reason="docs/sql.md has the answers for the real files")
@pytest.mark.parametrize(("query", "answer"), SQL_EXAMPLES, ids=range(len(SQL_EXAMPLES)))
def test_the_sql_examples_in_the_docs_are_right(query, answer):
    assert len(SQL_EXAMPLES) == 5
    assert rows(sql(query)) == rows(answer)


def test_the_champion_is_the_first_version_in_mlflow_and_cannot_be_rolled_back():
    asked = {"name": "subscription", "alias": "champion"}
    found = requests.get(url("MLFLOW_PORT", "/api/2.0/mlflow/registered-models/alias"), params=asked, timeout=60)
    assert found.json()["model_version"]["version"] == "1"
    command = "bankstack rollback subscription 2>&1"
    printed = compose("exec", "-T", "airflow-scheduler", "sh", "-c", command, check=False)
    assert "version 1 is the first champion; there is none to go back to" in printed


def test_a_bad_file_fails_the_load_with_a_reason_and_the_old_table_stays():
    before = sql("select count(*) from bank.clients")
    (DATA / "surprise.csv").write_text(BAD_HEADER)
    try:
        run_id = start("ingest", dataset="clients", file="surprise.csv")
        assert wait_for_end("ingest", run_id) == "failed"
    finally:
        (DATA / "surprise.csv").unlink()
    assert task("ingest", run_id, "clients")["try_number"] == 1
    assert task("ingest", run_id, "credit")["state"] == "skipped"
    log = log_of("ingest", run_id, "clients")
    assert "surprise.csv line 1: expected 17 columns, found 3; missing: 'balance'" in log
    assert "FAILED ingest.clients failed" in log
    assert sql("select count(*) from bank.clients") == before


def test_files_dropped_into_the_inbox_are_loaded_or_refused():
    (DATA / "inbox" / "bank.csv").write_text(BAD_HEADER)
    notes = DATA / "inbox" / "call_notes.csv"
    notes.with_suffix(".part").write_text(NOTES)
    notes.with_suffix(".part").rename(notes)
    airflow("PATCH", "/dags/inbox", is_paused=False)
    wait_until(lambda: not list((DATA / "inbox").glob("*.csv")), "the inbox is empty", 300)
    airflow("PATCH", "/dags/inbox", is_paused=True)
    assert (DATA / "done/call_notes.csv").read_text() == NOTES
    assert (DATA / "refused/bank.reason.txt").read_text().startswith("bank.csv line 1: expected 17 columns")
    assert rows(sql("select count(*), max(note_id) from bank.call_notes")) == [["2", "N2"]]
    (DATA / "done/call_notes.csv").unlink()


def test_a_run_with_a_past_run_date_leaves_todays_partition_unchanged():
    (today,) = {*rows(sql("show partitions bank.maintenance_runs"))[-1]}
    before = folder_of(today.removeprefix("run_date="))
    assert wait_for_end("maintenance", start("maintenance", run_date="2026-01-05")) == "success"
    assert "maintenance_runs" in folder_of("2026-01-05")
    assert folder_of(today.removeprefix("run_date=")) == before


def folder_of(day: str) -> str:
    described = rows(sql(f"describe formatted bank.maintenance_runs partition (run_date='{day}')"))
    return next(cells[1] for cells in described if cells[0] == "Location:")


def kill_client() -> None:
    kill_inside("airflow-scheduler", "bankstack run")


def kill_executor() -> None:
    kill_inside("spark-worker", "CoarseGrainedExecutorBackend")


def kill_nodemanager() -> None:
    applications = url("RESOURCEMANAGER_PORT", "/ws/v1/cluster/apps?states=RUNNING&applicationTypes=MAPREDUCE")
    wait_until(lambda: (requests.get(applications, timeout=10).json()["apps"] or {}).get("app"), "a MapReduce job runs")
    kill_inside("nodemanager", "org.apache.hadoop")


def kill_scheduler() -> None:
    wait_inside("airflow-scheduler", "bankstack run")
    kill_inside("airflow-scheduler", "")


def test_two_concurrent_runs_give_the_same_tables_after_kills_and_a_clear(answers):
    """Executor, client and scheduler are killed during the first run, while the second one waits."""
    params = {"dataset": "credit", "force": True}
    runs = [start("ingest", **params), start("ingest", **params)]
    for kill in (kill_executor, kill_client, kill_scheduler):
        wait_until(lambda: task("ingest", runs[0], "credit")["state"] == "running", "ingest.credit runs")
        kill()
    assert [wait_for_end("ingest", run_id) for run_id in runs] == ["success", "success"]
    again = {
        "dag_run_id": runs[1],
        "task_ids": ["credit"],
        "dry_run": False,
        "only_failed": False,
        "reset_dag_runs": True,
    }
    airflow("POST", "/dags/ingest/clearTaskInstances", **again)
    assert wait_for_end("ingest", runs[1]) == "success"
    assert task("ingest", runs[1], "credit")["try_number"] == 2


def test_a_killed_spark_connect_server_and_nodemanager_change_no_answer(answers):
    run_id = start("mapreduce", force=True)
    wait_until(lambda: task("mapreduce", run_id, "spark")["state"] == "running", "mapreduce.spark runs")
    kill_inside("spark-connect", "SparkConnectServer")
    kill_nodemanager()
    assert wait_for_end("mapreduce", run_id) == "success"
