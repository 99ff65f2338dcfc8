"""Live transactions on the cluster: windows and alerts equal those of a batch, even if services are killed."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.stack.cluster import airflow, compose, healthy, kill_inside, rows, run, sql, url, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
SERVICES = ("producer", "stream", "dashboard", "kafka")
COUNTS = re.compile(r"(\w+): (\d+) rows, (\d+) differ")


@pytest.fixture(autouse=True, scope="module")
def stream():
    """Run the stream at two minutes of event time per second, so that windows close quickly."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COMPOSE_PROFILES", "stream")
        run("make", "stream", STREAM_RATE="100", STREAM_SPEED="120")
        yield
        compose("rm", "-sf", *SERVICES)


@pytest.fixture(autouse=True)
def service_logs():
    """Print the last lines of the services' logs; pytest shows them if the test fails."""
    yield
    print(compose("logs", "--tail", "60", *SERVICES))


def live(query: str) -> list[str]:
    """Return the first column of a query on the serving database."""
    command = ("psql", "-U", "postgres", "-At", "-d", "live", "-c", query)
    return compose("exec", "-T", "postgres", *command).split()


def closed_windows() -> int:
    return int(live("select count(*) from live_windows where closed")[0])


def wait_for_closed_windows(what: str) -> None:
    """Wait until more windows are closed than now."""
    before = closed_windows()
    wait_until(lambda: closed_windows() > before, what)


def last_batches() -> list[str]:
    return live("select max(batch) from live_progress group by query order by query")


def is_idle() -> bool:
    """Return whether no query finishes a batch for 15 seconds."""
    before = last_batches()
    time.sleep(15)
    return last_batches() == before


def test_windows_and_alerts_are_exact_after_driver_executor_broker_and_store_were_killed():
    wait_for_closed_windows("windows are closed")
    kill_inside("stream", "bankstack stream")
    wait_for_closed_windows("windows are closed after the driver was killed")
    kill_inside("spark-worker", "CoarseGrainedExecutorBackend")
    wait_for_closed_windows("windows are closed after the executor was killed")
    kill_inside("kafka", "kafka.Kafka")
    wait_for_closed_windows("windows are closed after the broker was killed")
    compose("stop", "postgres")
    time.sleep(10)
    compose("start", "postgres")
    wait_until(lambda: healthy("postgres"), "PostgreSQL is healthy again")
    wait_for_closed_windows("windows are closed after PostgreSQL was stopped")
    compose("stop", "producer")
    wait_until(is_idle, "all events are processed")
    idle_queries = "select count(*) from live_idle where looked_at > now() at time zone 'utc' - interval '20 seconds'"
    wait_until(lambda: live(idle_queries) == ["3"], "all three queries report that they are idle")
    compose("stop", "stream")
    printed = compose("run", "--rm", "-T", "stream", "run-stream", "stream-check")
    found = {table: (int(count), int(differ)) for table, count, differ in COUNTS.findall(printed)}
    assert len(found) == 3
    assert {table: differ for table, (_, differ) in found.items()} == dict.fromkeys(found, 0)
    assert found["transaction_windows"][0] > 100
    for table, (count, _) in found.items():
        assert rows(sql(f"select count(*) from bank.{table}")) == [[str(count)]], "Hive has each row once, too"


def test_the_live_page_responds():
    assert requests.get(url("DASHBOARD_PORT", "/_stcore/health"), timeout=30).text == "ok"


def test_the_dag_fails_if_the_stream_has_stopped():
    old = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=30)
    live(f"update live_progress set finished_at = '{old:%Y-%m-%d %H:%M:%S}'")
    live(f"update live_idle set looked_at = '{old:%Y-%m-%d %H:%M:%S}'")
    run_id = airflow("POST", "/dags/stream/dagRuns", logical_date=None)["dag_run_id"]
    path = f"/dags/stream/dagRuns/{run_id}"
    wait_until(lambda: airflow("GET", path)["state"] == "failed", "the DAG fails because no batch was finished", 180)
    run("make", "stop-stream")
    assert airflow("GET", "/dags/stream")["is_paused"]
