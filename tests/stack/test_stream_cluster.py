"""Live transactions on the cluster: whatever is killed or away, windows and alerts are those of a batch."""

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
    """The running stream: two minutes of event time in one second, so that windows close soon."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COMPOSE_PROFILES", "stream")
        run("make", "stream", STREAM_RATE="100", STREAM_SPEED="120")
        yield
        compose("rm", "-sf", *SERVICES)


@pytest.fixture(autouse=True)
def said():
    """What the services said last is shown where a test fails."""
    yield
    print(compose("logs", "--tail", "60", *SERVICES))


def live(question: str) -> list[str]:
    """The first column of a question to the live store."""
    command = ("psql", "-U", "postgres", "-At", "-d", "live", "-c", question)
    return compose("exec", "-T", "postgres", *command).split()


def closed() -> int:
    return int(live("select count(*) from live_windows where closed")[0])


def wait_for_more(what: str) -> None:
    """Wait until more windows are closed than now."""
    before = closed()
    wait_until(lambda: closed() > before, what)


def batches() -> list[str]:
    return live("select max(batch) from live_progress group by query order by query")


def is_still() -> bool:
    """Whether no query finished a batch for a while."""
    before = batches()
    time.sleep(15)
    return batches() == before


def test_windows_and_alerts_are_exact_after_driver_executor_broker_and_store_were_lost():
    wait_for_more("windows are closed")
    kill_inside("stream", "jobs stream")
    wait_for_more("windows are closed after the driver was killed")
    kill_inside("spark-worker", "CoarseGrainedExecutorBackend")
    wait_for_more("windows are closed after the executor was killed")
    kill_inside("kafka", "kafka.Kafka")
    wait_for_more("windows are closed after the broker was killed")
    compose("stop", "postgres")
    time.sleep(10)
    compose("start", "postgres")
    wait_until(lambda: healthy("postgres"), "PostgreSQL is back")
    wait_for_more("windows are closed after PostgreSQL was away")
    compose("stop", "producer")
    wait_until(is_still, "all events are worked")
    looked = "select count(*) from live_idle where looked_at > now() at time zone 'utc' - interval '20 seconds'"
    wait_until(lambda: live(looked) == ["3"], "the queries say that nothing new comes")
    compose("stop", "stream")
    said = compose("run", "--rm", "-T", "stream", "stream", "stream-check")
    found = {table: (int(rows), int(differ)) for table, rows, differ in COUNTS.findall(said)}
    assert {table: differ for table, (_, differ) in found.items()} == dict.fromkeys(found, 0) and len(found) == 3
    assert found["transaction_windows"][0] > 100
    for table, (count, _) in found.items():
        assert rows(sql(f"select count(*) from bank.{table}")) == [[str(count)]], "Hive sees each once, too"


def test_the_live_page_answers():
    assert requests.get(url("DASHBOARD_PORT", "/_stcore/health"), timeout=30).text == "ok"


def test_a_stream_that_stands_still_is_told_by_its_dag():
    old = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=30)
    live(f"update live_progress set finished_at = '{old:%Y-%m-%d %H:%M:%S}'")
    run_id = airflow("POST", "/dags/stream/dagRuns", logical_date=None)["dag_run_id"]
    path = f"/dags/stream/dagRuns/{run_id}"
    wait_until(lambda: airflow("GET", path)["state"] == "failed", "the DAG says that no batch came", 180)
    run("make", "stop-stream")
    assert airflow("GET", "/dags/stream")["is_paused"]
