"""`trigger` against a fake Airflow: what it starts, what it waits for, and what it prints."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import trigger

SINCE = "2026-11-27T00:00:00Z"


class FakeAirflow:
    """Airflow's REST API with runs that end as soon as their state is requested."""

    def __init__(self):
        self.dags = {name: {"is_paused": True} for name in (*trigger.STAGES, "inbox")}
        self.runs = {}
        self.started_by = {}
        self.started_by_clock = set()
        self.started = []
        self.failing = set()
        self.not_parsed_yet = 0

    def start(self, dag):
        run = {"dag_run_id": f"{dag}-1", "state": "failed" if dag in self.failing else "success"}
        self.runs[dag] = [run]
        self.started.append(dag)
        for downstream in self.started_by.get(dag, ()):
            self.start(downstream)
        return run

    def respond(self, method, path, body):
        """Return status and body of a response."""
        path = path.partition("?")[0].removeprefix("/api/v2/dags/")
        dag, _, rest = path.partition("/")
        if path == "/auth/token":
            return (200, {"access_token": "t"}) if body["password"] == "secret" else (401, {"detail": "Invalid"})
        if not rest and method == "GET" and self.not_parsed_yet:
            self.not_parsed_yet -= 1
            return 404, {}
        if method == "PATCH":
            self.dags[dag].update(body)
            if dag in self.started_by_clock and not body["is_paused"]:
                self.start(dag)
            return 200, self.dags[dag]
        if method == "POST":
            return 200, self.start(dag)
        if rest == "dagRuns":
            return 200, {"dag_runs": self.runs.get(dag, [])}
        if rest.endswith("/taskInstances"):
            state = self.runs[dag][0]["state"]
            task = {"task_id": "run", "state": state, "try_number": 1, "duration": 40.0}
            return 200, {"task_instances": [task]}
        if rest.endswith("/xcomEntries"):
            return 200, {"xcom_entries": [{"key": "return_value"}, {"key": "startup_s"}]}
        if rest.endswith("/startup_s"):
            return 200, {"value": "10"}
        if "/logs/" in rest:
            return 200, {"content": [{"event": "starting"}, {"event": "bank.csv line 1: expected 17 columns"}]}
        return 200, self.runs[dag][0] if rest else self.dags[dag]


@pytest.fixture
def fake(monkeypatch):
    server_state = FakeAirflow()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            status, answer = server_state.respond(self.command, self.path, body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any

        def log_message(self, *_):
            pass

    monkeypatch.setattr(trigger, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(trigger, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(trigger, "CLOCK_SECONDS", 0.01)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        server_state.api = f"http://127.0.0.1:{server.server_port}"
        yield server_state
        server.shutdown()


@pytest.fixture
def airflow(fake):
    return trigger.Airflow("secret", fake.api)


def test_a_wrong_password_ends_with_airflows_answer(fake):
    with pytest.raises(SystemExit, match=re.escape("POST /auth/token: 401")):
        trigger.Airflow("wrong", fake.api)


def test_triggering_a_dag_unpauses_it_and_starts_one_run(airflow, fake):
    assert airflow.trigger("explore") == "explore-1"
    assert fake.dags["explore"] == {"is_paused": False}
    assert list(fake.runs) == ["explore"]


def test_a_dag_that_airflow_has_not_parsed_yet_is_waited_for(airflow, fake, monkeypatch):
    monkeypatch.setattr(trigger.time, "sleep", lambda _: None)
    fake.not_parsed_yet = 2
    assert airflow.trigger("explore") == "explore-1"
    assert fake.not_parsed_yet == 0


def test_waiting_prints_each_task_state_once(airflow, capsys):
    run = airflow.trigger("explore")
    assert airflow.wait("explore", run)
    assert airflow.wait("explore", run)
    assert re.fullmatch(r" +\d+ s  explore\.run: success\n", capsys.readouterr().out)


def test_a_failed_run_prints_the_last_log_lines_of_its_task(airflow, fake, capsys):
    fake.failing = {"ingest"}
    assert not airflow.wait("ingest", airflow.trigger("ingest"))
    printed = capsys.readouterr().out
    assert printed.endswith("--- last log lines of ingest.run:\nstarting\nbank.csv line 1: expected 17 columns\n")


def test_the_pipeline_runs_every_stage_once(airflow, fake):
    fake.started_by = {"ingest": ["explore", "mapreduce"], "explore": ["report"]}
    assert trigger.run_pipeline(airflow, SINCE)
    assert sorted(fake.started) == sorted(trigger.STAGES)
    assert not any(dag["is_paused"] for dag in fake.dags.values())


def test_a_run_that_unpausing_starts_comes_after_the_load_and_is_not_started_again(airflow, fake):
    fake.started_by_clock = {"models", "maintenance"}
    assert trigger.run_pipeline(airflow, SINCE)
    assert sorted(fake.started) == sorted(trigger.STAGES)
    assert fake.started[0] == "ingest"


@pytest.mark.parametrize("stage", ["ingest", "explore", "maintenance"])
def test_the_pipeline_fails_with_any_of_its_stages(airflow, fake, stage):
    fake.started_by = {"ingest": ["explore"]}
    fake.failing = {stage}
    assert not trigger.run_pipeline(airflow, SINCE)


def test_findings_are_printed_with_their_source(tmp_path, capsys):
    results = tmp_path / "results.json"
    finding = {"label": "Default rate", "value": "22.1 %", "source": "real", "dataset": "credit"}
    results.write_text(json.dumps({"findings": [finding]}))
    trigger.print_findings(results)
    assert capsys.readouterr().out.split() == ["Default", "rate", "22.1", "%", "real", "credit"]


def test_durations_name_the_share_of_spark_start_up(airflow, capsys):
    airflow.trigger("explore")
    trigger.print_durations(airflow, SINCE)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  explore: 40 s in Spark tasks, 10 s of it until their sessions were ready"
    assert lines[1].endswith("Spark tasks 40 s, of which 25% start-up")


@pytest.mark.parametrize("arguments", [[], ["explore", "--pipeline"]])
def test_either_a_dag_or_the_pipeline_must_be_named(arguments):
    with pytest.raises(SystemExit) as ended:
        trigger.main(arguments)
    assert ended.value.code == 2
