"""Writes to the serving database: upserts, retention, retries, and tables of an older release."""

import logging
import sqlite3
import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import create_mock_engine, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, OperationalError

from jobs.serving import database
from jobs.serving.schema import ALERTS, METADATA, WINDOWS

NOON = datetime(2026, 1, 1, 12)


@pytest.fixture
def engine(tmp_path):
    connected = database.connect(f"sqlite:///{tmp_path}/live.db")
    yield connected
    connected.dispose()


def window(number: int, **other) -> dict:
    starts = NOON + timedelta(minutes=10 * number)
    return {
        "kind": "tumbling",
        "city": "",
        "starts": starts,
        "ends": starts + timedelta(minutes=10),
        "transactions": number,
        "closed": False,
        "amount": 1.5,
        **other,
    }


def count(engine, table) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_an_upsert_replaces_the_row_with_the_same_key(engine):
    database.upsert(engine, {WINDOWS: [window(1), window(2)]})
    database.upsert(engine, {WINDOWS: [window(2, transactions=7, closed=True)]})
    with engine.connect() as connection:
        rows = connection.execute(select(WINDOWS.c.transactions, WINDOWS.c.closed)).all()
    assert rows == [(1, False), (7, True)]


def test_an_upsert_writes_thousands_of_rows(engine):
    database.upsert(engine, {WINDOWS: [window(number) for number in range(3_000)]})
    assert count(engine, WINDOWS) == 3_000


def test_only_the_newest_rows_are_retained(engine):
    database.upsert(engine, {WINDOWS: [window(number) for number in range(50)]})
    database.retain(engine, {WINDOWS: ("starts", 10)})
    with engine.connect() as connection:
        assert connection.execute(select(func.min(WINDOWS.c.transactions))).scalar_one() == 40
    database.retain(engine)
    assert count(engine, WINDOWS) == 10


def test_a_reader_does_not_wait_for_a_writer(engine, tmp_path):
    database.upsert(engine, {WINDOWS: [window(1)]})
    with engine.begin() as writer:
        writer.execute(WINDOWS.insert(), [window(2)])
        assert sqlite3.connect(tmp_path / "live.db").execute("SELECT count(*) FROM live_windows").fetchone() == (1,)


def test_connecting_waits_for_an_unavailable_database(tmp_path):
    folder = tmp_path / "later"
    threading.Timer(0.7, folder.mkdir).start()
    engine = database.connect(f"sqlite:///{folder}/live.db")
    assert count(engine, WINDOWS) == 0


def test_a_stopped_caller_no_longer_waits():
    def unavailable():
        raise OperationalError("select", {}, Exception("connection refused"))

    answers = iter([False, True])
    assert database.retry_until_done(unavailable, lambda: next(answers)) is False


def test_a_rejected_write_is_not_retried():
    def reject():
        raise IntegrityError("insert", {}, Exception("no"))

    with pytest.raises(IntegrityError):
        database.retry_until_done(reject)


def test_an_unknown_column_in_sqlite_is_not_retried(engine):
    def select_unknown_column():
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT location FROM live_windows"))

    with pytest.raises(OperationalError, match="no such column"):
        database.retry_until_done(select_unknown_column)


def old_table(engine) -> None:
    """Replace live_windows by the table of an older release."""
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE live_windows"))
        connection.execute(sa.text("CREATE TABLE live_windows (kind TEXT, location TEXT, starts TIMESTAMP)"))
        connection.execute(sa.text("INSERT INTO live_windows VALUES ('tumbling', '', NULL)"))


def test_a_table_of_an_older_release_is_recreated_with_one_log_line(engine, caplog):
    old_table(engine)
    with caplog.at_level(logging.WARNING, logger="bankstack"):
        again = database.connect(str(engine.url))
    assert caplog.messages == ["recreating live_windows in the serving database: the columns changed with this release"]
    database.upsert(again, {WINDOWS: [window(1)]})
    assert count(again, WINDOWS) == 1


def test_recreating_a_table_keeps_the_others(engine):
    alert = {"alert_id": "A1", "event_time": NOON, "raised_at": NOON, "type": "travel", "score": 9.0}
    database.upsert(engine, {ALERTS: [alert]})
    old_table(engine)
    again = database.connect(str(engine.url))
    assert (count(again, ALERTS), count(again, WINDOWS)) == (1, 0)


def test_connecting_again_keeps_all_rows(engine, caplog):
    database.upsert(engine, {WINDOWS: [window(1)]})
    again = database.connect(str(engine.url))
    assert (count(again, WINDOWS), caplog.messages) == (1, [])


def test_statements_compile_for_postgresql():
    statements = []
    engine = create_mock_engine(
        "postgresql://", lambda statement, *_: statements.append(str(statement.compile(dialect=engine.dialect)))
    )
    METADATA.create_all(engine, checkfirst=False)
    assert any("event_time TIMESTAMP WITHOUT TIME ZONE NOT NULL" in text for text in statements)
    insert = postgresql.insert(WINDOWS).values([window(1)])
    text = str(insert.on_conflict_do_nothing().compile(dialect=postgresql.dialect()))
    assert "ON CONFLICT" in text
