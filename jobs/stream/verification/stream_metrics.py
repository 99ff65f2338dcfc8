"""The figures of a stream so far: what came, what was found, how fast; for results.json and for people."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pyspark import StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from sqlalchemy import create_engine, text

from jobs.core.files import STREAM_RESULTS, lake_files, put_text
from jobs.core.settings import Settings
from jobs.stream.batch_log import committed
from jobs.stream.sinks.lake_table import fresh
from jobs.stream.verification import labels, recompute
from jobs.stream.verification.alert_evaluation import NAIVE, Judged, judge, naive

WARM = 0.4
"""Share of the stream, by time, in which habits are learned; the rest is judged."""
FINE = 10_000
"""That share is found to one part in so many."""


@dataclass(frozen=True)
class Figures:
    """All there is to say of a stream."""

    results: dict[str, Any]
    """The block `stream` of results.json."""
    judged: Judged
    naive: Judged
    windows: pd.DataFrame
    alerts: pd.DataFrame


def figures(spark: SparkSession, settings: Settings, seconds: float) -> Figures:
    """Read the tables, judge the alerts, compare with the recomputation; `seconds` is how long it was streamed."""
    windows, alerts = (fresh(spark, settings, name).toPandas() for name in ("transaction_windows", "alerts"))
    ours, rule = _judged(spark, settings, alerts)
    apart = recompute.differences(spark, settings)
    progress = _progress(settings)
    of_windows = progress[progress["query"] == "windows"]
    events = int(progress.loc[progress["query"] == "events", "events"].sum())
    results = {
        **{"events": events, "duplicates": int(of_windows["duplicates"].sum())},
        **{
            "late_dropped": int(of_windows["late"].sum()),
            "dead_letters": fresh(spark, settings, "dead_letters").count(),
        },
        **{"windows": len(windows), "alerts": len(alerts), "alerts_per_1000": round(ours.per_thousand, 3)},
        **{"precision": _known(ours.precision), "recall": _known(ours.recall)},
        "recall_by_type": {kind: float(value) for kind, value in ours.by_type["recall"].dropna().items()},
        "naive": {"precision": _known(rule.precision), "recall": _known(rule.recall)},
        **{"latency_p50_s": _weighted(of_windows, "latency_p50_s"), "latency_p95_s": _latency(of_windows)},
        **{"events_per_s": round(events / seconds, 1), "matches_batch": not any(apart.values())},
    }
    filesystem, root = lake_files(settings)
    put_text(filesystem, f"{root}/{STREAM_RESULTS}", json.dumps(results, indent=1) + "\n")
    whole = windows[(windows["kind"] == "tumbling") & (windows["location"] == "")].sort_values("starts")
    return Figures(results, ours, rule, whole, alerts)


def in_words(found: Figures) -> str:
    """The figures as lines for a console."""
    said = [f"  {name:<18} {value}" for name, value in found.results.items() if not isinstance(value, dict)]
    budget = f"{found.judged.per_thousand:.1f} alerts per 1,000 events"
    rule = found.naive
    other = f"amount above three standard deviations: precision {rule.precision:.2f}, recall {rule.recall:.2f}"
    table = found.judged.by_type.fillna({"recall": 0.0}).to_string(na_rep="-")
    return "\n".join([*said, "", f"Judged part, {budget}:", table, "", f"The naive rule, {other}."])


def _known(value: float) -> float | None:
    """None for what cannot be said: JSON has no NaN."""
    return value if value == value else None


def _judged(spark: SparkSession, settings: Settings, alerts: pd.DataFrame) -> tuple[Judged, Judged]:
    """The alerts and those of the naive rule, beside the planted truth; the events stay in Spark, as they are many."""
    incidents, batches = labels.read(settings.stream_folder / "truth.jsonl"), committed(settings, "alerts")
    events = recompute.accepted(spark, settings, batches).withColumn("at_us", F.unix_micros("transaction_at"))
    came = events.select("transaction_id", "transaction_at", "at_us", "amount").persist(StorageLevel.DISK_ONLY)
    (since,) = came.agg(F.percentile_approx("at_us", WARM, FINE)).collect()[0]
    until = batches[-1].watermark_ms * 1000
    earlier = F.when(F.col("at_us") < since, F.col("amount"))
    mean, deviation = came.agg(F.mean(earlier), F.stddev(earlier)).collect()[0]
    judged, level = came.where(F.col("at_us") >= since), mean + NAIVE * deviation
    count = judged.where(F.col("at_us") < until).count()
    simple = naive(judged.where(F.col("amount") > level).toPandas(), level)
    came.unpersist()
    part = (incidents, count, pd.Timestamp(since, unit="us"), pd.Timestamp(until, unit="us"))
    return judge(alerts, *part), judge(simple, *part)


def _progress(settings: Settings) -> pd.DataFrame:
    engine = create_engine(settings.live_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM live_progress"))
        rows = pd.DataFrame(found.fetchall(), columns=list(found.keys()))
    engine.dispose()
    return rows


def _weighted(batches: pd.DataFrame, name: str) -> float | None:
    known = batches[batches[name].notna() & (batches["events"] > 0)]
    return round(float((known[name] * known["events"]).sum() / known["events"].sum()), 3) if len(known) else None


def _latency(batches: pd.DataFrame) -> float | None:
    """The 95th percentile of all events: the batch's own at which 95 % of the events have passed."""
    known = batches[batches["latency_p95_s"].notna()].sort_values("latency_p95_s")
    share = known["events"].cumsum() / max(known["events"].sum(), 1)
    return float(known.loc[share >= 0.95, "latency_p95_s"].iloc[0]) if len(known) else None
