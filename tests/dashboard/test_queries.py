"""The live page's queries return the same from SQLite and PostgreSQL, and stay fast on full tables."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.live import queries
from jobs.serving import database
from jobs.serving.health import NoAnswer
from jobs.serving.reader import ask, connect_read_only
from jobs.serving.schema import METADATA, WINDOWS
from tests.dashboard import live_rows
from tests.dashboard.conftest import free_port

NOW = datetime(2026, 1, 31, 12, 4, 0)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server started for these tests, on the loopback interface."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not tools:
        pytest.skip("no PostgreSQL here; on Debian: apt-get install postgresql")
    port, user = free_port(), []
    # Not below pytest's folder, which only our user may enter: the server refuses to run as root.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            user = ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")

        def run(tool: str, *options: str) -> None:
            done = subprocess.run(
                [*user, str(tools[-1] / tool), "-D", str(folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=(folder / "output").open("a"),
                stderr=subprocess.STDOUT,
            )
            assert done.returncode == 0, (folder / "output").read_text()

        run("initdb", "-A", "trust", "-U", "live")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql+psycopg2://live@127.0.0.1:{port}/postgres"
        run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty serving database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/live.db"
    found: str = request.getfixturevalue("postgres")
    METADATA.drop_all(sa.create_engine(found))
    return found


@pytest.fixture
def reader(address: str) -> sa.Engine:
    """A serving database as of NOW, opened as the page opens it."""
    live_rows.fill(sa.create_engine(address), NOW)
    return connect_read_only(address)


def test_activity_has_the_latest_batches_and_totals(reader):
    activity = ask(reader, queries.activity)
    assert len(activity.progress) == 360
    assert activity.progress["finished_at"].iloc[-1] == pd.Timestamp(NOW)
    assert activity.progress["finished_at"].is_monotonic_increasing
    expected = {name: sum(live_rows.batches(batch, NOW)[1][name] for batch in range(120)) for name in queries.TOTALS}
    assert activity.totals["windows"] == expected
    assert activity.alerts["travel"] == sum(number % 11 == 3 for number in range(49))


def test_activity_includes_a_query_that_stalled_long_ago(address):
    engine = sa.create_engine(address)
    live_rows.fill(engine, NOW)
    later = (live_rows.batches(120 + number, NOW + timedelta(seconds=number)) for number in range(1, 600))
    live_rows.write(engine, live_rows.PROGRESS, *(row for events, windows, _ in later for row in (events, windows)))
    newest = ask(connect_read_only(address), queries.activity).progress.groupby("query")["finished_at"].max()
    assert newest["alerts"] == pd.Timestamp(NOW)


def test_a_table_of_an_older_release_is_recreated(address):
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text("create table live_windows (kind text, location text)"))
    database.create_tables(engine)
    columns = {column["name"] for column in sa.inspect(engine).get_columns("live_windows")}
    assert columns == set(WINDOWS.columns.keys())
    live_rows.write(engine, WINDOWS, *live_rows.windows("", NOW))
    database.create_tables(engine)
    assert len(ask(connect_read_only(address), queries.windows, "tumbling", "", 24)) == 144


def test_windows_are_in_order_and_typed(reader):
    tumbling = ask(reader, queries.windows, "tumbling", "", 24)
    assert len(tumbling) == 144
    assert list(tumbling["starts"].diff().dropna().unique()) == [pd.Timedelta(minutes=10)]
    assert tumbling["closed"].to_list() == [True] * 142 + [False] * 2
    assert set(tumbling["anomaly"].dropna()) == {"surge", "outage"}
    sliding = ask(reader, queries.windows, "sliding", "PUNE", 23)
    assert len(sliding) == 139
    assert sliding["expected"].isna().all()


@pytest.mark.parametrize(("minutes", "expected"), [(5, 73), (10, 37), (60, 7)])
def test_a_time_span_holds_for_windows_of_any_length(address, minutes, expected):
    engine = sa.create_engine(address)
    METADATA.create_all(engine)
    size = timedelta(minutes=minutes)
    rows = (live_rows.window("tumbling", "", NOW - number * size, size, 5, True) for number in range(200))
    live_rows.write(engine, live_rows.WINDOWS, *rows)
    found = ask(connect_read_only(address), queries.windows, "tumbling", "", 6)
    assert len(found) == expected
    assert found["starts"].iloc[0] == pd.Timestamp(NOW - timedelta(hours=6))


def test_cities_are_those_of_the_latest_windows(reader):
    assert ask(reader, queries.cities) == sorted(live_rows.CITIES)


def test_alerts_are_newest_first_and_of_the_chosen_types(reader):
    assert ask(reader, queries.alerts, ())["alert_id"].to_list() == [f"A{number:05}" for number in range(25)]
    chosen = ask(reader, queries.alerts, ("outage", "surge"))
    assert chosen["alert_id"].to_list()[:3] == ["A00008", "A00010", "A00019"]
    assert set(chosen["type"]) == {"surge", "outage"}


def test_a_customer_has_alerts_and_events(reader):
    customer = ask(reader, queries.customer, "C5840003")
    assert customer.alerts["customer_id"].unique().tolist() == ["C5840003"]
    assert len(customer.events) == 20
    assert customer.events["event_time"].is_monotonic_increasing


def test_a_customer_id_is_never_executed_as_sql(reader):
    nobody = ask(reader, queries.customer, "' or 1=1 --")
    assert (len(nobody.alerts), len(nobody.events)) == (0, 0)


def test_a_reader_cannot_write(reader):
    def delete(connection: sa.Connection) -> None:
        connection.execute(sa.text("delete from live_alerts"))

    problem = ask(reader, delete)
    assert isinstance(problem, NoAnswer)
    assert "read" in problem.text


def test_a_database_without_tables_was_never_written(address):
    assert ask(connect_read_only(address), queries.activity).kind == "never"


def test_a_missing_folder_was_never_written(tmp_path):
    engine = connect_read_only(f"sqlite:///{tmp_path}/no/live.db")
    expected = NoAnswer("never", f"The serving database is empty ({tmp_path}/no/live.db).")
    assert ask(engine, queries.activity) == expected


def test_tables_of_an_older_release_are_reported(address):
    with sa.create_engine(address).begin() as connection:
        connection.execute(sa.text("create table live_alerts (alert_id text primary key)"))
    problem = ask(connect_read_only(address), queries.alerts, ())
    assert problem.kind == "unavailable"
    assert problem.text.endswith("its tables are of an older release; restart the stream")


FULL_TABLE_QUERIES = (
    (queries.activity,),
    (queries.cities,),
    (queries.windows, "tumbling", "", 24),
    (queries.alert, "A00077"),
    (queries.alerts, ()),
    (queries.alerts, ("travel",)),
    (queries.customer, "C5840003"),
)


def test_full_tables_are_answered_within_the_limit_of_a_query(address):
    engine = sa.create_engine(address)
    live_rows.fill(engine, NOW)
    cities = [f"CITY {number}" for number in range(350)]
    live_rows.write(engine, live_rows.WINDOWS, *(row for city in cities for row in live_rows.windows(city, NOW)))
    alerts = (live_rows.alert(number, NOW - timedelta(seconds=number)) for number in range(60, 100_000))
    live_rows.write(engine, live_rows.ALERTS, *alerts)
    reader = connect_read_only(address)
    for query, *arguments in FULL_TABLE_QUERIES:
        answer = ask(reader, query, *arguments)
        assert not isinstance(answer, NoAnswer), answer
