"""What Spark tells of each micro-batch becomes a row of live_progress."""

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
from jobs.stream.contract import TOPIC

OBSERVED = "intake"
WAITING = 2_000
log = logging.getLogger("bankstack.stream")


def observed(events: DataFrame) -> DataFrame:
    """The events of `contract.parsed`, which Spark counts as they pass."""
    sent = F.when(F.col("reason").isNull(), F.unix_millis("sent_at"))
    return events.observe(
        OBSERVED,
        F.count(F.lit(1)).alias("events"),
        F.count("reason").alias("dead_letters"),
        F.max(F.when(F.col("reason").isNull(), F.unix_millis("transaction_at"))).alias("newest_ms"),
        F.max(F.unix_millis("arrived")).alias("arrived_ms"),
        F.avg(F.length("raw") + 1).alias("length"),
        F.percentile_approx(sent, F.lit(0.5)).alias("sent_p50_ms"),
        F.percentile_approx(sent, F.lit(0.05)).alias("sent_p05_ms"),
    )


class Progress(StreamingQueryListener):
    """Writes a row per batch; what cannot be written waits for the next one."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Rows go to the store behind `engine`."""
        self.engine, self.settings = engine, settings
        self.rows: deque[dict[str, Any]] = deque(maxlen=WAITING)
        self.names: dict[UUID, str] = {}

    def onQueryStarted(self, event: QueryStartedEvent) -> None:
        """Remember its name."""
        self.names[event.id] = event.name or ""

    def onQueryIdle(self, event: QueryIdleEvent) -> None:
        """Write that it runs, though nothing new came for ten seconds."""
        row = {"query": self.names[event.id], "looked_at": datetime.now(UTC).replace(tzinfo=None)}
        try:
            upsert(self.engine, {IDLE: [row]})
        except SQLAlchemyError as error:
            log.debug("not written: %s", error)

    def onQueryTerminated(self, event: QueryTerminatedEvent) -> None:
        """Nothing to tell: who started the query is told."""

    def onQueryProgress(self, event: QueryProgressEvent) -> None:
        """Write the row of a batch that is done."""
        if "triggerExecution" not in event.progress.durationMs or "addBatch" not in event.progress.durationMs:
            return
        self.rows.append(progress_row(event.progress, self.settings))
        rows = list(self.rows)
        try:
            upsert(self.engine, {PROGRESS: rows})
        except SQLAlchemyError as error:
            log.debug("progress waits: %s", error)
            return
        for _ in rows:
            self.rows.popleft()


def progress_row(progress: StreamingQueryProgress, settings: Settings) -> dict[str, Any]:
    """The row of live_progress of one batch."""
    seen = progress.observedMetrics.get(OBSERVED)
    known: dict[str, Any] = seen.asDict() if seen and seen["events"] else {}
    seconds = progress.durationMs["triggerExecution"] / 1000
    finished = datetime.fromisoformat(progress.timestamp.replace("Z", "+00:00")) + timedelta(seconds=seconds)
    states = progress.stateOperators
    return {
        **{"query": progress.name, "batch": progress.batchId, "finished_at": finished.replace(tzinfo=None)},
        **{"events": known.get("events", 0), "seconds": seconds, "dead_letters": known.get("dead_letters", 0)},
        "late": sum(state.numRowsDroppedByWatermark for state in states),
        "duplicates": sum(state.customMetrics.get("numDroppedDuplicateRows", 0) for state in states),
        **{"watermark": _watermark(progress), "newest_event": _moment(known.get("newest_ms"))},
        "backlog": backlog(progress, known, settings),
        "state_rows": sum(state.numRowsTotal for state in states),
        "state_bytes": sum(state.customMetrics.get("rocksdbSstFileSize", state.memoryUsedBytes) for state in states),
        "latency_p50_s": _since(known.get("sent_p50_ms"), finished),
        "latency_p95_s": _since(known.get("sent_p05_ms"), finished),
    }


def backlog(progress: StreamingQueryProgress, known: dict[str, Any], settings: Settings) -> int:
    """Events that lie at the source and were not read yet; of files an estimate by their size."""
    source = progress.sources[0]
    if settings.stream_source:
        latest, ends = (json.loads(text)[TOPIC] for text in (source.latestOffset, source.endOffset))
        return sum(latest[part] - ends.get(part, 0) for part in latest)
    if not known:
        return 0
    waiting = sum(size for at, size in _files(settings.source_folder) if at * 1000 >= known["arrived_ms"] + 1)
    return int(waiting / known["length"])


def _files(folder: Path) -> list[tuple[float, int]]:
    return [(about.st_mtime, about.st_size) for about in (path.stat() for path in folder.glob("*.jsonl"))]


def _watermark(progress: StreamingQueryProgress) -> datetime | None:
    text = (progress.eventTime or {}).get("watermark", "")
    known = datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    return known.replace(tzinfo=None) if known and known.year > 1970 else None


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)


def _since(milliseconds: int | None, finished: datetime) -> float | None:
    return None if milliseconds is None else max(0.0, round(finished.timestamp() - milliseconds / 1000, 3))
