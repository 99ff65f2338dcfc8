"""The cluster keeps its data through a stop, a killed process, a power cut, and a restored backup."""

import hashlib

import pytest

from tests.stack.cluster import (
    PROJECT,
    TOOL,
    airflow,
    compose,
    containers,
    hdfs,
    healthy,
    mlflow,
    run,
    sql,
    start,
    wait_for_end,
    wait_inside,
    wait_until,
)

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
TEXT = "".join(f"{number};{number * number}\n" for number in range(20_000))


def stored_data() -> dict[str, object]:
    """Return checksums and rows of the data that the fixture has put into each store."""
    return {
        "file in HDFS": hashlib.sha256(hdfs("-cat", "/bank/durability/numbers.csv").encode()).hexdigest(),
        "rows in Hive": sql("select count(*), sum(square), max(day) from durability.numbers"),
        "run in MLflow": [
            (found["data"]["metrics"], found["info"]["run_id"])
            for found in mlflow("runs/search", experiment_ids=[experiment()], max_results=10)["runs"]
        ],
        "variable in Airflow": airflow("GET", "/variables/durability")["value"],
        "log of Airflow": airflow("GET", "/eventLogs?event=post_variable&limit=1&order_by=event_log_id")["event_logs"],
    }


def experiment() -> str:
    found = mlflow("experiments/search", max_results=1, filter="name = 'durability'").get("experiments")
    return found[0]["experiment_id"] if found else mlflow("experiments/create", name="durability")["experiment_id"]


@pytest.fixture(scope="module")
def before():
    hdfs("-mkdir", "-p", "/bank/durability")
    hdfs("-put", "-f", "-", "/bank/durability/numbers.csv", stdin=TEXT)
    sql(
        "create database if not exists durability; drop table if exists durability.numbers;"
        " create external table durability.numbers (square bigint, day date) stored as parquet"
        " location '/bank/durability/numbers' tblproperties ('external.table.purge'='true');"
        " insert into durability.numbers values (1, date '2016-02-29'), (4, date '2026-01-01')"
    )
    started = mlflow("runs/create", experiment_id=experiment())["run"]["info"]["run_id"]
    mlflow("runs/log-metric", run_id=started, key="answer", value=42, timestamp=0)
    if "durability" in {found["key"] for found in airflow("GET", "/variables?limit=100")["variables"]}:
        airflow("PATCH", "/variables/durability", key="durability", value="kept")
    else:
        airflow("POST", "/variables", key="durability", value="kept")
    state = stored_data()
    assert state["log of Airflow"]
    yield state
    sql("drop database if exists durability cascade")
    hdfs("-rm", "-r", "-f", "-skipTrash", "/bank/durability")


def test_a_power_cut_loses_nothing(before):
    run("docker", "kill", *containers())
    run("make", "down")
    assert containers(everything=True) == []
    run("make", "up")
    assert stored_data() == before


@pytest.mark.parametrize("service", ["namenode", "metastore", "postgres"])
def test_a_killed_process_restarts_by_itself(before, service):
    (container,) = containers(service)
    run("docker", "exec", container, "sh", "-c", "kill -9 $(pgrep -P 1)", check=False)
    wait_until(lambda: not healthy(service) or restart_count(container) > 0, f"{service} goes down", 60)
    wait_until(lambda: healthy(service), f"{service} is healthy again")
    for other in ("hiveserver2", "airflow-scheduler", "mlflow"):
        wait_until(lambda other=other: healthy(other), f"{other} is healthy with the restarted {service}")
    assert stored_data() == before


def restart_count(container: str) -> int:
    """Return how often Docker has restarted this container."""
    return int(run("docker", "inspect", "-f", "{{.RestartCount}}", container))


def test_every_service_stops_in_time_and_a_backup_restores_all_data(before, tmp_path):
    """Docker kills a process that ignores SIGTERM for 30 seconds: exit code 137. The stopped task runs again."""
    backup = str(tmp_path / "backup")
    run_id = start("ingest", dataset="credit", force=True)
    wait_inside("airflow-scheduler", "bankstack run")
    compose("stop")
    codes = dict(line.split() for line in compose("ps", "-a", "--format", "{{.Service}} {{.ExitCode}}").splitlines())
    run("make", "down")
    run(TOOL, "backup", backup)
    run("make", "clean", FORCE="1")
    run(TOOL, "restore", backup)
    run("make", "up")
    assert len(codes) > 15
    assert {name: code for name, code in codes.items() if code == "137"} == {}
    assert (PROJECT / ".env").stat().st_mode & 0o777 == 0o600
    assert stored_data() == before
    assert wait_for_end("ingest", run_id) == "success"
