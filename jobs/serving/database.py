"""Connection and writes to the serving database, through SQLAlchemy Core.

The stream's sinks are the writers. Every write is an upsert, so a micro-batch that Spark repeats after a crash changes
nothing.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Table, create_engine, delete, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jobs.serving.schema import METADATA, RETENTION

RETRY_WAITS_S = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts; the last one repeats."""
log = logging.getLogger("bankstack.serving")


def connect(url: str, stopped: Callable[[], bool] = lambda: False) -> Engine:
    """Open the serving database and create its tables, waiting until it answers.

    Args:
        url: an SQLAlchemy URL.
        stopped: returns True when the caller no longer wants to wait.

    """
    engine = create_engine(url, pool_pre_ping=True)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _allow_concurrent_readers)
    retry_until_done(lambda: create_tables(engine), stopped)
    return engine


def create_tables(engine: Engine) -> None:
    """Create the tables; a table that an older release left with other columns is dropped first.

    Nothing is lost for good: the tables only cache recent rows, and the stream fills them again.
    """
    outdated = [table for table in METADATA.sorted_tables if _is_outdated(engine, table)]
    if outdated:
        names = ", ".join(table.name for table in outdated)
        log.warning("recreating %s in the serving database: the columns changed with this release", names)
        METADATA.drop_all(engine, outdated)
    METADATA.create_all(engine)


def _is_outdated(engine: Engine, table: Table) -> bool:
    """Return whether the table exists with other columns or another primary key than the schema defines."""
    inspector = inspect(engine)
    if not inspector.has_table(table.name):
        return False
    columns = {column["name"] for column in inspector.get_columns(table.name)}
    key = set(inspector.get_pk_constraint(table.name)["constrained_columns"])
    return columns != set(table.columns.keys()) or key != set(table.primary_key.columns.keys())


def _allow_concurrent_readers(connection: Any, _record: object) -> None:  # noqa: ANN401
    """Let SQLite's readers read while one connection writes, and let writers wait for each other."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=10000")


def upsert(engine: Engine, rows: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
    """Write rows to several tables in one transaction; a row with an existing key replaces the old one.

    Args:
        engine: the serving database.
        rows: per table, rows that all have the same columns.

    Raises:
        SQLAlchemyError: the database is unavailable or rejects the rows.

    """
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    with engine.begin() as connection:
        for table, table_rows in rows.items():
            if table_rows:
                statement = insert(table)
                keys = [column.name for column in table.primary_key]
                new_values = {name: statement.excluded[name] for name in table_rows[0] if name not in keys}
                connection.execute(
                    statement.on_conflict_do_update(index_elements=keys, set_=new_values), list(table_rows)
                )


def retry_until_done(work: Callable[[], None], stopped: Callable[[], bool] = lambda: False) -> bool:
    """Repeat the work while the database is unavailable.

    Returns:
        True when the work is done, False if `stopped` returned True first.

    Raises:
        SQLAlchemyError: the database answers and rejects the work, so waiting would not help.

    """
    attempt = 0
    while not stopped():
        try:
            work()
        except SQLAlchemyError as error:
            if not is_unavailable(error):
                raise
            wait = RETRY_WAITS_S[min(attempt, len(RETRY_WAITS_S) - 1)]
            log.warning("the serving database is unavailable (%s); retrying in %g s", str(error).splitlines()[0], wait)
            attempt += 1
            time.sleep(wait)
            continue
        if attempt:
            log.warning("the serving database is available again")
        return True
    return False


def is_unavailable(error: SQLAlchemyError) -> bool:
    """Return whether the database is unreachable or locked, rather than rejecting the statement.

    SQLite reports an unknown table or column as an operational error too, with the generic error code.
    """
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False
    return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")


def retain(engine: Engine, retention: Mapping[Table, tuple[str, int]] = RETENTION) -> None:
    """Delete all but the newest rows of each table."""
    with engine.begin() as connection:
        for table, (name, count) in retention.items():
            order = table.c[name]
            oldest = select(order).order_by(order.desc()).limit(1).offset(count - 1).scalar_subquery()
            connection.execute(delete(table).where(order < oldest))
