"""Evaluate alerts against labels: precision, recall and delay.

An alert about a customer or terminal is correct if the event that raised it belongs to an incident. An alert about
the whole stream is correct if its window overlaps an incident of its type. An incident is found if a correct alert
matches it. Only alerts and incidents from `since` on count, because the stream first has to learn what is usual.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.stream.alert_types import VOLUME_TYPES

NAIVE_DEVIATIONS = 3.0
"""The naive rule raises an alert for amounts this many standard deviations above the mean."""
NO_INCIDENT = -1


@dataclass(frozen=True)
class Evaluation:
    """The quality of alerts over one stretch of a stream."""

    events: int
    alerts: int
    precision: float
    recall: float
    by_type: pd.DataFrame
    """Index type; columns incidents, found, recall, alerts, precision, delay_s (median seconds from an incident's first
    event to its first alert)."""

    @property
    def per_thousand(self) -> float:
        """Alerts per 1,000 events."""
        return 1000 * self.alerts / max(self.events, 1)


def evaluate_alerts(
    alerts: pd.DataFrame,
    incidents: pd.DataFrame,
    events: int,
    since: pd.Timestamp,
    until: pd.Timestamp,
    window: pd.Timedelta,
) -> Evaluation:
    """Compare alerts with incidents.

    Args:
        alerts: alert_id, event_time, type.
        incidents: rows of `labels.read_labels`.
        events: number of events from `since` to `until`.
        since: earlier alerts, and incidents that started earlier, do not count.
        until: later alerts, and incidents that ended later, do not count; the watermark must have passed it.
        window: length of the tumbling windows.

    """
    counted = alerts[(alerts["event_time"] >= since) & (alerts["event_time"] < until)].reset_index(drop=True)
    matches = match_incidents(counted, incidents, window)
    is_correct = matches != NO_INCIDENT
    first_alert = pd.Series(counted["event_time"].to_numpy()[is_correct]).groupby(matches[is_correct]).min()
    known = incidents[(incidents["starts"] >= since) & (incidents["ends"] < until)]
    delay = pd.to_datetime(first_alert.reindex(known.index)) - known["starts"]
    known = known.assign(found=known.index.isin(first_alert.index), delay_s=delay.dt.total_seconds())
    return Evaluation(
        events=events,
        alerts=len(counted),
        precision=_share(is_correct),
        recall=_share(known["found"].to_numpy()),
        by_type=_by_type(counted.assign(correct=is_correct), known),
    )


def match_incidents(alerts: pd.DataFrame, incidents: pd.DataFrame, window: pd.Timedelta) -> NDArray[np.int64]:
    """The index of the incident that each alert is about, or NO_INCIDENT."""
    owners = incidents["transaction_ids"].explode().dropna()
    incident_of = dict(zip(owners, owners.index, strict=True))
    matches = []
    for alert_id, event_time, type_ in alerts[["alert_id", "event_time", "type"]].itertuples(index=False):
        if type_ in VOLUME_TYPES:
            matches.append(_match_volume(incidents, type_, event_time - window, event_time))
        else:
            matches.append(incident_of.get(str(alert_id).split("-", 1)[1], NO_INCIDENT))
    return np.array(matches, dtype=np.int64)


def _match_volume(incidents: pd.DataFrame, type_: str, starts: pd.Timestamp, ends: pd.Timestamp) -> int:
    """The index of the first incident of this type that overlaps the window, or NO_INCIDENT."""
    overlaps = (incidents["kind"] == type_) & (incidents["starts"] < ends) & (incidents["ends"] > starts)
    return int(incidents.index[overlaps][0]) if overlaps.any() else NO_INCIDENT


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(np.mean(values)), 4) if len(values) else float("nan")


def _by_type(alerts: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    of_incidents = incidents.groupby("kind").agg(
        incidents=("found", "size"), found=("found", "sum"), delay_s=("delay_s", "median")
    )
    of_alerts = alerts.groupby("type").agg(alerts=("correct", "size"), precision=("correct", "mean"))
    table = of_incidents.join(of_alerts, how="outer").fillna({"incidents": 0, "found": 0, "alerts": 0})
    table["recall"] = table["found"] / table["incidents"].replace(0, np.nan)
    columns = ["incidents", "found", "recall", "alerts", "precision", "delay_s"]
    return table[columns].round(3).rename_axis("type").astype({"incidents": int, "found": int, "alerts": int})


def naive_alerts(transactions: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Alerts of the baseline: amounts above a threshold.

    Args:
        transactions: transaction_id, transaction_at, amount.
        threshold: mean of the earlier amounts plus NAIVE_DEVIATIONS standard deviations.

    """
    unusual = transactions[transactions["amount"] > threshold]
    return pd.DataFrame(
        {
            "alert_id": "amount-" + unusual["transaction_id"],
            "event_time": unusual["transaction_at"],
            "type": "amount",
        }
    )
