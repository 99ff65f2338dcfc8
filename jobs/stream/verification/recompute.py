"""The stream's tables once more, as a batch over the same events, to compare: they must be equal, row by row.

What is taken from the stream is which events came in which micro-batch and the watermarks (`journal`), for these say
which events were late. The rest goes other ways: duplicates are dropped by a window function, sliding windows are
Spark's own, alerts come from one pass over all accepted events.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import Window as Over
from pyspark.sql import functions as F

from jobs.core.settings import Settings
from jobs.stream import source
from jobs.stream.batch_log import Batch, committed
from jobs.stream.contract import good, parsed
from jobs.stream.detection.alert_query import at_once
from jobs.stream.detection.alert_rows import volume_row
from jobs.stream.detection.stored_thresholds import calibration
from jobs.stream.durations import seconds
from jobs.stream.session import stream_session
from jobs.stream.sinks.batch_sinks import lake_alert, lake_window, volume_alerts
from jobs.stream.sinks.lake_table import fresh
from jobs.stream.windows.aggregation import SILENT_S, SUMS, WHOLE, Window, aggregated
from jobs.stream.windows.volume_anomaly import Verdict, judge

ALERT = ["alert_id", "at", "type", "customer_id", "location", "score", "reason", "events", "habit"]
WINDOW = [
    "kind",
    "location",
    "starts",
    "ends",
    "transactions",
    "amount",
    "mean_balance",
    "expected",
    "low",
    "high",
    "anomaly",
]
LETTER = ["reason", "raw"]
WRITERS = {"transaction_windows": "windows", "dead_letters": "events"}
"""The query that writes a table; rows of alerts name theirs."""


def accepted(spark: SparkSession, settings: Settings, batches: Sequence[Batch]) -> DataFrame:
    """The good events of these batches, without late ones and duplicates; the first of an id counts."""
    before = [(one.number, earlier.watermark_ms) for earlier, one in zip([batches[0], *batches], batches, strict=False)]
    marks = spark.createDataFrame(
        [(number, mark if place else 0) for place, (number, mark) in enumerate(before)], "batch BIGINT, mark BIGINT"
    )
    events = good(parsed(source.batch(spark, settings, batches))).join(F.broadcast(marks), "batch")
    timely = events.where((F.col("mark") == 0) | (F.unix_micros("transaction_at") > F.col("mark") * 1000))
    first = Over.partitionBy("transaction_id").orderBy("batch", "transaction_at")
    return timely.withColumn("copy", F.row_number().over(first)).where("copy = 1")


def windows(spark: SparkSession, settings: Settings) -> list[Window]:
    """All windows that should be closed."""
    batches, length = committed(settings, "windows"), int(seconds(settings.stream_window))
    mark = batches[-1].watermark_ms
    events = accepted(spark, settings, batches)
    short = aggregated(events, F.window("transaction_at", settings.stream_window)).toPandas()
    long = aggregated(events, F.window("transaction_at", "1 hour", settings.stream_window)).toPandas()
    found = [*_rows(short, "tumbling", length, mark), *_rows(long, "sliding", 3600, mark)]
    first = int(short["starts"].min())
    whole = _judged(
        {one.starts: one for one in found if (one.kind, one.location) == ("tumbling", WHOLE)}, first, mark, length
    )
    return [one for one in found if one.location or one.kind == "sliding"] + whole


def _rows(sums: pd.DataFrame, kind: str, length: int, mark: int) -> list[Window]:
    rows = sums[(sums["starts"] + length) * 1000 <= mark]
    return [
        Window(kind, place, start, start + length, tuple(all_), True)
        for start, place, *all_ in rows[["starts", "location", *SUMS]].itertuples(index=False)
    ]


def _judged(known: dict[int, Window], first: int, mark: int, length: int) -> list[Window]:
    """The whole stream's windows, the empty ones too, with the verdict on each."""
    history: dict[int, int] = {}
    found, last = [], first
    for start in range(first, mark // 1000 // length * length, length):
        last = start + length if start in known else last
        if start + length - last > SILENT_S:
            continue
        sums = known[start].sums if start in known else (0, 0, 0, 0)
        verdict: Verdict = judge(history, start, sums[0], length)
        if not verdict.anomaly:
            history[start] = sums[0]
        found.append(Window("tumbling", WHOLE, start, start + length, sums, True, verdict))
    return found


def alerts(spark: SparkSession, settings: Settings, closed: Sequence[Window]) -> list[dict[str, object]]:
    """All alerts that should have been raised."""
    batches = committed(settings, "alerts")
    events = accepted(spark, settings, batches)
    rows = at_once(events, batches[-1].watermark_ms, calibration(settings), seconds(settings.stream_expiry))
    found = [row.asDict() for row in rows.where("what = 'alert'").toLocalIterator()]
    loud = volume_alerts(sorted(closed, key=lambda window: window.starts), "")
    return [lake_alert(row, "alerts") for row in found] + [lake_alert(volume_row(one), "windows") for one in loud]


def letters(spark: SparkSession, settings: Settings) -> pd.DataFrame:
    """What should be among the dead letters: LETTER."""
    events = parsed(source.batch(spark, settings, committed(settings, "events")))
    return events.where("reason IS NOT NULL").select("reason", F.left("raw", F.lit(4_000)).alias("raw")).toPandas()


def compared(spark: SparkSession, settings: Settings) -> dict[str, tuple[int, int]]:
    """By table how many rows it has, and how many are in the table or in the batch only."""
    work = stream_session(spark)
    work.conf.set("spark.sql.adaptive.enabled", "true")
    closed = windows(work, settings)
    wanted = {
        "transaction_windows": pd.DataFrame([lake_window(one) for one in closed], columns=WINDOW),
        "alerts": pd.DataFrame(alerts(work, settings, closed), columns=ALERT),
        "dead_letters": letters(work, settings)[LETTER],
    }
    found = {table: _table(spark, settings, table, rows.columns.to_list()) for table, rows in wanted.items()}
    return {table: (len(rows), _apart(rows, wanted[table])) for table, rows in found.items()}


def differences(spark: SparkSession, settings: Settings) -> dict[str, int]:
    """By table how many rows are on one side only: zeros if stream and batch agree."""
    return {table: differ for table, (_, differ) in compared(spark, settings).items()}


def _table(spark: SparkSession, settings: Settings, table: str, columns: list[str]) -> pd.DataFrame:
    """The table's rows of batches that are done; one that was stopped in the middle is done again at the next start."""
    rows = fresh(spark, settings, table).toPandas()
    query = rows["query"] if "query" in rows else pd.Series(WRITERS.get(table), rows.index)
    done = {name: committed(settings, name)[-1].number for name in set(query)}
    return rows.loc[rows["batch"] <= query.map(done), columns]


def _apart(left: pd.DataFrame, right: pd.DataFrame) -> int:
    """Rows, counted as often as they stand there, that one side has and the other has not."""
    counts = pd.Series(_texts(left)).value_counts().sub(pd.Series(_texts(right)).value_counts(), fill_value=0)
    return int(counts.abs().sum())


def _texts(rows: pd.DataFrame) -> list[str]:
    return ["|".join(map(_text, row)) for row in rows.itertuples(index=False)]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or value != value or value is pd.NaT:
        return ""
    return f"{float(value):.10g}" if isinstance(value, int | float) else str(value)
