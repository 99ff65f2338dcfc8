"""The live store, read only: SQLite's file or a PostgreSQL database, asked through SQLAlchemy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

WAIT = 3  # seconds until a store that does not answer counts as away
NO_TABLE = ("no such table", "UndefinedTable", "unable to open database file")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Problem:
    """Why there is no answer: the stream has never written, or the store does not answer. `text` is a sentence."""

    kind: Literal["never", "away"]
    text: str


def connect(address: str) -> sa.Engine:
    """An engine that can not write. A SQLite file that is not there is not made."""
    url = sa.make_url(address)
    if url.get_backend_name() == "sqlite":
        file = quote(str(Path(url.database or "").resolve()))
        # Opened anew for each question: the file may be deleted and made again under the page.
        given = {"connect_args": {"timeout": WAIT}, "poolclass": sa.NullPool}
        return sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true", **given)
    options = f"-c default_transaction_read_only=on -c statement_timeout={1000 * WAIT}"
    return sa.create_engine(
        url,
        connect_args={"connect_timeout": WAIT, "options": options},
        pool_pre_ping=True,
        pool_size=2,
        pool_timeout=WAIT,
    )


def ask(engine: sa.Engine, question: Callable[..., Answer], *given: Any) -> Answer | Problem:  # noqa: ANN401
    """What `question(connection, *given)` answers, or the problem in words."""
    try:
        with engine.connect() as connection:
            return question(connection, *given)
    except SQLAlchemyError as error:
        return problem(engine, error)


def problem(engine: sa.Engine, error: SQLAlchemyError) -> Problem:
    """An error in words: without password, statement or trace."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = f"{type(cause).__name__}: {cause}"
    place = where(engine.url)
    if any(mark in said for mark in NO_TABLE):
        return Problem("never", f"Nothing is in the live store yet ({place}).")
    reason = str(cause).strip().splitlines()[0].removeprefix("connection to server ")
    return Problem("away", f"{place}: {reason}")


def where(url: sa.URL) -> str:
    """A store's place in words: the file's name, or database and host."""
    if url.get_backend_name() == "sqlite":
        return (url.database or "").removeprefix("file:")
    return f"{url.database} on {url.host}:{url.port or 5432}"


def rows(connection: sa.Connection, select: sa.Select[Any]) -> pd.DataFrame:
    """The rows of a select; columns have the type that it names, nulls are NaN or NaT."""
    found = connection.execute(select).all()
    columns = list(select.selected_columns)
    frame = pd.DataFrame(found, columns=[column.name for column in columns])
    for column in columns:
        if isinstance(column.type, sa.DateTime):
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif isinstance(column.type, sa.Float | sa.BigInteger):
            frame[column.name] = pd.to_numeric(frame[column.name])
        elif isinstance(column.type, sa.Boolean):
            frame[column.name] = frame[column.name].astype(bool)
    return frame
