"""What the cluster holds is the same after a stop, a lost process, a power cut, and from a backup."""

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
    wait_until,
)

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
TEXT = "".join(f"{number};{number * number}\n" for number in range(20_000))


def holdings() -> dict[str, object]:
    """Checksums and rows of what was put into each of the stores."""
    return {
        "file in HDFS": hashlib.sha256(hdfs("-cat", "/bank/lives/numbers.csv").encode()).hexdigest(),
        "rows in Hive": sql("select count(*), sum(square), max(day) from lives.numbers"),
        "run in MLflow": [
            (found["data"]["metrics"], found["info"]["run_id"])
            for found in mlflow("runs/search", experiment_ids=[experiment()], max_results=10)["runs"]
        ],
        "variable in Airflow": airflow("GET", "/variables/lives")["value"],
        "log of Airflow": airflow("GET", "/eventLogs?event=post_variable&limit=1&order_by=event_log_id")["event_logs"],
    }


def experiment() -> str:
    found = mlflow("experiments/search", max_results=1, filter="name = 'lives'").get("experiments")
    return found[0]["experiment_id"] if found else mlflow("experiments/create", name="lives")["experiment_id"]


@pytest.fixture(scope="module")
def before():
    hdfs("-mkdir", "-p", "/bank/lives")
    hdfs("-put", "-f", "-", "/bank/lives/numbers.csv", stdin=TEXT)
    sql(
        "create database if not exists lives; drop table if exists lives.numbers;"
        " create external table lives.numbers (square bigint, day date) stored as parquet"
        " location '/bank/lives/numbers' tblproperties ('external.table.purge'='true');"
        " insert into lives.numbers values (1, date '2016-02-29'), (4, date '2026-01-01')"
    )
    started = mlflow("runs/create", experiment_id=experiment())["run"]["info"]["run_id"]
    mlflow("runs/log-metric", run_id=started, key="answer", value=42, timestamp=0)
    if "lives" in {found["key"] for found in airflow("GET", "/variables?limit=100")["variables"]}:
        airflow("PATCH", "/variables/lives", key="lives", value="still here")
    else:
        airflow("POST", "/variables", key="lives", value="still here")
    state = holdings()
    assert state["log of Airflow"]
    yield state
    sql("drop database if exists lives cascade")
    hdfs("-rm", "-r", "-f", "-skipTrash", "/bank/lives")


def test_a_power_cut_loses_nothing(before):
    run("docker", "kill", *containers())
    run("make", "down")
    assert containers(everything=True) == []
    run("make", "up")
    assert holdings() == before


@pytest.mark.parametrize("service", ["namenode", "metastore", "postgres"])
def test_a_killed_process_comes_back_by_itself(before, service):
    (container,) = containers(service)
    run("docker", "exec", container, "sh", "-c", "kill -9 $(pgrep -P 1)", check=False)
    wait_until(lambda: not healthy(service) or run_count(container) > 0, f"{service} goes down", 60)
    wait_until(lambda: healthy(service), f"{service} is healthy again")
    for other in ("hiveserver2", "airflow-scheduler", "mlflow"):
        wait_until(lambda other=other: healthy(other), f"{other} is healthy with the new {service}")
    assert holdings() == before


def run_count(container: str) -> int:
    """How often Docker has started this container again."""
    return int(run("docker", "inspect", "-f", "{{.RestartCount}}", container))


def test_every_service_stops_in_its_time_and_a_backup_brings_all_back(before, tmp_path):
    """Docker kills what does not end on SIGTERM in 30 seconds: exit code 137."""
    backup = str(tmp_path / "backup")
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
    assert holdings() == before
