"""Turn Spark's report on each micro-batch into a row of live_progress."""

import json
import logging
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.streaming.listener import (
    QueryIdleEvent,
    QueryProgressEvent,
    QueryStartedEvent,
    QueryTerminatedEvent,
    StreamingQueryListener,
    StreamingQueryProgress,
)
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jobs.core.settings import Settings
from jobs.serving.database import upsert
from jobs.serving.schema import IDLE, PROGRESS
from jobs.stream.alert_types import ROLES
from jobs.stream.contract import TOPIC
from jobs.stream.timestamps import naive_utc

OBSERVATION = "intake"
"""Name of the observed metrics in Spark's report."""
MAX_PENDING_ROWS = 2_000
log = logging.getLogger("bankstack.stream")


def observe_events(events: DataFrame) -> DataFrame:
    """Let Spark measure the parsed events as they pass."""
    is_valid = F.col("reason").isNull()
    sent_ms = F.when(is_valid, F.unix_millis("sent_at"))
    return events.observe(
        OBSERVATION,
        F.count(F.lit(1)).alias("events"),
        F.count("reason").alias("dead_letters"),
        F.max(F.when(is_valid, F.unix_millis("transaction_at"))).alias("newest_ms"),
        F.max(F.unix_millis("arrived")).alias("arrived_ms"),
        F.avg(F.length("raw") + 1).alias("mean_length"),
        F.percentile_approx(sent_ms, F.lit(0.5)).alias("sent_p50_ms"),
        F.percentile_approx(sent_ms, F.lit(0.05)).alias("sent_p05_ms"),
    )


class ProgressListener(StreamingQueryListener):
    """Writes one row per micro-batch; rows that cannot be written are retried with the next one."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Write to the serving database behind `engine`."""
        self.engine, self.settings = engine, settings
        self.pending: deque[dict[str, Any]] = deque(maxlen=MAX_PENDING_ROWS)
        self.names: dict[UUID, str] = {}

    def onQueryStarted(self, event: QueryStartedEvent) -> None:
        """Remember the query's name."""
        self.names[event.id] = event.name or ""

    def onQueryIdle(self, event: QueryIdleEvent) -> None:
        """Record that the query is running although no events have arrived for ten seconds."""
        row = {"query": self.names[event.id], "looked_at": datetime.now(UTC).replace(tzinfo=None)}
        try:
            upsert(self.engine, {IDLE: [row]})
        except SQLAlchemyError as error:
            log.debug("idle state not written: %s", error)

    def onQueryTerminated(self, event: QueryTerminatedEvent) -> None:
        """Do nothing: Stream.wait notices a query that has ended."""

    def onQueryProgress(self, event: QueryProgressEvent) -> None:
        """Write the row of a completed batch."""
        durations = event.progress.durationMs
        if "triggerExecution" not in durations or "addBatch" not in durations:
            return
        self.pending.append(progress_row(event.progress, self.settings))
        rows = list(self.pending)
        try:
            upsert(self.engine, {PROGRESS: rows})
        except SQLAlchemyError as error:
            log.debug("progress not written yet: %s", error)
            return
        for _ in rows:
            self.pending.popleft()


def progress_row(progress: StreamingQueryProgress, settings: Settings) -> dict[str, Any]:
    """The row of live_progress for one batch."""
    metrics = progress.observedMetrics.get(OBSERVATION)
    observed: dict[str, Any] = metrics.asDict() if metrics and metrics["events"] else {}
    seconds = progress.durationMs["triggerExecution"] / 1000
    finished = datetime.fromisoformat(progress.timestamp.replace("Z", "+00:00")) + timedelta(seconds=seconds)
    operators = progress.stateOperators
    state_bytes = [one.customMetrics.get("rocksdbSstFileSize", one.memoryUsedBytes) for one in operators]
    return {
        "query": progress.name,
        "batch": progress.batchId,
        "finished_at": finished.replace(tzinfo=None),
        "events": observed.get("events", 0),
        "seconds": seconds,
        "dead_letters": observed.get("dead_letters", 0),
        "late": late_events(progress),
        "duplicates": sum(one.customMetrics.get("numDroppedDuplicateRows", 0) for one in operators),
        "watermark": _watermark(progress),
        "newest_event": _timestamp(observed.get("newest_ms")),
        "backlog": backlog(progress, observed, settings),
        "state_rows": sum(one.numRowsTotal for one in operators),
        "state_bytes": sum(state_bytes),
        "latency_p50_s": _seconds_since(observed.get("sent_p50_ms"), finished),
        "latency_p95_s": _seconds_since(observed.get("sent_p05_ms"), finished),
    }


def late_events(progress: StreamingQueryProgress) -> int:
    """Events that the batch dropped as late. Spark counts rows; in the alerts query an event is one row per role."""
    rows = sum(operator.numRowsDroppedByWatermark for operator in progress.stateOperators)
    return rows // len(ROLES) if progress.name == "alerts" else rows


def backlog(progress: StreamingQueryProgress, observed: dict[str, Any], settings: Settings) -> int:
    """Events at the source that have not been read yet; for files, an estimate from their size."""
    source = progress.sources[0]
    if settings.stream_source:
        latest, ends = (json.loads(text)[TOPIC] for text in (source.latestOffset, source.endOffset))
        return sum(latest[partition] - ends.get(partition, 0) for partition in latest)
    if not observed:
        return 0
    files = _files(settings.source_folder)
    waiting_bytes = sum(size for modified, size in files if modified * 1000 >= observed["arrived_ms"] + 1)
    return int(waiting_bytes / observed["mean_length"])


def _files(folder: Path) -> list[tuple[float, int]]:
    """Modification time (seconds since 1970) and size of each file of events."""
    return [(stat.st_mtime, stat.st_size) for stat in (path.stat() for path in folder.glob("*.jsonl"))]


def _watermark(progress: StreamingQueryProgress) -> datetime | None:
    text = (progress.eventTime or {}).get("watermark", "")
    watermark = datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    return watermark.replace(tzinfo=None) if watermark and watermark.year > 1970 else None


def _timestamp(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else naive_utc(milliseconds / 1000)


def _seconds_since(milliseconds: int | None, finished: datetime) -> float | None:
    return None if milliseconds is None else max(0.0, round(finished.timestamp() - milliseconds / 1000, 3))
