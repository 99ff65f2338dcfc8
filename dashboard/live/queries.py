"""What the page asks of the live store. Every question has a limit, so a full store answers like an empty one.

The tables are those that the stream writes (jobs/serving/store.py). Moments are UTC: `at`, `starts` and `ends` are
event time, `finished_at` and `raised_at` wall clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from dashboard.serving_reader import rows
from jobs.serving.schema import ALERTS, CUSTOMERS, IDLE, PROGRESS, WINDOWS

MAX_BATCHES = 600  # of all queries together: some minutes
MAX_ALERTS = 25
MAX_EVENTS = 60  # of one customer
MAX_CITIES = 60
RECENT = timedelta(minutes=30)
"""Over which the stream's work is summed: the store keeps somewhat more micro-batches than that."""


SUMMED = ("events", "late", "duplicates", "dead_letters")


@dataclass(frozen=True)
class Pulse:
    """The stream's health: its latest micro-batches, and sums of its last half hour of work."""

    progress: pd.DataFrame
    """The latest rows of live_progress, oldest first."""
    totals: Mapping[str, Mapping[str, int]]
    """By query, of the last half hour: events, late, duplicates, dead_letters."""
    alerts: Mapping[str, int]
    """By type, of the last half hour."""
    idle: Mapping[str, datetime]
    """By query, when it last found nothing new at the source."""


def pulse(connection: sa.Connection) -> Pulse:
    """How the stream is."""
    latest = sa.select(*PROGRESS.c).order_by(PROGRESS.c.finished_at.desc()).limit(MAX_BATCHES)
    progress = rows(connection, latest).iloc[::-1].reset_index(drop=True)
    since = progress["finished_at"].max().to_pydatetime() - RECENT if len(progress) else datetime.min
    idle = {query: moment for query, moment in connection.execute(sa.select(*IDLE.c))}
    return Pulse(progress, _totals(connection, since), _alerts(connection, since), idle)


def _totals(connection: sa.Connection, since: datetime) -> dict[str, dict[str, int]]:
    sums = [sa.func.coalesce(sa.func.sum(PROGRESS.c[name]), 0) for name in SUMMED]
    by_query = sa.select(PROGRESS.c.query, *sums).where(PROGRESS.c.finished_at > since).group_by(PROGRESS.c.query)
    return {query: dict(zip(SUMMED, map(int, found), strict=True)) for query, *found in connection.execute(by_query)}


def _alerts(connection: sa.Connection, since: datetime) -> dict[str, int]:
    by_type = sa.select(ALERTS.c.type, sa.func.count()).where(ALERTS.c.raised_at > since).group_by(ALERTS.c.type)
    return {kind: int(number) for kind, number in connection.execute(by_type)}


def windows(connection: sa.Connection, kind: str, place: str, limit: int) -> pd.DataFrame:
    """The latest windows of a kind (tumbling, sliding) of a place (empty: the whole stream), oldest first."""
    chosen = sa.select(*WINDOWS.c).where(WINDOWS.c.kind == kind, WINDOWS.c.city == place)
    latest = rows(connection, chosen.order_by(WINDOWS.c.starts.desc()).limit(limit))
    return latest.iloc[::-1].reset_index(drop=True)


def places(connection: sa.Connection) -> list[str]:
    """The places with the most transactions in the last windows, in order of the alphabet."""
    whole = sa.select(sa.func.max(WINDOWS.c.starts, type_=sa.DateTime)).where(
        WINDOWS.c.kind == "tumbling", WINDOWS.c.city == ""
    )
    newest = connection.execute(whole).scalar()
    if newest is None:
        return []
    chosen = sa.select(WINDOWS.c.city).where(
        WINDOWS.c.kind == "tumbling", WINDOWS.c.city != "", WINDOWS.c.starts > newest - RECENT
    )
    busiest = chosen.group_by(WINDOWS.c.city).order_by(sa.func.sum(WINDOWS.c.transactions).desc()).limit(MAX_CITIES)
    return sorted(connection.scalars(busiest))


def alerts(connection: sa.Connection, types: tuple[str, ...]) -> pd.DataFrame:
    """The latest alerts, the newest first; of some types, or of all if none is named."""
    chosen = sa.select(*ALERTS.c).order_by(ALERTS.c.raised_at.desc(), ALERTS.c.alert_id).limit(MAX_ALERTS)
    return rows(connection, chosen.where(ALERTS.c.type.in_(types)) if types else chosen)


def alert(connection: sa.Connection, alert_id: str) -> pd.DataFrame:
    """One alert, or no row."""
    return rows(connection, sa.select(*ALERTS.c).where(ALERTS.c.alert_id == alert_id))


@dataclass(frozen=True)
class Customer:
    """What the live store keeps of a customer: alerts, the newest first, and events, the oldest first."""

    alerts: pd.DataFrame
    events: pd.DataFrame


def customer(connection: sa.Connection, customer_id: str) -> Customer:
    """One customer."""
    raised = sa.select(*ALERTS.c).where(ALERTS.c.customer_id == customer_id)
    events = sa.select(*CUSTOMERS.c).where(CUSTOMERS.c.customer_id == customer_id)
    return Customer(
        rows(connection, raised.order_by(ALERTS.c.event_time.desc()).limit(MAX_ALERTS)),
        rows(connection, events.order_by(CUSTOMERS.c.event_time.desc()).limit(MAX_EVENTS))
        .iloc[::-1]
        .reset_index(drop=True),
    )
