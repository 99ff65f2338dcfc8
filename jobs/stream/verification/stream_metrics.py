"""Metrics of a stream: events, alerts, quality and latency; as JSON for the report and as text for people."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pyspark import StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from sqlalchemy import create_engine, select

from jobs.core.files import STREAM_RESULTS, lake_files, put_text
from jobs.core.settings import Settings
from jobs.serving import schema
from jobs.stream.durations import seconds as parse_seconds
from jobs.stream.sinks.lake_table import read_fresh
from jobs.stream.verification import recompute
from jobs.stream.verification.alert_evaluation import NAIVE_DEVIATIONS, Evaluation, evaluate_alerts, naive_alerts
from jobs.stream.verification.labels import labels_path, read_labels
from jobs.stream.windows.open_windows import WHOLE_STREAM

WARM_UP_SHARE = 0.4
"""Share of the events, by event time, from which the stream only learns; the rest is evaluated."""
PERCENTILE_ACCURACY = 10_000
"""The end of the warm-up is accurate to one part in this many."""


@dataclass(frozen=True)
class StreamMetrics:
    """The results of a stream, and the tables that they come from."""

    results: dict[str, Any]
    """The block `stream` of results.json."""
    evaluation: Evaluation
    naive: Evaluation
    windows: pd.DataFrame
    """Rows of transaction_windows: tumbling, whole stream, by starts."""
    alerts: pd.DataFrame
    """Rows of alerts."""


def measure_stream(spark: SparkSession, settings: Settings, seconds: float) -> StreamMetrics:
    """Evaluate the alerts, compare the tables with the recomputation, and write results.json.

    Args:
        spark: gives the tables.
        settings: give lake, labels and serving database.
        seconds: how long the stream ran.

    """
    windows, alerts = (read_fresh(spark, settings, name).toPandas() for name in ("transaction_windows", "alerts"))
    evaluation, naive = _evaluate(spark, settings, alerts)
    differing = recompute.differences(spark, settings)
    progress = _read_progress(settings)
    of_windows = progress[progress["query"] == "windows"]
    events = int(progress.loc[progress["query"] == "events", "events"].sum())
    results = {
        "events": events,
        "duplicates": int(of_windows["duplicates"].sum()),
        "late_dropped": int(of_windows["late"].sum()),
        "dead_letters": read_fresh(spark, settings, "dead_letters").count(),
        "windows": len(windows),
        "alerts": len(alerts),
        "alerts_per_1000": round(evaluation.per_thousand, 3),
        "precision": _none_if_nan(evaluation.precision),
        "recall": _none_if_nan(evaluation.recall),
        "recall_by_type": {type_: float(value) for type_, value in evaluation.by_type["recall"].dropna().items()},
        "naive": {"precision": _none_if_nan(naive.precision), "recall": _none_if_nan(naive.recall)},
        "latency_p50_s": _weighted_mean(of_windows, "latency_p50_s"),
        "latency_p95_s": _latency_p95(of_windows),
        "events_per_s": round(events / seconds, 1),
        "matches_batch": not any(differing.values()),
    }
    filesystem, root = lake_files(settings)
    put_text(filesystem, f"{root}/{STREAM_RESULTS}", json.dumps(results, indent=1) + "\n")
    is_whole_stream = (windows["kind"] == "tumbling") & (windows["city"] == WHOLE_STREAM)
    return StreamMetrics(results, evaluation, naive, windows[is_whole_stream].sort_values("starts"), alerts)


def summarise(metrics: StreamMetrics) -> str:
    """The metrics as lines for a console."""
    lines = [f"  {name:<18} {value}" for name, value in metrics.results.items() if not isinstance(value, dict)]
    table = metrics.evaluation.by_type.fillna({"recall": 0.0}).to_string(na_rep="-")
    naive = metrics.naive
    return "\n".join(
        [
            *lines,
            "",
            f"Evaluated part, {metrics.evaluation.per_thousand:.1f} alerts per 1,000 events:",
            table,
            "",
            "Naive rule, amount above three standard deviations: "
            f"precision {naive.precision:.2f}, recall {naive.recall:.2f}.",
        ]
    )


def _none_if_nan(value: float) -> float | None:
    """JSON has no NaN."""
    return None if value != value else value


def _evaluate(spark: SparkSession, settings: Settings, alerts: pd.DataFrame) -> tuple[Evaluation, Evaluation]:
    """Evaluate the alerts and the naive rule. The events stay in Spark, as they may not fit into the driver."""
    incidents = read_labels(labels_path(settings))
    batches = recompute.completed_batches(settings, "alerts")
    accepted = recompute.accepted_events(spark, settings, batches)
    accepted = accepted.withColumn("event_time_us", F.unix_micros("transaction_at"))
    events = accepted.select("transaction_id", "transaction_at", "event_time_us", "amount")
    events = events.persist(StorageLevel.DISK_ONLY)
    warm_up_end = F.percentile_approx("event_time_us", WARM_UP_SHARE, PERCENTILE_ACCURACY)
    (since_us,) = events.agg(warm_up_end).collect()[0]
    until_us = batches[-1].watermark_ms * 1000
    warm_up_amount = F.when(F.col("event_time_us") < since_us, F.col("amount"))
    mean, deviation = events.agg(F.mean(warm_up_amount), F.stddev(warm_up_amount)).collect()[0]
    evaluated = events.where(F.col("event_time_us") >= since_us)
    threshold = mean + NAIVE_DEVIATIONS * deviation
    count = evaluated.where(F.col("event_time_us") < until_us).count()
    baseline = naive_alerts(evaluated.where(F.col("amount") > threshold).toPandas(), threshold)
    events.unpersist()
    since, until = pd.Timestamp(since_us, unit="us"), pd.Timestamp(until_us, unit="us")
    window = pd.Timedelta(seconds=parse_seconds(settings.stream_window))
    return (
        evaluate_alerts(alerts, incidents, count, since, until, window),
        evaluate_alerts(baseline, incidents, count, since, until, window),
    )


def _read_progress(settings: Settings) -> pd.DataFrame:
    """All rows of live_progress."""
    engine = create_engine(settings.live_url)
    with engine.connect() as connection:
        found = connection.execute(select(schema.PROGRESS))
        rows = pd.DataFrame(found.fetchall(), columns=list(found.keys()))
    engine.dispose()
    return rows


def _weighted_mean(batches: pd.DataFrame, column: str) -> float | None:
    """The mean over all events of a column that has one value per batch."""
    known = batches[batches[column].notna() & (batches["events"] > 0)]
    return round(float((known[column] * known["events"]).sum() / known["events"].sum()), 3) if len(known) else None


def _latency_p95(batches: pd.DataFrame) -> float | None:
    """The 95th percentile over all events, in seconds: the p95 of the batch at which 95 % of the events are reached."""
    known = batches[batches["latency_p95_s"].notna()].sort_values("latency_p95_s")
    share = known["events"].cumsum() / max(known["events"].sum(), 1)
    return float(known.loc[share >= 0.95, "latency_p95_s"].iloc[0]) if len(known) else None
