"""What the page asks, answered alike by SQLite and PostgreSQL, also by a full store."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard import serving_reader
from dashboard.live import queries
from dashboard.serving_reader import Problem, ask
from tests.dashboard import live_rows
from tests.dashboard.conftest import free_port

NOW = datetime(2026, 1, 31, 12, 4, 0)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of its own, on loopback."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not tools:
        pytest.skip("no PostgreSQL here; on Debian: apt-get install postgresql")
    port, user = free_port(), []
    # Not below pytest's own folder, which only we may enter: the server refuses to be root, its package brings a user.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            user = ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")

        def run(tool: str, *options: str) -> None:
            done = subprocess.run(
                [*user, str(tools[-1] / tool), "-D", str(folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=(folder / "said").open("a"),
                stderr=subprocess.STDOUT,
            )
            assert done.returncode == 0, (folder / "said").read_text()

        run("initdb", "-A", "trust", "-U", "live")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql+psycopg2://live@127.0.0.1:{port}/postgres"
        run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/live.db"
    found: str = request.getfixturevalue("postgres")
    with sa.create_engine(found).begin() as connection:
        for table in ("progress", "idle", "windows", "alerts", "customers"):
            connection.execute(sa.text(f"drop table if exists live_{table}"))
    return found


@pytest.fixture
def reader(address: str) -> sa.Engine:
    """A store as of NOW, as the page reads it."""
    live_rows.fill(sa.create_engine(address), NOW)
    return serving_reader.connect(address)


def test_the_pulse_has_the_latest_batches_and_sums(reader):
    pulse = ask(reader, queries.pulse)
    assert len(pulse.progress) == 360
    assert pulse.progress["finished_at"].iloc[-1] == pd.Timestamp(NOW)
    assert pulse.progress["finished_at"].is_monotonic_increasing
    expected = {name: sum(live_rows.batches(batch, NOW)[1][name] for batch in range(120)) for name in queries.SUMMED}
    assert pulse.totals["windows"] == expected
    assert pulse.alerts["travel"] == sum(number % 11 == 3 for number in range(49))


def test_windows_come_in_order_with_their_types(reader):
    tumbling = ask(reader, queries.windows, "tumbling", "", 145)
    assert len(tumbling) == 144
    assert list(tumbling["starts"].diff().dropna().unique()) == [pd.Timedelta(minutes=10)]
    assert tumbling["closed"].to_list() == [True] * 142 + [False] * 2
    assert set(tumbling["anomaly"].dropna()) == {"surge", "outage"}
    sliding = ask(reader, queries.windows, "sliding", "PUNE", 140)
    assert len(sliding) == 140
    assert sliding["expected"].isna().all()


def test_places_are_those_of_the_last_windows(reader):
    assert ask(reader, queries.places) == sorted(live_rows.PLACES)


def test_alerts_come_newest_first_of_the_types_that_were_chosen(reader):
    assert ask(reader, queries.alerts, ())["alert_id"].to_list() == [f"A{number:05}" for number in range(25)]
    chosen = ask(reader, queries.alerts, ("outage", "surge"))
    assert chosen["alert_id"].to_list()[:3] == ["A00008", "A00010", "A00019"]
    assert set(chosen["type"]) == {"surge", "outage"}


def test_a_customer_has_alerts_and_events(reader):
    customer = ask(reader, queries.customer, "C5840003")
    assert customer.alerts["customer_id"].unique().tolist() == ["C5840003"]
    assert len(customer.events) == 20
    assert customer.events["event_time"].is_monotonic_increasing
    nobody = ask(reader, queries.customer, "' or 1=1 --")
    assert (len(nobody.alerts), len(nobody.events)) == (0, 0)


def test_a_reader_can_not_write(reader):
    def delete(connection: sa.Connection) -> None:
        connection.execute(sa.text("delete from live_alerts"))

    problem = ask(reader, delete)
    assert isinstance(problem, Problem)
    assert "read" in problem.text


def test_a_store_without_tables_has_never_been_written(address):
    assert ask(serving_reader.connect(address), queries.pulse).kind == "never"


def test_a_folder_that_is_not_there_has_never_been_written(tmp_path):
    engine = serving_reader.connect(f"sqlite:///{tmp_path}/no/live.db")
    assert ask(engine, queries.pulse) == Problem("never", f"Nothing is in the live store yet ({tmp_path}/no/live.db).")


def test_a_full_store_answers_at_once(address):
    engine = sa.create_engine(address)
    live_rows.fill(engine, NOW)
    places = [f"PLACE {number}" for number in range(350)]
    live_rows.write(engine, live_rows.WINDOWS, *(row for place in places for row in live_rows.windows(place, NOW)))
    alerts = (live_rows.alert(number, NOW - timedelta(seconds=number)) for number in range(60, 100_000))
    live_rows.write(engine, live_rows.ALERTS, *alerts)
    reader = serving_reader.connect(address)
    for question, *given in (
        *(
            (queries.pulse,),
            (queries.places,),
            (queries.windows, "tumbling", "", 145),
            (queries.alert, "A00077"),
        ),
        *((queries.alerts, ()), (queries.alerts, ("travel",)), (queries.customer, "C5840003")),
    ):
        started = time.monotonic()
        answer = ask(reader, question, *given)
        seconds = time.monotonic() - started
        assert not isinstance(answer, Problem), answer
        print(f"{question.__name__}{given}: {1000 * seconds:.0f} ms")
        assert seconds < 2, question.__name__
