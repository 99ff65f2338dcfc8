"""What the page asks of the live store. Every question has a limit, so a full store answers like an empty one.

The tables are those that the stream writes (jobs/serving/store.py). Moments are UTC: `at`, `starts` and `ends` are
event time, `finished_at` and `raised_at` wall clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from dashboard.serving_reader import rows

BATCHES = 600  # of all queries together: some minutes
ALERTS = 25
EVENTS = 60  # of one customer
PLACES = 60
RECENT = timedelta(minutes=30)
"""Over which the stream's work is summed: the store keeps somewhat more micro-batches than that."""


def _table(name: str, **types: type[sa.types.TypeEngine[Any]]) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, type_) for column, type_ in types.items()))


_LONG, _MOMENT, _NUMBER, _WORD = sa.BigInteger, sa.DateTime, sa.Float, sa.String
SUMMED = ("events", "late", "duplicates", "dead_letters")
PROGRESS = _table(
    "live_progress",
    **{"query": _WORD, "batch": _LONG, "finished_at": _MOMENT, "events": _LONG, "seconds": _NUMBER, "late": _LONG},
    **{"duplicates": _LONG, "dead_letters": _LONG, "watermark": _MOMENT, "newest_event": _MOMENT, "backlog": _LONG},
    **{"state_rows": _LONG, "state_bytes": _LONG, "latency_p50_s": _NUMBER, "latency_p95_s": _NUMBER},
)
IDLE = _table("live_idle", query=_WORD, looked_at=_MOMENT)
WINDOW = _table(
    "live_windows",
    **{"kind": _WORD, "location": _WORD, "starts": _MOMENT, "ends": _MOMENT, "transactions": _LONG, "amount": _NUMBER},
    **{"mean_balance": _NUMBER, "closed": sa.Boolean, "expected": _NUMBER, "low": _NUMBER, "high": _NUMBER},
    **{"anomaly": _WORD},
)
ALERT = _table(
    "live_alerts",
    **{"alert_id": _WORD, "at": _MOMENT, "raised_at": _MOMENT, "type": _WORD, "customer_id": _WORD},
    **{"location": _WORD, "score": _NUMBER, "reason": _WORD, "events": _WORD, "habit": _WORD},
)
CUSTOMER = _table(
    "live_customers",
    **{"customer_id": _WORD, "transaction_id": _WORD, "at": _MOMENT, "location": _WORD},
    **{"amount": _NUMBER, "balance": _NUMBER},
)


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
    latest = sa.select(*PROGRESS.c).order_by(PROGRESS.c.finished_at.desc()).limit(BATCHES)
    progress = rows(connection, latest).iloc[::-1].reset_index(drop=True)
    since = progress["finished_at"].max().to_pydatetime() - RECENT if len(progress) else datetime.min
    idle = {query: moment for query, moment in connection.execute(sa.select(*IDLE.c))}
    return Pulse(progress, _totals(connection, since), _alerts(connection, since), idle)


def _totals(connection: sa.Connection, since: datetime) -> dict[str, dict[str, int]]:
    sums = [sa.func.coalesce(sa.func.sum(PROGRESS.c[name]), 0) for name in SUMMED]
    by_query = sa.select(PROGRESS.c.query, *sums).where(PROGRESS.c.finished_at > since).group_by(PROGRESS.c.query)
    return {query: dict(zip(SUMMED, map(int, found), strict=True)) for query, *found in connection.execute(by_query)}


def _alerts(connection: sa.Connection, since: datetime) -> dict[str, int]:
    by_type = sa.select(ALERT.c.type, sa.func.count()).where(ALERT.c.raised_at > since).group_by(ALERT.c.type)
    return {kind: int(number) for kind, number in connection.execute(by_type)}


def windows(connection: sa.Connection, kind: str, place: str, limit: int) -> pd.DataFrame:
    """The latest windows of a kind (tumbling, sliding) of a place (empty: the whole stream), oldest first."""
    chosen = sa.select(*WINDOW.c).where(WINDOW.c.kind == kind, WINDOW.c.location == place)
    latest = rows(connection, chosen.order_by(WINDOW.c.starts.desc()).limit(limit))
    return latest.iloc[::-1].reset_index(drop=True)


def places(connection: sa.Connection) -> list[str]:
    """The places with the most transactions in the last windows, in order of the alphabet."""
    whole = sa.select(sa.func.max(WINDOW.c.starts, type_=sa.DateTime)).where(
        WINDOW.c.kind == "tumbling", WINDOW.c.location == ""
    )
    newest = connection.execute(whole).scalar()
    if newest is None:
        return []
    chosen = sa.select(WINDOW.c.location).where(
        WINDOW.c.kind == "tumbling", WINDOW.c.location != "", WINDOW.c.starts > newest - RECENT
    )
    busiest = chosen.group_by(WINDOW.c.location).order_by(sa.func.sum(WINDOW.c.transactions).desc()).limit(PLACES)
    return sorted(connection.scalars(busiest))


def alerts(connection: sa.Connection, types: tuple[str, ...]) -> pd.DataFrame:
    """The latest alerts, the newest first; of some types, or of all if none is named."""
    chosen = sa.select(*ALERT.c).order_by(ALERT.c.raised_at.desc(), ALERT.c.alert_id).limit(ALERTS)
    return rows(connection, chosen.where(ALERT.c.type.in_(types)) if types else chosen)


def alert(connection: sa.Connection, alert_id: str) -> pd.DataFrame:
    """One alert, or no row."""
    return rows(connection, sa.select(*ALERT.c).where(ALERT.c.alert_id == alert_id))


@dataclass(frozen=True)
class Customer:
    """What the live store keeps of a customer: alerts, the newest first, and events, the oldest first."""

    alerts: pd.DataFrame
    events: pd.DataFrame


def customer(connection: sa.Connection, customer_id: str) -> Customer:
    """One customer."""
    raised = sa.select(*ALERT.c).where(ALERT.c.customer_id == customer_id)
    events = sa.select(*CUSTOMER.c).where(CUSTOMER.c.customer_id == customer_id)
    return Customer(
        rows(connection, raised.order_by(ALERT.c.at.desc()).limit(ALERTS)),
        rows(connection, events.order_by(CUSTOMER.c.at.desc()).limit(EVENTS)).iloc[::-1].reset_index(drop=True),
    )
