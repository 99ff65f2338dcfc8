"""The live store: what is written twice stands once, what is old goes, and it may be away for a while."""

import sqlite3
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_mock_engine, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, OperationalError

from jobs.serving import database, schema

NOON = datetime(2026, 1, 1, 12)


@pytest.fixture
def store(tmp_path):
    engine = database.connect(f"sqlite:///{tmp_path}/live.db")
    yield engine
    engine.dispose()


def window(number: int, **other) -> dict:
    starts = NOON + timedelta(minutes=10 * number)
    times = {"starts": starts, "ends": starts + timedelta(minutes=10)}
    return {
        "kind": "tumbling",
        "city": "",
        **times,
        "transactions": number,
        "closed": False,
        "amount": 1.5,
        **other,
    }


def count(engine, table) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_row_written_again_replaces_the_old_one(store):
    database.upsert(store, {schema.WINDOWS: [window(1), window(2)]})
    database.upsert(store, {schema.WINDOWS: [window(2, transactions=7, closed=True)]})
    with store.connect() as connection:
        rows = connection.execute(select(schema.WINDOWS.c.transactions, schema.WINDOWS.c.closed)).all()
    assert rows == [(1, False), (7, True)]


def test_many_rows_are_written_at_once(store):
    database.upsert(store, {schema.WINDOWS: [window(number) for number in range(3_000)]})
    assert count(store, schema.WINDOWS) == 3_000


def test_only_the_newest_rows_stay(store):
    database.upsert(store, {schema.WINDOWS: [window(number) for number in range(50)]})
    database.retain(store, {schema.WINDOWS: ("starts", 10)})
    with store.connect() as connection:
        assert connection.execute(select(func.min(schema.WINDOWS.c.transactions))).scalar_one() == 40
    database.retain(store)
    assert count(store, schema.WINDOWS) == 10


def test_a_reader_does_not_wait_for_a_writer(store, tmp_path):
    database.upsert(store, {schema.WINDOWS: [window(1)]})
    with store.begin() as writing:
        writing.execute(schema.WINDOWS.insert(), [window(2)])
        assert sqlite3.connect(tmp_path / "live.db").execute("SELECT count(*) FROM live_windows").fetchone() == (1,)


def test_a_store_that_is_away_is_waited_for(tmp_path):
    folder = tmp_path / "later"
    threading.Timer(0.7, folder.mkdir).start()
    engine = database.connect(f"sqlite:///{folder}/live.db")
    assert count(engine, schema.WINDOWS) == 0


def test_who_is_stopped_does_not_wait_on():
    def away():
        raise OperationalError("select", {}, Exception("gone"))

    answers = iter([False, True])
    assert database.retry_until_done(away, lambda: next(answers)) is False


def test_a_refusal_is_not_waited_for():
    def refuse():
        raise IntegrityError("insert", {}, Exception("no"))

    with pytest.raises(IntegrityError):
        database.retry_until_done(refuse)


def test_postgresql_is_asked_in_its_own_words():
    said = []
    engine = create_mock_engine(
        "postgresql://", lambda statement, *_: said.append(str(statement.compile(dialect=engine.dialect)))
    )
    schema.METADATA.create_all(engine, checkfirst=False)
    assert any("event_time TIMESTAMP WITHOUT TIME ZONE NOT NULL" in text for text in said)
    insert = postgresql.insert(schema.WINDOWS).values([window(1)])
    text = str(insert.on_conflict_do_nothing().compile(dialect=postgresql.dialect()))
    assert "ON CONFLICT" in text
