"""Tables of the serving database: SQLite in embedded mode, PostgreSQL in cluster mode.

All timestamps are UTC without a time zone. `event_time`, `starts`, `ends`, `watermark` and `newest_event` are event
time; `raised_at`, `finished_at` and `looked_at` are wall-clock time. Each table keeps only its newest rows (RETENTION);
the lake's tables keep the full history of windows and alerts.
"""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Double, MetaData, Table, Text

METADATA = MetaData()

PROGRESS = Table(
    "live_progress",
    METADATA,
    Column("query", Text, primary_key=True),
    Column("batch", BigInteger, primary_key=True, autoincrement=False),
    Column("finished_at", DateTime, nullable=False),
    Column("events", BigInteger),
    Column("seconds", Double),
    Column("late", BigInteger),
    Column("duplicates", BigInteger),
    Column("dead_letters", BigInteger),
    Column("watermark", DateTime),
    Column("newest_event", DateTime),
    Column("backlog", BigInteger),
    Column("state_rows", BigInteger),
    Column("state_bytes", BigInteger),
    Column("latency_p50_s", Double),
    Column("latency_p95_s", Double),
)
"""One row per micro-batch of a query (`events`, `windows`, `alerts`)."""

IDLE = Table(
    "live_idle",
    METADATA,
    Column("query", Text, primary_key=True),
    Column("looked_at", DateTime, nullable=False),
)
"""When each query last polled the source and found no new events; a query that always found some has no row."""

WINDOWS = Table(
    "live_windows",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("city", Text, primary_key=True),
    Column("starts", DateTime, primary_key=True),
    Column("ends", DateTime, nullable=False),
    Column("transactions", BigInteger, nullable=False),
    Column("amount", Double),
    Column("mean_balance", Double),
    Column("closed", Boolean, nullable=False),
    Column("expected", Double),
    Column("low", Double),
    Column("high", Double),
    Column("anomaly", Text),
)
"""One row per window: `kind` is tumbling or sliding, `city` is '' for the whole stream, `anomaly` is surge or outage.

Amounts and balances are in rupees. `expected`, `low` and `high` are the forecast of `transactions`.
"""

ALERTS = Table(
    "live_alerts",
    METADATA,
    Column("alert_id", Text, primary_key=True),
    Column("event_time", DateTime, nullable=False),
    Column("raised_at", DateTime, nullable=False),
    Column("type", Text, nullable=False),
    Column("customer_id", Text),
    Column("city", Text),
    Column("score", Double, nullable=False),
    Column("reason", Text),
    Column("events", Text),
    Column("profile", Text),
)
"""One row per alert; `events` (an array) and `profile` (an object: the customer's usual behaviour) are JSON."""

CUSTOMERS = Table(
    "live_customers",
    METADATA,
    Column("transaction_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False, index=True),
    Column("event_time", DateTime, nullable=False),
    Column("city", Text),
    Column("amount", Double),
    Column("balance", Double),
)
"""The latest transactions of customers who recently had an alert; amounts in rupees."""

RETENTION: Mapping[Table, tuple[str, int]] = {
    PROGRESS: ("finished_at", 10_000),
    WINDOWS: ("starts", 50_000),
    ALERTS: ("event_time", 5_000),
    CUSTOMERS: ("event_time", 50_000),
}
"""Per table: the column that orders its rows by age, and how many of the newest rows to keep."""
