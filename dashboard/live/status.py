"""The stream's health and its recent measurements, from what the queries returned."""

from datetime import datetime

import pandas as pd

from dashboard.live.queries import Activity
from jobs.serving import health
from jobs.serving.health import Health, NoAnswer

QUERY_NAMES = {"events": "Intake", "windows": "Windows", "alerts": "Alerts"}


def assess(found: Activity | NoAnswer, now: datetime) -> Health:
    """Assess the stream.

    Args:
        found: what the serving database returned, or why it returned nothing.
        now: the wall clock, UTC without a time zone.

    """
    if isinstance(found, NoAnswer):
        return health.no_answer(found)
    return health.assess(found.batches, found.polls, now)


def latest(progress: pd.DataFrame) -> pd.DataFrame:
    """Return the newest micro-batch of each query, indexed by query.

    A micro-batch without events doesn't measure event times and latencies; they are taken from the last one that did.
    """
    measured = ["newest_event", "watermark", "latency_p50_s", "latency_p95_s"]
    filled = progress.assign(**progress.groupby("query")[measured].ffill())
    return filled.groupby("query").tail(1).set_index("query")


def event_rates(progress: pd.DataFrame) -> pd.DataFrame:
    """Return the events per second of each micro-batch.

    Returns:
        finished_at (wall clock, UTC) and per_second, oldest first.

    """
    lead = progress[progress["query"] == health.LEAD]
    seconds = lead["finished_at"].diff().dt.total_seconds().clip(lower=0.05)
    return pd.DataFrame({"finished_at": lead["finished_at"], "per_second": lead["events"] / seconds}).iloc[1:]
