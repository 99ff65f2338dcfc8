"""The sinks: what a micro-batch of each query becomes in the lake and in the live store.

Each is called by Spark with a batch and its number, perhaps twice with the same: it writes the same rows again, which
the lake leaves out and the live store replaces.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from fsspec import AbstractFileSystem
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from sqlalchemy import Engine, Table

from jobs.core.errors import BankError
from jobs.core.files import lake_files
from jobs.core.settings import Settings
from jobs.serving import database, schema
from jobs.stream.batch_log import checkpoint, note
from jobs.stream.detection.alert_rows import Row, volume_row
from jobs.stream.sinks.lake_table import LakeTable
from jobs.stream.windows.aggregation import WHOLE, Open, Window, advance

RAW = 4_000
RETAIN_EVERY = 60.0
KEPT_OPEN = 3
"""Batches whose open windows are kept: one may be done again."""


class Live:
    """The live store, for the sinks: waits while it is away, so that the stream waits too."""

    def __init__(self, engine: Engine, stopped: Callable[[], bool]) -> None:
        """Sinks give up when `stopped` says so."""
        self.engine, self.stopped, self.retained = engine, stopped, time.monotonic()

    def write(self, rows: dict[Table, list[Row]]) -> None:
        """Write the rows; returns when they are there.

        Raises:
            InterruptedError: the stream was stopped before the store answered.

        """
        if not database.retry_until_done(lambda: database.upsert(self.engine, rows), self.stopped):
            raise InterruptedError("stopped while the live store is away; the batch is done again at the next start")
        if time.monotonic() - self.retained > RETAIN_EVERY:
            database.retry_until_done(lambda: database.retain(self.engine), self.stopped)
            self.retained = time.monotonic()


class EventsSink:
    """Intake: what broke the contract."""

    def __init__(self, spark: SparkSession, settings: Settings, stream: str) -> None:
        """Rows go to dead_letters."""
        self.settings, self.letters = settings, LakeTable(spark, settings, "dead_letters", stream)

    def __call__(self, events: DataFrame, batch: int) -> None:
        """Keep the bad events."""
        _, began = note(self.settings, "events", batch)
        bad = events.where(F.col("reason").isNotNull()).select(
            "position", "reason", F.left("raw", F.lit(RAW)).alias("raw")
        )
        day = f"{datetime.fromtimestamp(began / 1000, UTC):%Y-%m-%d}"
        self.letters.add(batch, [{**row.asDict(), "day": day} for row in bad.toLocalIterator(prefetchPartitions=True)])


class WindowsSink:
    """Windows open and closed, and alerts of the whole stream."""

    def __init__(self, spark: SparkSession, settings: Settings, stream: str, store: Live, length: int) -> None:
        """Rows go to transaction_windows, alerts, live_windows and live_alerts; `length` of a window in seconds."""
        self.settings, self.store, self.length = settings, store, length
        self.windows, self.alerts = (
            LakeTable(spark, settings, name, stream) for name in ("transaction_windows", "alerts")
        )
        self.last: tuple[int, Open] | None = None

    def __call__(self, updates: DataFrame, batch: int) -> None:
        """Take in the sums that changed; close what the watermark has passed."""
        watermark, _ = note(self.settings, "windows", batch)
        before = self._open(batch - 1)
        now, found = advance(before, updates.toPandas(), watermark, self.length)
        self.windows.add(batch, [lake_window(window) for window in found if window.closed])
        loud = [volume_row(window) for window in volume_alerts(found, before.anomaly)]
        self.alerts.add(batch, [lake_alert(row, "windows") for row in loud])
        self.store.write(
            {schema.WINDOWS: [live_window(one) for one in found], schema.ALERTS: [live_alert(row) for row in loud]}
        )
        self._keep(now, batch)

    def _path(self, batch: int) -> tuple[AbstractFileSystem, str]:
        filesystem, root = lake_files(self.settings)
        return filesystem, f"{root}/{checkpoint(self.settings, 'windows')}/open/{batch}.json"

    def _open(self, batch: int) -> Open:
        """What was open after that batch."""
        if batch < 0:
            return Open()
        if self.last and self.last[0] == batch:
            return self.last[1]
        filesystem, path = self._path(batch)
        if not filesystem.exists(path):
            raise BankError(f"the windows that were open after batch {batch} are gone: {path}")
        return Open.from_json(filesystem.cat_file(path).decode())

    def _keep(self, now: Open, batch: int) -> None:
        """Write what is open; a file that a kill left half written is of a batch that is done again."""
        filesystem, path = self._path(batch)
        filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        filesystem.pipe_file(path, now.to_json().encode())
        self.last = (batch, now)
        _, old = self._path(batch - KEPT_OPEN)
        if filesystem.exists(old):
            filesystem.rm(old)


class AlertsSink:
    """Alerts of customers and terminals."""

    def __init__(self, spark: SparkSession, settings: Settings, stream: str, store: Live) -> None:
        """Rows go to alerts, live_alerts and live_customers."""
        self.settings, self.store = settings, store
        self.alerts = LakeTable(spark, settings, "alerts", stream)

    def __call__(self, rows: DataFrame, batch: int) -> None:
        """Write the alerts, and the transactions of those who had one lately."""
        note(self.settings, "alerts", batch)
        found = [row.asDict() for row in rows.collect()]
        loud = [row for row in found if row["what"] == "alert"]
        seen = {row["transaction_id"]: live_customer(row) for row in found if row["what"] == "seen"}
        self.alerts.add(batch, [lake_alert(row, "alerts") for row in loud])
        self.store.write({schema.ALERTS: [live_alert(row) for row in loud], schema.CUSTOMERS: list(seen.values())})


def volume_alerts(windows: Iterable[Window], before: str) -> list[Window]:
    """The first window of each surge and outage; `before` is the anomaly of the window before them."""
    found = []
    for window in windows:
        if window.closed and window.kind == "tumbling" and window.location == WHOLE:
            if window.verdict.anomaly and window.verdict.anomaly != before:
                found.append(window)
            before = window.verdict.anomaly or ""
    return found


def lake_window(window: Window) -> Row:
    """A row of transaction_windows."""
    starts, ends = (datetime.fromtimestamp(at, UTC) for at in (window.starts, window.ends))
    amount = f"{window.sums[1] // 100}.{window.sums[1] % 100:02d}"
    return _sums(window) | {"starts": starts, "ends": ends, "amount": amount, "day": f"{starts:%Y-%m-%d}"}


def live_window(window: Window) -> Row:
    """A row of live_windows."""
    starts, ends = (_naive(at) for at in (window.starts, window.ends))
    row = _sums(window) | {"starts": starts, "ends": ends, "amount": window.sums[1] / 100, "closed": window.closed}
    return {"city": row.pop("location"), **row}


def _sums(window: Window) -> Row:
    count, _, balance, known = window.sums
    return {
        **{"kind": window.kind, "location": window.location, "transactions": count},
        **{"mean_balance": round(balance / known / 100, 4) if known else None, **vars(window.verdict)},
    }


def lake_alert(row: Row, query: str) -> Row:
    """A row of alerts."""
    at = datetime.fromtimestamp(int(str(row["at_us"])) / 1e6, UTC)
    names = ("alert_id", "type", "customer_id", "location", "score", "reason", "events", "habit")
    moments = {"at": at, "raised_at": datetime.now(UTC), "day": f"{at:%Y-%m-%d}"}
    return {name: row[name] for name in names} | moments | {"query": query}


def live_alert(row: Row) -> Row:
    """A row of live_alerts."""
    names = ("alert_id", "type", "customer_id", "score", "reason", "events")
    raised = datetime.now(UTC).replace(tzinfo=None)
    renamed = {"city": row["location"], "profile": row["habit"], "event_time": _naive(int(str(row["at_us"])) / 1e6)}
    return {name: row[name] for name in names} | renamed | {"raised_at": raised}


def live_customer(row: Row) -> Row:
    """A row of live_customers."""
    names = ("transaction_id", "customer_id", "amount", "balance")
    renamed = {"city": row["location"], "event_time": _naive(int(str(row["at_us"])) / 1e6)}
    return {name: row[name] for name in names} | renamed


def _naive(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
