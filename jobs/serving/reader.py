"""Read-only access to the serving database, for the dashboard and the stream's DAG."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jobs.serving.health import Batch, NoAnswer
from jobs.serving.schema import IDLE, PROGRESS

TIMEOUT_S = 3
"""Seconds after which a database that doesn't answer counts as unavailable."""
MAX_BATCHES = 1_000
"""Micro-batches of all queries together: about ten minutes at one trigger per second."""
NO_TABLE = ("no such table", "UndefinedTable", "unable to open database file")
NO_COLUMN = ("no such column", "UndefinedColumn")
Answer = TypeVar("Answer")


def connect_read_only(address: str) -> sa.Engine:
    """Return an engine that can't write; a SQLite file that doesn't exist is not created."""
    url = sa.make_url(address)
    if url.get_backend_name() == "sqlite":
        file = quote(str(Path(url.database or "").resolve()))
        # No pool: the file may be deleted and created again while the page is open.
        return sa.create_engine(
            f"sqlite:///file:{file}?mode=ro&uri=true", connect_args={"timeout": TIMEOUT_S}, poolclass=sa.NullPool
        )
    options = f"-c default_transaction_read_only=on -c statement_timeout={1000 * TIMEOUT_S}"
    return sa.create_engine(
        url,
        connect_args={"connect_timeout": TIMEOUT_S, "options": options},
        pool_pre_ping=True,
        pool_size=2,
        pool_timeout=TIMEOUT_S,
    )


def ask(engine: sa.Engine, query: Callable[..., Answer], *arguments: Any) -> Answer | NoAnswer:  # noqa: ANN401
    """Return the result of `query(connection, *arguments)`, or why the database gave none."""
    try:
        with engine.connect() as connection:
            return query(connection, *arguments)
    except SQLAlchemyError as error:
        return explain(engine, error)


def explain(engine: sa.Engine, error: SQLAlchemyError) -> NoAnswer:
    """Describe an error without password, statement or traceback."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    message = f"{type(cause).__name__}: {cause}"
    database = describe(engine.url)
    if any(mark in message for mark in NO_TABLE):
        return NoAnswer("never", f"The serving database is empty ({database}).")
    if any(mark in message for mark in NO_COLUMN):
        return NoAnswer("unavailable", f"{database}: its tables are of an older release; restart the stream")
    reason = str(cause).strip().splitlines()[0].removeprefix("connection to server ")
    return NoAnswer("unavailable", f"{database}: {reason}")


def describe(url: sa.URL) -> str:
    """Return a database's file name, or its name and host."""
    if url.get_backend_name() == "sqlite":
        return (url.database or "").removeprefix("file:")
    return f"{url.database} on {url.host}:{url.port or 5432}"


def recent_batches(connection: sa.Connection) -> list[Batch]:
    """Return the newest rows of live_progress and the latest row of each query, oldest first."""
    newest_first = sa.select(*PROGRESS.c).order_by(PROGRESS.c.finished_at.desc()).limit(MAX_BATCHES)
    last = (
        sa.select(PROGRESS.c.query, sa.func.max(PROGRESS.c.batch).label("batch")).group_by(PROGRESS.c.query).subquery()
    )
    is_last = sa.and_(PROGRESS.c.query == last.c.query, PROGRESS.c.batch == last.c.batch)
    of_each_query = sa.select(*PROGRESS.c).join(last, is_last)
    rows = [*connection.execute(of_each_query).mappings(), *connection.execute(newest_first).mappings()]
    unique = {(row["query"], row["batch"]): dict(row) for row in rows}
    return sorted(unique.values(), key=lambda row: row["finished_at"])


def last_polls(connection: sa.Connection) -> dict[str, datetime]:
    """Return when each query last polled the source and found no new events."""
    return {query: looked_at for query, looked_at in connection.execute(sa.select(*IDLE.c))}


def stream_activity(connection: sa.Connection) -> tuple[list[Batch], dict[str, datetime]]:
    """Return what `jobs.serving.health` needs: the recent micro-batches and the last polls."""
    return recent_batches(connection), last_polls(connection)
