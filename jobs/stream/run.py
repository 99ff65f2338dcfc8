"""The stream: three queries over one source, which run until they are stopped.

Reads: events (Kafka's topic `transactions`, or files). Writes: transaction_windows, alerts, dead_letters, and the
serving database.
"""

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery
from sqlalchemy import delete

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import remove
from jobs.core.settings import Settings
from jobs.serving import database, schema
from jobs.stream import source
from jobs.stream.batch_log import checkpoint_folder
from jobs.stream.checkpoint import checkpoint_id
from jobs.stream.contract import parse_events, valid_events
from jobs.stream.detection.alert_query import stream_alerts
from jobs.stream.detection.stored_thresholds import load_or_fit_thresholds
from jobs.stream.durations import seconds
from jobs.stream.progress import ProgressListener, observe_events
from jobs.stream.sinks.batch_sinks import AlertsSink, EventsSink, LiveStore, WindowsSink
from jobs.stream.streaming_session import stream_session
from jobs.stream.windows.aggregation import deduplicate, sum_tumbling

SLOW_TRIGGERS = 5
"""Triggers per batch of the events and alerts queries: dead letters are not urgent, and alerts wait for the watermark,
so fewer and larger batches cost less."""
TABLES = ("transaction_windows", "alerts", "dead_letters")
log = logging.getLogger("bankstack.stream")
Sink = Callable[[DataFrame, int], None]
FallbackEvents = Callable[[], pd.DataFrame]
"""Returns the events to fit thresholds to if no reference events are stored."""


class Stream:
    """The running queries."""

    def __init__(
        self,
        spark: SparkSession,
        settings: Settings,
        fallback_events: FallbackEvents,
        stopping: threading.Event | None = None,
    ) -> None:
        """Start the queries; they resume from their last checkpoint.

        Args:
            spark: gives the tables.
            settings: give source, lake and serving database.
            fallback_events: see `detection.stored_thresholds`.
            stopping: set to stop the stream from outside.

        Raises:
            BankError: the checkpoint was made by other queries.

        """
        self.spark, self.settings = stream_session(spark), settings
        self.fallback_events = fallback_events
        self.stopping = stopping or threading.Event()
        self.alive = settings.stream_folder / "alive"
        """A file that is touched while all queries run, for health checks from outside."""
        self.alive.parent.mkdir(parents=True, exist_ok=True)
        stream = checkpoint_id(settings)
        self.engine = database.connect(settings.live_url, self.stopping.is_set)
        self.listener = ProgressListener(self.engine, settings)
        self.spark.streams.addListener(self.listener)
        live = LiveStore(self.engine, self.stopping.is_set)
        length = int(seconds(settings.stream_window))
        self.queries = [
            self._start("events", self._intake(), "append", EventsSink(spark, settings, stream)),
            self._start("windows", self._windows(), "update", WindowsSink(spark, settings, stream, live, length)),
            self._start("alerts", self._alerts(), "append", AlertsSink(spark, settings, stream, live)),
        ]

    def _events(self) -> DataFrame:
        return observe_events(parse_events(source.read_stream(self.spark, self.settings)))

    def _intake(self) -> DataFrame:
        return self._events().select("position", "reason", "raw")

    def _windows(self) -> DataFrame:
        events = deduplicate(valid_events(self._events()), self.settings.stream_watermark)
        return sum_tumbling(events, self.settings.stream_window)

    def _alerts(self) -> DataFrame:
        settings, events = self.settings, valid_events(self._events())
        thresholds = load_or_fit_thresholds(settings, self.fallback_events)
        return stream_alerts(events, settings.alert_watermark, thresholds, seconds(settings.stream_expiry))

    def _start(self, name: str, rows: DataFrame, mode: str, sink: Sink) -> StreamingQuery:
        location = f"{self.settings.lake_url}/{checkpoint_folder(self.settings, name)}"
        interval = seconds(self.settings.stream_trigger) * (1 if name == "windows" else SLOW_TRIGGERS)
        writer = rows.writeStream.queryName(name).outputMode(mode).option("checkpointLocation", location)
        return writer.trigger(processingTime=f"{interval} seconds").foreachBatch(sink).start()

    def wait(self, is_done: Callable[[], bool] = lambda: False, interval_s: float = 0.5) -> None:
        """Return when `is_done` returns True or the stream is stopping.

        Raises:
            BankError: a query failed.

        """
        while not self.stopping.wait(interval_s) and not is_done():
            self.alive.touch()
            for query in self.queries:
                if error := query.exception():
                    self.stop()
                    raise BankError(f"the query {query.name} failed: {error}") from error

    def process_available(self) -> None:
        """Process everything that is at the source now."""
        for query in self.queries:
            query.processAllAvailable()

    def stop(self) -> None:
        """Stop all queries; the next start repeats the batches that they interrupt."""
        self.stopping.set()
        for query in self.queries:
            query.stop()
        self.spark.streams.removeListener(self.listener)
        self.engine.dispose()


def serve(spark: SparkSession, settings: Settings, fallback_events: FallbackEvents) -> None:
    """Run the stream until SIGTERM or Ctrl-C; see `Stream` for the arguments."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    stream = Stream(spark, settings, fallback_events, stopping)
    log.info("the stream is running; serving database: %s", stream.engine.url)
    stream.wait()
    stream.stop()
    log.info("the stream has stopped; the next start resumes from its last checkpoint")


def forget(spark: SparkSession, settings: Settings) -> None:
    """Delete the checkpoint, the stream's tables and the live rows. The source stays."""
    remove(settings, "stream")
    for table in TABLES:
        spark.sql(f"DROP TABLE IF EXISTS {settings.database}.{table}")
        remove(settings, f"tables/{table}")
        tables.create(spark, settings, table)
    engine = database.connect(settings.live_url)
    with engine.begin() as connection:
        for live_table in schema.METADATA.sorted_tables:
            connection.execute(delete(live_table))
    engine.dispose()
