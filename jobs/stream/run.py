"""The stream: three queries over one source, until they are stopped.

Reads: events (Kafka's topic `transactions`, or files). Writes: transaction_windows, alerts, dead_letters, and the
live store.
"""

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery
from sqlalchemy import delete

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import remove
from jobs.core.settings import Settings
from jobs.serving import database, schema
from jobs.stream import source
from jobs.stream.batch_log import checkpoint
from jobs.stream.checkpoint import stream_id
from jobs.stream.contract import good, parsed
from jobs.stream.detection.alert_query import alerts
from jobs.stream.detection.stored_thresholds import calibration
from jobs.stream.durations import seconds
from jobs.stream.progress import Progress, observed
from jobs.stream.session import stream_session
from jobs.stream.sinks.batch_sinks import AlertsSink, EventsSink, Live, WindowsSink
from jobs.stream.windows.aggregation import distinct, tumbling

PATIENT = 5
"""The intake keeps what broke the contract, and alerts wait for the watermark: so many triggers at once cost less."""
TABLES = ("transaction_windows", "alerts", "dead_letters")
log = logging.getLogger("bankstack.stream")
Sink = Callable[[DataFrame, int], None]


class Stream:
    """The queries while they run."""

    def __init__(self, spark: SparkSession, settings: Settings, stopping: threading.Event | None = None) -> None:
        """Start them, going on where they stopped; `stopping` is set by who wants them to end.

        Raises:
            BankError: the checkpoint is of other queries.

        """
        self.spark, self.settings, self.stopping = stream_session(spark), settings, stopping or threading.Event()
        self.alive = settings.stream_folder / "alive"
        """Touched while all queries run, for who looks from outside."""
        self.alive.parent.mkdir(parents=True, exist_ok=True)
        name = stream_id(settings)
        self.engine = database.connect(settings.live_url, self.stopping.is_set)
        self.listener = Progress(self.engine, settings)
        self.spark.streams.addListener(self.listener)
        live = Live(self.engine, self.stopping.is_set)
        length = int(seconds(settings.stream_window))
        self.queries = [
            self._start("events", self._events(), "append", EventsSink(spark, settings, name)),
            self._start("windows", self._windows(), "update", WindowsSink(spark, settings, name, live, length)),
            self._start("alerts", self._alerts(), "append", AlertsSink(spark, settings, name, live)),
        ]

    def _events(self) -> DataFrame:
        return observed(parsed(source.stream(self.spark, self.settings)))

    def _windows(self) -> DataFrame:
        return tumbling(distinct(good(self._events()), self.settings.stream_watermark), self.settings.stream_window)

    def _alerts(self) -> DataFrame:
        settings = self.settings
        known = calibration(settings)
        return alerts(good(self._events()), settings.alert_watermark, known, seconds(settings.stream_expiry))

    def _start(self, name: str, rows: DataFrame, mode: str, sink: Sink) -> StreamingQuery:
        place = f"{self.settings.lake_url}/{checkpoint(self.settings, name)}"
        every = seconds(self.settings.stream_trigger) * (1 if name == "windows" else PATIENT)
        writer = rows.writeStream.queryName(name).outputMode(mode).option("checkpointLocation", place)
        return writer.trigger(processingTime=f"{every} seconds").foreachBatch(sink).start()

    def wait(self, until: Callable[[], bool] = lambda: False, every_s: float = 0.5) -> None:
        """Return when `until` says so or `stop` was called.

        Raises:
            BankError: a query ended with an error.

        """
        while not self.stopping.wait(every_s) and not until():
            self.alive.touch()
            for query in self.queries:
                if error := query.exception():
                    self.stop()
                    raise BankError(f"the query {query.name} ended: {error}") from error

    def finish(self) -> None:
        """Work all that lies at the source now, then return."""
        for query in self.queries:
            query.processAllAvailable()

    def stop(self) -> None:
        """Stop all queries; what they were at is done again at the next start."""
        self.stopping.set()
        for query in self.queries:
            query.stop()
        self.spark.streams.removeListener(self.listener)
        self.engine.dispose()


def serve(spark: SparkSession, settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    stream = Stream(spark, settings, stopping)
    log.info("the stream runs; live store: %s", stream.engine.url)
    stream.wait()
    stream.stop()
    log.info("the stream is stopped; the next start goes on from here")


def forget(spark: SparkSession, settings: Settings) -> None:
    """Remove the checkpoint, this stream's tables with their rows, and the live rows. The source stays."""
    remove(settings, "stream")
    for table in TABLES:
        spark.sql(f"DROP TABLE IF EXISTS {settings.database}.{table}")
        remove(settings, f"tables/{table}")
        tables.create(spark, settings, table)
    engine = database.connect(settings.live_url)
    with engine.begin() as connection:
        for kept in schema.METADATA.sorted_tables:
            connection.execute(delete(kept))
    engine.dispose()
