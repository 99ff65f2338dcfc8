#!/opt/airflow/bin/python
"""Trigger a DAG, or the whole pipeline, through Airflow's REST API; print task states as they change.

    trigger ingest           start a run
    trigger --wait ingest    start a run and wait; if it fails, print the last log lines of the failed task
    trigger --pause stream   pause the DAG
    trigger --pipeline       run ingest, wait for all DAGs that its tables start, and print the findings

The admin password is read from standard input. Exit codes: 0 success, 1 a task failed, 2 wrong arguments.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from jobs.pipeline import STEPS

API = "http://airflow-apiserver:8080"
RESULTS = Path("/data/bank/report/results.json")
STAGES = list(dict.fromkeys(step.stage for step in STEPS))
STARTED_BY_CLOCK = ("models", "maintenance")
CLOCK_SECONDS = 6  # Airflow starts the last night's run of a DAG this long after it is unpaused for the first time
SETTLE_SECONDS = 15  # without a queued run for this long, no asset will start another
PARSE_SECONDS = 60  # just after the first start, Airflow may not have parsed a DAG yet
POLL_SECONDS = 2.0
LOG_LINES = 25


class Airflow:
    """A session with the REST API as admin, which remembers the task states it has printed."""

    def __init__(self, password: str, api: str = API) -> None:
        """Log in."""
        self.api = api
        self.http = requests.Session()
        self.printed: set[tuple[str, ...]] = set()
        self.started = time.monotonic()
        login = self.call("POST", "/auth/token", json={"username": "admin", "password": password})
        self.http.headers["Authorization"] = f"Bearer {login['access_token']}"

    def call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Return the JSON response to a request; exit with Airflow's message if it is an error."""
        response = self.http.request(method, f"{self.api}{path}", timeout=60, **options)
        if not response.ok:
            sys.exit(f"{method} {path}: {response.status_code} {response.text[:500]}")
        return dict(response.json()) if response.content else {}

    def trigger(self, dag: str) -> str:
        """Unpause a DAG, start a run, and return the run's id."""
        self.unpause(dag)
        return str(self.call("POST", f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None})["dag_run_id"])

    def unpause(self, dag: str) -> None:
        """Unpause a DAG; new DAGs are paused. Waits until Airflow has parsed it."""
        end = time.monotonic() + PARSE_SECONDS
        while self.http.get(f"{self.api}/api/v2/dags/{dag}", timeout=60).status_code == 404:
            if time.monotonic() > end:
                break
            time.sleep(1)
        self.set_paused(dag, False)

    def set_paused(self, dag: str, paused: bool) -> None:
        """Pause or unpause a DAG."""
        self.call("PATCH", f"/api/v2/dags/{dag}", json={"is_paused": paused})

    def runs(self, dag: str, since: str) -> list[dict[str, Any]]:
        """Return the DAG's runs that were queued or active since an ISO timestamp, oldest first."""
        path = f"/api/v2/dags/{dag}/dagRuns?updated_at_gte={since}&order_by=run_after&limit=100"
        return list(self.call("GET", path)["dag_runs"])

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """Return the task instances of a run."""
        return list(self.call("GET", f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances")["task_instances"])

    def print_changes(self, dag: str, run: str) -> None:
        """Print the states of a run's tasks that have changed since the last call."""
        for task in self.tasks(dag, run):
            state, number = task["state"] or "waiting", task["try_number"]
            key = (dag, run, task["task_id"], state, str(number))
            if key not in self.printed:
                self.printed.add(key)
                again = f" (try {number})" if number > 1 else ""
                print(f"{time.monotonic() - self.started:6.0f} s  {dag}.{task['task_id']}: {state}{again}", flush=True)

    def print_failures(self, dag: str, run: str) -> None:
        """Print the last log lines of each failed task."""
        for task in self.tasks(dag, run):
            if task["state"] == "failed":
                path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task['task_id']}/logs/{task['try_number']}"
                log = self.call("GET", path, headers={"Accept": "application/json"})["content"]
                lines = [str(event.get("event", event)) if isinstance(event, dict) else str(event) for event in log]
                print(f"--- last log lines of {dag}.{task['task_id']}:", *lines[-LOG_LINES:], sep="\n")

    def startup_seconds(self, dag: str, run: str, task: str) -> float:
        """Return how long a task waited for its Spark session; 0 if it had none."""
        entries = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries"
        if "startup_s" not in {entry["key"] for entry in self.call("GET", entries)["xcom_entries"]}:
            return 0.0
        return float(self.call("GET", f"{entries}/startup_s")["value"])

    def wait(self, dag: str, run: str) -> bool:
        """Wait until a run ends, and return whether it succeeded."""
        while True:
            self.print_changes(dag, run)
            state = self.call("GET", f"/api/v2/dags/{dag}/dagRuns/{run}")["state"]
            if state == "success":
                return True
            if state == "failed":
                self.print_failures(dag, run)
                return False
            time.sleep(POLL_SECONDS)

    def wait_until_idle(self, since: str) -> bool:
        """Wait until no run has been queued or running for `SETTLE_SECONDS`; return False as soon as a run fails."""
        idle_since = time.monotonic()
        while time.monotonic() - idle_since < SETTLE_SECONDS:
            for dag in STAGES:
                for run in self.runs(dag, since):
                    self.print_changes(dag, run["dag_run_id"])
                    if run["state"] == "failed":
                        self.print_failures(dag, run["dag_run_id"])
                        return False
                    if run["state"] in ("queued", "running"):
                        idle_since = time.monotonic()
            time.sleep(POLL_SECONDS)
        return True


def run_pipeline(airflow: Airflow, since: str) -> bool:
    """Run ingest and all DAGs that follow from it, and return whether all succeeded.

    DAGs that start by the clock run beside those that a changed table starts, so that one report covers everything.
    They are unpaused after the load: unpaused for the first time, they run at once, and would find no tables. DAGs that
    nothing has started are started one by one at the end.
    """
    for dag in (*(stage for stage in STAGES if stage not in STARTED_BY_CLOCK), "inbox"):
        airflow.unpause(dag)
    first = STAGES[0]
    if not airflow.wait(first, airflow.trigger(first)):
        return False
    for dag in STARTED_BY_CLOCK:
        airflow.unpause(dag)
    time.sleep(CLOCK_SECONDS)
    for dag in STARTED_BY_CLOCK:
        if not airflow.runs(dag, since):
            airflow.trigger(dag)
    if not airflow.wait_until_idle(since):
        return False
    while not_started := [dag for dag in STAGES if not airflow.runs(dag, since)]:
        dag = not_started[0]
        if not airflow.wait(dag, airflow.trigger(dag)) or not airflow.wait_until_idle(since):
            return False
    return True


def print_findings(results: Path = RESULTS) -> None:
    """Print the report's findings."""
    for finding in json.loads(results.read_text())["findings"]:
        print(f"  {finding['label']:<31}{finding['value']:>25}  {finding['source']} {finding['dataset']}")


def print_durations(airflow: Airflow, since: str) -> None:
    """Print how long the Spark tasks of each DAG took, and how much of that was waiting for their sessions."""
    total = startup = 0.0
    for dag in STAGES:
        for run in airflow.runs(dag, since):
            seconds = ready = 0.0
            for task in airflow.tasks(dag, run["dag_run_id"]):
                if waited := airflow.startup_seconds(dag, run["dag_run_id"], task["task_id"]):
                    seconds += task["duration"]
                    ready += waited
            if seconds:
                print(f"  {dag}: {seconds:.0f} s in Spark tasks, {ready:.0f} s of it until their sessions were ready")
            total += seconds
            startup += ready
    wall = time.monotonic() - airflow.started
    print(f"  all: {wall:.0f} s; Spark tasks {total:.0f} s, of which {startup / total:.0%} start-up")


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments, do what they say, and return the exit code."""
    parser = argparse.ArgumentParser(prog="trigger", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("dag", nargs="?")
    parser.add_argument("--wait", action="store_true")
    parser.add_argument("--pause", action="store_true")
    parser.add_argument("--pipeline", action="store_true")
    options = parser.parse_args(arguments)
    if bool(options.dag) == options.pipeline:
        parser.error("name a DAG, or --pipeline")
    airflow = Airflow(sys.stdin.readline().strip())
    if options.pipeline:
        since = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        if not run_pipeline(airflow, since):
            return 1
        print_findings()
        print_durations(airflow, since)
        return 0
    if options.pause:
        airflow.set_paused(options.dag, True)
        return 0
    run = airflow.trigger(options.dag)
    print(f"{options.dag}: run {run}")
    return 0 if not options.wait or airflow.wait(options.dag, run) else 1


if __name__ == "__main__":
    sys.exit(main())
