"""The live page's queries. Each has a row limit, so a full serving database answers as fast as an empty one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from jobs.serving.health import Batch
from jobs.serving.reader import last_polls, recent_batches
from jobs.serving.schema import ALERTS, CUSTOMERS, PROGRESS, WINDOWS

MAX_WINDOWS = 5_000
MAX_ALERTS = 25
MAX_EVENTS = 60
"""Events of one customer."""
MAX_CITIES = 60
RECENT = timedelta(minutes=30)
"""Period over which totals are taken; the serving database keeps somewhat more micro-batches than that."""
PROGRESS_COLUMNS = PROGRESS.columns.keys()
TOTALS = ("events", "late", "duplicates", "dead_letters")


@dataclass(frozen=True)
class Activity:
    """What the stream did recently: its latest micro-batches, and totals of its last half hour of work."""

    batches: Sequence[Batch]
    """Rows of live_progress, oldest first."""
    polls: Mapping[str, datetime]
    """Per query, when it last polled the source and found no new events."""
    totals: Mapping[str, Mapping[str, int]]
    """Per query, of the last half hour: TOTALS."""
    alerts: Mapping[str, int]
    """Number of alerts of the last half hour by type."""

    @cached_property
    def progress(self) -> pd.DataFrame:
        """The micro-batches as a frame with the columns of live_progress."""
        return frame([tuple(batch[name] for name in PROGRESS_COLUMNS) for batch in self.batches], PROGRESS)


@dataclass(frozen=True)
class Customer:
    """One customer's alerts, newest first, and transactions, oldest first."""

    alerts: pd.DataFrame
    events: pd.DataFrame


def activity(connection: sa.Connection) -> Activity:
    """Return what the stream did recently."""
    batches = recent_batches(connection)
    since = batches[-1]["finished_at"] - RECENT if batches else datetime.min
    return Activity(batches, last_polls(connection), _totals(connection, since), _alert_counts(connection, since))


def windows(connection: sa.Connection, kind: str, city: str, hours: float) -> pd.DataFrame:
    """Return the windows that start within a number of hours before the newest one, oldest first.

    Args:
        connection: the serving database.
        kind: tumbling or sliding.
        city: a city, or "" for the whole stream.
        hours: the time span to return.

    """
    own = (WINDOWS.c.kind == kind, WINDOWS.c.city == city)
    newest = connection.execute(sa.select(sa.func.max(WINDOWS.c.starts)).where(*own)).scalar()
    if newest is None:
        return frame([], WINDOWS)
    within = sa.select(*WINDOWS.c).where(*own, WINDOWS.c.starts >= newest - timedelta(hours=hours))
    latest = _read(connection, within.order_by(WINDOWS.c.starts.desc()).limit(MAX_WINDOWS), WINDOWS)
    return latest.iloc[::-1].reset_index(drop=True)


def cities(connection: sa.Connection) -> list[str]:
    """Return the cities with the most transactions in the latest windows, in alphabetical order."""
    tumbling = WINDOWS.c.kind == "tumbling"
    newest = connection.execute(sa.select(sa.func.max(WINDOWS.c.starts)).where(tumbling, WINDOWS.c.city == "")).scalar()
    if newest is None:
        return []
    recent = sa.select(WINDOWS.c.city).where(tumbling, WINDOWS.c.city != "", WINDOWS.c.starts > newest - RECENT)
    busiest_first = recent.group_by(WINDOWS.c.city).order_by(sa.func.sum(WINDOWS.c.transactions).desc())
    return sorted(connection.scalars(busiest_first.limit(MAX_CITIES)))


def alerts(connection: sa.Connection, types: tuple[str, ...]) -> pd.DataFrame:
    """Return the latest alerts of these types, or of all types if none is given; newest first."""
    latest = sa.select(*ALERTS.c).order_by(ALERTS.c.raised_at.desc(), ALERTS.c.alert_id).limit(MAX_ALERTS)
    return _read(connection, latest.where(ALERTS.c.type.in_(types)) if types else latest, ALERTS)


def alert(connection: sa.Connection, alert_id: str) -> pd.DataFrame:
    """Return one alert, or no row."""
    return _read(connection, sa.select(*ALERTS.c).where(ALERTS.c.alert_id == alert_id), ALERTS)


def customer(connection: sa.Connection, customer_id: str) -> Customer:
    """Return a customer's latest alerts and transactions."""
    raised = sa.select(*ALERTS.c).where(ALERTS.c.customer_id == customer_id).order_by(ALERTS.c.event_time.desc())
    events = sa.select(*CUSTOMERS.c).where(CUSTOMERS.c.customer_id == customer_id)
    latest = _read(connection, events.order_by(CUSTOMERS.c.event_time.desc()).limit(MAX_EVENTS), CUSTOMERS)
    return Customer(
        alerts=_read(connection, raised.limit(MAX_ALERTS), ALERTS),
        events=latest.iloc[::-1].reset_index(drop=True),
    )


def frame(rows: Sequence[Sequence[Any]], table: sa.Table) -> pd.DataFrame:
    """Return rows of a table as a frame with the table's columns and types; nulls become NaN or NaT."""
    found = pd.DataFrame(rows, columns=table.columns.keys())
    for column in table.columns:
        if isinstance(column.type, sa.DateTime):
            found[column.name] = pd.to_datetime(found[column.name])
        elif isinstance(column.type, sa.Float | sa.BigInteger):
            found[column.name] = pd.to_numeric(found[column.name])
        elif isinstance(column.type, sa.Boolean):
            found[column.name] = found[column.name].astype(bool)
    return found


def _read(connection: sa.Connection, select: sa.Select[Any], table: sa.Table) -> pd.DataFrame:
    return frame([tuple(row) for row in connection.execute(select)], table)


def _totals(connection: sa.Connection, since: datetime) -> dict[str, dict[str, int]]:
    sums = [sa.func.coalesce(sa.func.sum(PROGRESS.c[name]), 0) for name in TOTALS]
    by_query = sa.select(PROGRESS.c.query, *sums).where(PROGRESS.c.finished_at > since).group_by(PROGRESS.c.query)
    return {query: dict(zip(TOTALS, map(int, found), strict=True)) for query, *found in connection.execute(by_query)}


def _alert_counts(connection: sa.Connection, since: datetime) -> dict[str, int]:
    by_type = sa.select(ALERTS.c.type, sa.func.count()).where(ALERTS.c.raised_at > since).group_by(ALERTS.c.type)
    return {kind: int(number) for kind, number in connection.execute(by_type)}
