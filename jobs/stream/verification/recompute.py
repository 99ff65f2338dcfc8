"""Recompute the stream's tables as a batch over the same events, and compare them row by row.

Only the batch log comes from the stream: the events that each micro-batch read, and the watermarks, which determine
the late events. Everything else is computed in another way: a window function drops duplicates, sliding windows are
Spark's own, and alerts come from one pass over all accepted events.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import Window as Over
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.stream import source
from jobs.stream.batch_log import Batch, committed_batches
from jobs.stream.contract import parse_events, valid_events
from jobs.stream.detection.alert_query import batch_alerts
from jobs.stream.detection.stored_thresholds import load_thresholds
from jobs.stream.durations import seconds
from jobs.stream.sinks.batch_sinks import MAX_RAW_LENGTH
from jobs.stream.sinks.lake_table import read_fresh
from jobs.stream.sinks.sink_rows import lake_alert, lake_window
from jobs.stream.streaming_session import stream_session
from jobs.stream.windows.aggregation import sum_by_window
from jobs.stream.windows.open_windows import (
    MAX_SILENCE_S,
    NO_EVENTS,
    SLIDING_S,
    SUMS,
    WHOLE_STREAM,
    Forecast,
    Window,
)
from jobs.stream.windows.stored_forecast import StoredForecast
from jobs.stream.windows.volume_alerts import first_anomalous_windows, volume_alert
from jobs.stream.windows.volume_anomaly import VolumeMonitor

NOT_COMPARED = {"stream", "batch", "query", "day", "raised_at", "position"}
"""Columns that describe the run rather than the events."""
WRITING_QUERY = {"transaction_windows": "windows", "dead_letters": "events"}
"""The query that writes a table; rows of alerts name theirs."""


def completed_batches(settings: Settings, query: str) -> list[Batch]:
    """The completed batches of a query.

    Raises:
        BankError: there are none.

    """
    batches = committed_batches(settings, query)
    if not batches:
        raise BankError(
            f"the query {query} has not completed a batch in {settings.lake_url}/stream: start the stream, with: "
            "bankstack stream"
        )
    return batches


def accepted_events(spark: SparkSession, settings: Settings, batches: Sequence[Batch]) -> DataFrame:
    """The valid events of these batches, without late events and duplicates; of two copies, the first counts."""
    watermarks = [0, *(batch.watermark_ms for batch in batches)]  # an event is late by the batch before its own
    rows = [(batch.number, watermark) for batch, watermark in zip(batches, watermarks, strict=False)]
    watermark_of_batch = spark.createDataFrame(rows, "batch BIGINT, late_before_ms BIGINT")
    events = valid_events(parse_events(source.read_batches(spark, settings, batches)))
    is_on_time = (F.col("late_before_ms") == 0) | (F.unix_micros("transaction_at") > F.col("late_before_ms") * 1000)
    on_time = events.join(F.broadcast(watermark_of_batch), "batch").where(is_on_time)
    copies = Over.partitionBy("transaction_id").orderBy("batch", "transaction_at")
    return on_time.withColumn("copy", F.row_number().over(copies)).where("copy = 1")


def closed_windows(spark: SparkSession, settings: Settings) -> list[Window]:
    """All windows that should be closed."""
    batches = completed_batches(settings, "windows")
    length, watermark_ms = int(seconds(settings.stream_window)), batches[-1].watermark_ms
    events = accepted_events(spark, settings, batches)
    tumbling = sum_by_window(events, F.window("transaction_at", settings.stream_window)).toPandas()
    sliding = sum_by_window(events, F.window("transaction_at", "1 hour", settings.stream_window)).toPandas()
    windows = [
        *_to_windows(tumbling, "tumbling", length, watermark_ms),
        *_to_windows(sliding, "sliding", SLIDING_S, watermark_ms),
    ]
    first = int(tumbling["starts"].min())
    whole = {window.starts: window for window in windows if (window.kind, window.city) == ("tumbling", WHOLE_STREAM)}
    others = [window for window in windows if window.city != WHOLE_STREAM or window.kind == "sliding"]
    forecast = StoredForecast(spark, settings, length, store=False)
    return others + _check_whole_stream(whole, first, watermark_ms, length, forecast)


def _to_windows(sums: pd.DataFrame, kind: str, length: int, watermark_ms: int) -> list[Window]:
    """The windows that the watermark has passed."""
    passed = sums[(sums["starts"] + length) * 1000 <= watermark_ms]
    return [
        Window(kind, city, start, start + length, tuple(of_window), True)
        for start, city, *of_window in passed[["starts", "city", *SUMS]].itertuples(index=False)
    ]


def _check_whole_stream(
    windows: dict[int, Window], first: int, watermark_ms: int, length: int, forecast: Forecast
) -> list[Window]:
    """The whole stream's tumbling windows, including empty ones, with their volume checks.

    Args:
        windows: those with events, by start.
        first: start of the first window, seconds since 1970.
        watermark_ms: milliseconds since 1970.
        length: of a window, seconds.
        forecast: the one that the stream used.

    """
    monitor = VolumeMonitor()
    checked, last_event_end = [], first
    for start in range(first, watermark_ms // 1000 // length * length, length):
        last_event_end = start + length if start in windows else last_event_end
        if start + length - last_event_end > MAX_SILENCE_S:
            continue
        sums = windows[start].sums if start in windows else NO_EVENTS
        volume = monitor.check(start, sums[0], length, forecast(start))
        checked.append(Window("tumbling", WHOLE_STREAM, start, start + length, sums, True, volume))
    return checked


def expected_alerts(spark: SparkSession, settings: Settings, windows: Sequence[Window]) -> list[dict[str, object]]:
    """All alerts that should have been raised; `windows` are all closed ones."""
    batches = completed_batches(settings, "alerts")
    events = accepted_events(spark, settings, batches)
    expiry_s = seconds(settings.stream_expiry)
    rows = batch_alerts(events, batches[-1].watermark_ms, load_thresholds(settings), expiry_s)
    of_keys = [row.asDict() for row in rows.where("row_type = 'alert'").toLocalIterator()]
    in_order = sorted(windows, key=lambda window: window.starts)
    of_stream = [volume_alert(window) for window in first_anomalous_windows(in_order, "")]
    return [lake_alert(row, "alerts") for row in of_keys] + [lake_alert(row, "windows") for row in of_stream]


def expected_dead_letters(spark: SparkSession, settings: Settings) -> pd.DataFrame:
    """All events that should be in dead_letters: reason, raw."""
    events = parse_events(source.read_batches(spark, settings, completed_batches(settings, "events")))
    raw = F.left("raw", F.lit(MAX_RAW_LENGTH)).alias("raw")
    return events.where("reason IS NOT NULL").select("reason", raw).toPandas()


def compare_tables(spark: SparkSession, settings: Settings) -> dict[str, tuple[int, int]]:
    """Per table, its number of rows, and how many rows are only in the table or only in the recomputation."""
    session = stream_session(spark)
    session.conf.set("spark.sql.adaptive.enabled", "true")
    windows = closed_windows(session, settings)
    expected = {
        "transaction_windows": pd.DataFrame([lake_window(window) for window in windows]),
        "alerts": pd.DataFrame(expected_alerts(session, settings, windows), columns=tables.columns("alerts")),
        "dead_letters": expected_dead_letters(session, settings),
    }
    return {table: _compare(_read_completed(spark, settings, table), rows, table) for table, rows in expected.items()}


def _compare(actual: pd.DataFrame, expected: pd.DataFrame, table: str) -> tuple[int, int]:
    """The number of rows in the table, and of those that only one side has."""
    columns = [name for name in tables.columns(table) if name not in NOT_COMPARED]
    return len(actual), _count_differences(actual[columns], expected[columns])


def differences(spark: SparkSession, settings: Settings) -> dict[str, int]:
    """Per table, how many rows differ; all zero if stream and batch agree."""
    return {table: differing for table, (_, differing) in compare_tables(spark, settings).items()}


def _read_completed(spark: SparkSession, settings: Settings, table: str) -> pd.DataFrame:
    """The table's rows of completed batches. A batch that was interrupted is repeated at the next start."""
    rows = read_fresh(spark, settings, table).toPandas()
    query = rows["query"] if "query" in rows else pd.Series(WRITING_QUERY.get(table), rows.index)
    last_batch = {name: completed_batches(settings, name)[-1].number for name in set(query)}
    return rows[rows["batch"] <= query.map(last_batch)]


def _count_differences(left: pd.DataFrame, right: pd.DataFrame) -> int:
    """Rows, with multiplicity, that only one side has."""
    counts = pd.Series(_row_texts(left)).value_counts().sub(pd.Series(_row_texts(right)).value_counts(), fill_value=0)
    return int(counts.abs().sum())


def _row_texts(rows: pd.DataFrame) -> list[str]:
    return ["|".join(map(_text, row)) for row in rows.itertuples(index=False)]


def _text(value: object) -> str:
    """The value in a form that does not depend on its type: time zone, NaN or None, precision."""
    if isinstance(value, datetime):
        timestamp = value if value.tzinfo else value.replace(tzinfo=UTC)
        return timestamp.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or value != value or value is pd.NaT:
        return ""
    return f"{float(value):.10g}" if isinstance(value, int | float) else str(value)
