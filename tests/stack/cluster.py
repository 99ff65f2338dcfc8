"""Access to the cluster from the host: Compose, web APIs, HDFS and SQL."""

import json
import os
import subprocess
import time
from pathlib import Path

import requests

PROJECT = Path(__file__).parents[2]
TOOL = str(PROJECT / "docker/stack")
DONE = ("success", "failed")


def run(*command: str, check: bool = True, stdin: str | None = None, **environment: str) -> str:
    """Run a command in the project's folder and return its output; if it fails, the message has its errors."""
    settings = {**os.environ, **environment}
    done = subprocess.run(command, cwd=PROJECT, input=stdin, capture_output=True, text=True, env=settings)
    printed = f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    assert not check or done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{printed}"
    return done.stdout


def compose(*arguments: str, **options) -> str:
    return run(TOOL, "compose", *arguments, **options)


def setting(name: str) -> str:
    """Return a setting from the environment, .env or .env.example."""
    values = {}
    for file in (".env.example", ".env"):
        path = PROJECT / file
        lines = path.read_text().splitlines() if path.exists() else []
        values |= dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return os.environ.get(name) or values[name]


def secrets() -> dict[str, str]:
    """Return the generated secrets in .env by name."""
    names = [line.split("=")[0] for line in (PROJECT / ".env").read_text().splitlines() if "=" in line]
    return {name: setting(name) for name in names if name.startswith("AIRFLOW__") or name.endswith("_PASSWORD")}


def url(port_name: str, path: str) -> str:
    return f"http://127.0.0.1:{setting(port_name)}{path}"


def containers(service: str = "", everything: bool = False) -> list[str]:
    """Return the ids of a service's containers, or of all containers."""
    return compose("ps", "-q", *(["-a"] if everything else []), *([service] if service else [])).split()


def wait_until(condition, what: str, seconds: int = 300):
    """Evaluate a condition every two seconds until it is true, and return its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if value := condition():
                return value
        except (requests.RequestException, AssertionError):
            pass
        time.sleep(2)
    raise AssertionError(f"timed out after {seconds} s: {what}")


def healthy(service: str) -> bool:
    lines = compose("ps", "--format", "{{.Service}} {{.Health}}", service).split("\n")
    return {line for line in lines if line} == {f"{service} healthy"}


def hdfs(*arguments: str, check: bool = True, stdin: str | None = None) -> str:
    """Run an HDFS file command as the pipeline's user."""
    return compose(
        "exec", "-T", "-e", "HADOOP_USER_NAME=bank", "namenode", "hdfs", "dfs", *arguments, check=check, stdin=stdin
    )


def sql(query: str) -> str:
    return run(TOOL, "sql", Q=query)


def rows(answer: str) -> list[list[str]]:
    """Return the cells of an answer of `make sql` without its header."""
    lines = [line for line in answer.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def airflow(method: str, path: str, **body) -> dict:
    """Call Airflow's REST API as admin."""
    login = {"username": "admin", "password": setting("AIRFLOW_ADMIN_PASSWORD")}
    token = requests.post(url("AIRFLOW_PORT", "/auth/token"), json=login, timeout=60).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.request(
        method, url("AIRFLOW_PORT", f"/api/v2{path}"), headers=headers, json=body or None, timeout=60
    )
    assert answer.ok, answer.text
    return answer.json()


def start(dag: str, **params: object) -> str:
    """Trigger a DAG as its form does, and return the run's id."""
    airflow("PATCH", f"/dags/{dag}", is_paused=False)
    return airflow("POST", f"/dags/{dag}/dagRuns", logical_date=None, conf=params)["dag_run_id"]


def task(dag: str, run_id: str, task_id: str) -> dict:
    return airflow("GET", f"/dags/{dag}/dagRuns/{run_id}/taskInstances/{task_id}")


def wait_for_end(dag: str, run_id: str) -> str:
    """Wait until a run ends, and return its state."""
    path = f"/dags/{dag}/dagRuns/{run_id}"
    state = wait_until(lambda: (state := airflow("GET", path)["state"]) in DONE and state, f"{dag} ends", 900)
    return str(state)


def mlflow(path: str, **body) -> dict:
    """Call MLflow's REST API."""
    answer = requests.post(url("MLFLOW_PORT", f"/api/2.0/mlflow/{path}"), json=body, timeout=60)
    assert answer.ok, answer.text
    return answer.json()


def live_datanodes() -> int:
    query = "/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState"
    return requests.get(url("NAMENODE_PORT", query), timeout=10).json()["beans"][0]["NumLiveDataNodes"]


def spark_workers() -> int:
    return json.loads(requests.get(url("SPARK_PORT", "/json/"), timeout=10).text)["aliveworkers"]


def wait_inside(service: str, pattern: str) -> str:
    """Wait until a process matches a pattern, and return its container."""
    (container,) = containers(service)
    search = ("docker", "exec", container, "pgrep", "-f", pattern)
    wait_until(lambda: run(*search, check=False), f"{pattern} in {service}", 120)
    return container


def kill_inside(service: str, pattern: str) -> None:
    """`kill -9` the processes of a service that match a pattern; all of them if it is empty."""
    container = wait_inside(service, pattern or ".")
    run("docker", "exec", container, "pkill", "-9", "-f", pattern or ".", check=False)
