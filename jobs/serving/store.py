"""The live store: what a dashboard shows now, in SQLite (embedded) or PostgreSQL (stack), by SQLAlchemy Core.

Writers are the stream's sinks; readers use SQL alone. All moments are UTC without zone: `at`-like names are event
time, `raised_at` and `finished_at` wall clock. Every write is an upsert, so a batch that is written again after a kill
changes nothing. Each table keeps its newest rows (KEPT): what is older is in the lake's tables.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

METADATA = MetaData()

PROGRESS = Table(
    "live_progress",
    METADATA,
    Column("query", Text, primary_key=True),
    Column("batch", BigInteger, primary_key=True, autoincrement=False),
    Column("finished_at", DateTime, nullable=False),
    *(Column(name, kind) for name, kind in (("events", BigInteger), ("seconds", Double))),
    *(Column(name, BigInteger) for name in ("late", "duplicates", "dead_letters")),
    *(Column(name, DateTime) for name in ("watermark", "newest_event")),
    *(Column(name, BigInteger) for name in ("backlog", "state_rows", "state_bytes")),
    *(Column(name, Double) for name in ("latency_p50_s", "latency_p95_s")),
)
"""One row per micro-batch of a query (`events`, `windows`, `alerts`)."""

IDLE = Table(
    "live_idle",
    METADATA,
    Column("query", Text, primary_key=True),
    Column("looked_at", DateTime, nullable=False),
)
"""When a query last looked at the source and found nothing new; no row if it always found something."""

WINDOWS = Table(
    "live_windows",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("starts", DateTime, primary_key=True),
    Column("ends", DateTime, nullable=False),
    Column("transactions", BigInteger, nullable=False),
    *(Column(name, Double) for name in ("amount", "mean_balance")),
    Column("closed", Boolean, nullable=False),
    *(Column(name, Double) for name in ("expected", "low", "high")),
    Column("anomaly", Text),
)
"""One row per window: kind tumbling or sliding, location '' for the whole stream, anomaly surge or outage."""

ALERTS = Table(
    "live_alerts",
    METADATA,
    Column("alert_id", Text, primary_key=True),
    *(Column(name, DateTime, nullable=False) for name in ("at", "raised_at")),
    Column("type", Text, nullable=False),
    *(Column(name, Text) for name in ("customer_id", "location")),
    Column("score", Double, nullable=False),
    *(Column(name, Text) for name in ("reason", "events", "habit")),
)
"""One row per alert; events (a list) and habit (an object) are JSON."""

CUSTOMERS = Table(
    "live_customers",
    METADATA,
    Column("transaction_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("location", Text),
    *(Column(name, Double) for name in ("amount", "balance")),
)
"""The latest transactions of customers who had an alert."""

KEPT: Mapping[Table, tuple[str, int]] = {
    PROGRESS: ("finished_at", 10_000),
    WINDOWS: ("starts", 50_000),
    ALERTS: ("at", 5_000),
    CUSTOMERS: ("at", 50_000),
}
"""By table: rows are ordered by this column, and so many of the newest stay."""

PATIENCE_S = (0.5, 1.0, 2.0, 5.0)  # waits between attempts; the last is repeated
log = logging.getLogger("bankstack.stream")


def connect(url: str, stopped: Callable[[], bool] = lambda: False) -> Engine:
    """An engine for the address; makes the tables if they are not there, waiting until the store answers."""
    engine = create_engine(url, pool_pre_ping=True)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _shared)
    until_done(lambda: METADATA.create_all(engine), stopped)
    return engine


def _shared(connection: Any, _record: object) -> None:  # noqa: ANN401
    """Let SQLite's readers read while one writes, and writers wait for each other."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=10000")


def upsert(engine: Engine, rows: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
    """Write rows of several tables in one transaction; one with a known key replaces the old row.

    The rows of a table all give the same columns.

    Raises:
        SQLAlchemyError: the store is away or refuses the rows.

    """
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    with engine.begin() as connection:
        for table, found in rows.items():
            if found:
                statement = insert(table)
                keys = [column.name for column in table.primary_key]
                given = {name: statement.excluded[name] for name in found[0] if name not in keys}
                connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=given), list(found))


def until_done(work: Callable[[], None], stopped: Callable[[], bool] = lambda: False) -> bool:
    """Do the work again and again while the store is away; False if it was stopped before it was done.

    Raises:
        SQLAlchemyError: the store answers and refuses: waiting would not mend it.

    """
    attempt = 0
    while not stopped():
        try:
            work()
        except SQLAlchemyError as error:
            if not is_away(error):
                raise
            wait = PATIENCE_S[min(attempt, len(PATIENCE_S) - 1)]
            log.warning("the live store does not answer (%s); again in %g s", str(error).splitlines()[0], wait)
            attempt += 1
            time.sleep(wait)
            continue
        if attempt:
            log.warning("the live store answers again")
        return True
    return False


def is_away(error: SQLAlchemyError) -> bool:
    """Whether the store is not reachable or locked, in contrast to refusing what it was asked."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")


def retain(engine: Engine, kept: Mapping[Table, tuple[str, int]] = KEPT) -> None:
    """Delete all but the newest rows of each table."""
    with engine.begin() as connection:
        for table, (name, count) in kept.items():
            order = table.c[name]
            oldest = select(order).order_by(order.desc()).limit(1).offset(count - 1).scalar_subquery()
            connection.execute(delete(table).where(order < oldest))
