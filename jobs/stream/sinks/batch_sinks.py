"""The sinks of the three queries: they write each micro-batch to the lake and to the serving database.

Spark calls a sink with a batch and its number, possibly twice with the same one. A repeated batch gives the same rows:
the lake's tables skip them and the serving database replaces them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fsspec import AbstractFileSystem
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from sqlalchemy import Engine, Table

from jobs.core.errors import BankError
from jobs.core.files import lake_files
from jobs.core.settings import Settings
from jobs.serving import database, schema
from jobs.stream.batch_log import checkpoint_folder, record_batch
from jobs.stream.sinks.lake_table import LakeTable
from jobs.stream.sinks.sink_rows import lake_alert, lake_window, live_alert, live_customer, live_window
from jobs.stream.timestamps import utc
from jobs.stream.windows.open_windows import OpenWindows, advance_windows
from jobs.stream.windows.stored_forecast import StoredForecast
from jobs.stream.windows.volume_alerts import first_anomalous_windows, volume_alert

MAX_RAW_LENGTH = 4_000
"""Characters of a rejected event that dead_letters keeps."""
RETENTION_INTERVAL_S = 60.0
KEPT_STATES = 3
"""Batches whose open windows stay on disk; one of them may be repeated."""


class LiveStore:
    """Writes to the serving database. While it is unavailable the sinks wait, and so does the stream."""

    def __init__(self, engine: Engine, is_stopped: Callable[[], bool]) -> None:
        """Connect to the database behind `engine`; `is_stopped` ends the wait."""
        self.engine, self.is_stopped = engine, is_stopped
        self.retained_at = time.monotonic()

    def write(self, rows: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
        """Write rows of several tables; return when they are stored.

        Raises:
            InterruptedError: the stream was stopped before the database answered.

        """
        if not database.retry_until_done(lambda: database.upsert(self.engine, rows), self.is_stopped):
            raise InterruptedError(
                "stopped while the serving database was unavailable; the next start repeats this batch"
            )
        if time.monotonic() - self.retained_at > RETENTION_INTERVAL_S:
            database.retry_until_done(lambda: database.retain(self.engine), self.is_stopped)
            self.retained_at = time.monotonic()


class EventsSink:
    """Writes rejected events to dead_letters."""

    def __init__(self, spark: SparkSession, settings: Settings, stream: str) -> None:
        """Open the table; `stream` is the checkpoint's id."""
        self.settings = settings
        self.dead_letters = LakeTable(spark, settings, "dead_letters", stream)

    def __call__(self, events: DataFrame, batch: int) -> None:
        """Append the batch's rejected events."""
        _, started_ms = record_batch(self.settings, "events", batch)
        raw = F.left("raw", F.lit(MAX_RAW_LENGTH)).alias("raw")
        rejected = events.where(F.col("reason").isNotNull()).select("position", "reason", raw)
        day = f"{utc(started_ms / 1000):%Y-%m-%d}"
        rows = [{**row.asDict(), "day": day} for row in rejected.toLocalIterator(prefetchPartitions=True)]
        self.dead_letters.append(batch, rows)


class WindowsSink:
    """Writes open and closed windows, and alerts about the whole stream."""

    def __init__(self, spark: SparkSession, settings: Settings, stream: str, live: LiveStore, length: int) -> None:
        """Open the tables.

        Args:
            spark: a session that can read the tables.
            settings: give the lake.
            stream: id of the checkpoint.
            live: the serving database.
            length: of a tumbling window, seconds.

        """
        self.settings, self.live, self.length = settings, live, length
        self.windows = LakeTable(spark, settings, "transaction_windows", stream)
        self.alerts = LakeTable(spark, settings, "alerts", stream)
        self.forecast = StoredForecast(spark, settings, length)
        self.last_state: tuple[int, OpenWindows] | None = None
        """The batch processed last, and the state after it."""

    def __call__(self, updates: DataFrame, batch: int) -> None:
        """Apply the sums that changed, and close the windows that the watermark has passed."""
        watermark_ms, _ = record_batch(self.settings, "windows", batch)
        before = self._load_state(batch - 1)
        state, windows = advance_windows(before, updates.toPandas(), watermark_ms, self.length, self.forecast)
        alerts = [volume_alert(window) for window in first_anomalous_windows(windows, before.monitor.anomaly)]
        self.windows.append(batch, [lake_window(window) for window in windows if window.closed])
        self.alerts.append(batch, [lake_alert(alert, "windows") for alert in alerts])
        self.live.write(
            {
                schema.WINDOWS: [live_window(window) for window in windows],
                schema.ALERTS: [live_alert(alert) for alert in alerts],
            }
        )
        self._save_state(state, batch)

    def _state_path(self, batch: int) -> tuple[AbstractFileSystem, str]:
        filesystem, root = lake_files(self.settings)
        return filesystem, f"{root}/{checkpoint_folder(self.settings, 'windows')}/open/{batch}.json"

    def _load_state(self, batch: int) -> OpenWindows:
        """The state after that batch.

        Raises:
            BankError: its file is missing.

        """
        if batch < 0:
            return OpenWindows()
        if self.last_state and self.last_state[0] == batch:
            return self.last_state[1]
        filesystem, path = self._state_path(batch)
        if not filesystem.exists(path):
            raise BankError(
                f"{path} is missing: it holds the open windows after batch {batch}, without which the stream cannot "
                "continue. Restore it, or start again with: bankstack stream --anew"
            )
        return OpenWindows.from_json(filesystem.cat_file(path).decode())

    def _save_state(self, state: OpenWindows, batch: int) -> None:
        """Write the state. If a crash leaves a partial file, its batch is repeated and overwrites it."""
        filesystem, path = self._state_path(batch)
        filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        filesystem.pipe_file(path, state.to_json().encode())
        self.last_state = (batch, state)
        _, old_path = self._state_path(batch - KEPT_STATES)
        if filesystem.exists(old_path):
            filesystem.rm(old_path)


class AlertsSink:
    """Writes alerts of customers and terminals."""

    def __init__(self, spark: SparkSession, settings: Settings, stream: str, live: LiveStore) -> None:
        """Open the table; `stream` is the checkpoint's id."""
        self.settings, self.live = settings, live
        self.alerts = LakeTable(spark, settings, "alerts", stream)

    def __call__(self, rows: DataFrame, batch: int) -> None:
        """Write the batch's alerts, and the transactions of customers with a recent alert."""
        record_batch(self.settings, "alerts", batch)
        found = [row.asDict() for row in rows.collect()]
        alerts = [row for row in found if row["row_type"] == "alert"]
        transactions = {row["transaction_id"]: row for row in found if row["row_type"] == "transaction"}
        self.alerts.append(batch, [lake_alert(alert, "alerts") for alert in alerts])
        self.live.write(
            {
                schema.ALERTS: [live_alert(alert) for alert in alerts],
                schema.CUSTOMERS: [live_customer(transaction) for transaction in transactions.values()],
            }
        )
