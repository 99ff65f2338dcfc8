"""Beeline, PyHive and Spark read each other's rows of one table, value by value."""

import datetime
import json
import socket
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stack.smoke.conftest import run

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]
JOB = str(Path(__file__).with_name("spark_job.py"))
TABLE = "smoke.three_clients"
ROWS = [
    ("beeline", Decimal("1234567.89"), datetime.date(2008, 2, 29), datetime.datetime(2016, 10, 21, 23, 59, 59, 123456)),
    ("pyhive", Decimal("-0.01"), datetime.date(1959, 12, 31), datetime.datetime(1969, 12, 31, 0, 0, 0, 1)),
    ("spark", Decimal("0.10"), datetime.date(2026, 1, 1), datetime.datetime(2026, 3, 29, 2, 30)),
]


def beeline(sql: str) -> list[str]:
    """Run SQL in beeline and return its rows, with commas between values."""
    url = ("-u", "jdbc:hive2://hiveserver2:10000/default", "-n", "bank")
    printed = run("beeline", *url, "--silent=true", "--showHeader=false", "--outputformat=csv2", "-e", sql)
    # beeline also prints its prompt before the first row.
    return [line.removeprefix("0: jdbc:hive2://hiveserver2:10000/default> ") for line in printed.split("\n")]


def insert(row) -> str:
    client, amount, day, moment = row
    return f"insert into {TABLE} values ('{client}', {amount}, date '{day}', timestamp '{moment}')"


@pytest.fixture
def table(hiveserver2):
    hiveserver2.execute("create database if not exists smoke location '/bank/smoke'")
    hiveserver2.execute(f"drop table if exists {TABLE}")
    yield
    hiveserver2.execute("drop database if exists smoke cascade")


def on_service(hosts: list[str], service: str) -> bool:
    """Return whether all host names belong to containers of the service."""
    addresses = set(socket.gethostbyname_ex(service)[2])
    return bool(hosts) and {socket.gethostbyname(host) for host in hosts} <= addresses


def spark(*options: str) -> dict:
    """Run the job and return the JSON in its last line."""
    return json.loads(run("spark-submit", *options, JOB, TABLE, insert(ROWS[2])).strip().split("\n")[-1])


def test_beeline_pyhive_and_spark_see_each_others_rows(table, hiveserver2, proved):
    beeline(
        f"create external table {TABLE} (client string, amount decimal(18,2), day date, moment timestamp)"
        f" stored as parquet location '/bank/smoke/three_clients'; {insert(ROWS[0])}"
    )
    hiveserver2.execute(insert(ROWS[1]))

    result = spark()

    before = [[client, str(amount), str(day), str(moment)] for client, amount, day, moment in ROWS[:2]]
    assert result["rows_before"] == before
    query = f"select client, amount, day, moment from {TABLE} order by client"
    hiveserver2.execute(query)
    seen = [(d, a, datetime.date.fromisoformat(str(day)), m) for d, a, day, m in hiveserver2.fetchall()]
    assert [(d, a, day, datetime.datetime.fromisoformat(str(m))) for d, a, day, m in seen] == ROWS
    lines = [line for line in beeline(query) if line]
    assert lines == [f"{d},{a},{day},{moment_of(m)}" for d, a, day, m in ROWS]
    proved("Hive: beeline, PyHive and Spark read each other's rows with the same decimals, dates and microseconds")

    assert result["master"] == "spark://spark-master:7077"
    assert on_service(result["hosts"], "spark-worker"), result["hosts"]
    assert socket.gethostname() not in result["hosts"]
    proved(f"Spark ran its tasks, including Python and Arrow, on the workers: {', '.join(result['hosts'])}")


def moment_of(moment: datetime.datetime) -> str:
    """Format a timestamp as beeline does: a fraction without trailing zeros, but at least one digit."""
    whole = moment.strftime("%Y-%m-%d %H:%M:%S")
    return f"{whole}.{f'{moment.microsecond:06}'.rstrip('0') or '0'}"


def test_a_spark_connect_client_uses_the_resident_server(proved):
    python = ("env", "SPARK_REMOTE=sc://spark-connect:15002", "/opt/spark/bin/python")
    result = json.loads(run(*python, JOB).strip().split("\n")[-1])
    assert result["master"] == "spark://spark-master:7077"
    assert on_service(result["hosts"], "spark-worker"), result["hosts"]
    proved("Spark Connect answers a plain Python client, and runs its tasks on the workers")


def test_spark_runs_on_yarn_by_one_setting(proved):
    result = json.loads(run("spark-submit", "--master", "yarn", JOB).strip().split("\n")[-1])
    assert result["master"] == "yarn"
    assert on_service(result["hosts"], "nodemanager"), result["hosts"]
    proved(f"Spark ran on YARN's NodeManager {', '.join(result['hosts'])} with only --master yarn")


def test_a_group_by_through_hiveserver2_uses_a_warm_session(hiveserver2, proved):
    import time

    query = "select n % 2, count(*) from (select stack(4, 1, 2, 3, 4) as n) numbers group by n % 2 order by 1"
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        hiveserver2.execute(query)
        assert hiveserver2.fetchall() == [(0, 2), (1, 2)]
        seconds.append(time.monotonic() - started)
    # A cold session takes at least 20 s for its application master alone.
    assert min(seconds) < 10
    proved(f"HiveServer2 answers a group-by on Tez in {min(seconds):.1f} s (best of three)")
