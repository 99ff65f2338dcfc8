"""How good the alerts are, against the planted truth: the only place that reads it.

An alert is right if the event that raised it belongs to an incident of a customer or a terminal; one of the whole
stream, if its window meets an incident of its type. An incident is found if a right alert is about it. Only what
lies after `since` is judged: before, the stream had nothing to learn habits from.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.simulation.bank.incidents import VOLUME

NAIVE = 3.0
"""Standard deviations from which the naive rule calls an amount far."""


@dataclass(frozen=True)
class Judged:
    """The figures of one stretch of a stream."""

    events: int
    alerts: int
    precision: float
    recall: float
    by_type: pd.DataFrame
    """Index type: incidents, found, recall, alerts, precision, delay_s (median from the first event to the alert)."""

    @property
    def per_thousand(self) -> float:
        """Alerts per 1,000 events."""
        return 1000 * self.alerts / max(self.events, 1)


def judge(
    alerts: pd.DataFrame, incidents: pd.DataFrame, events: int, since: pd.Timestamp, until: pd.Timestamp
) -> Judged:
    """Judge alerts.

    Args:
        alerts: alert_id, at (event time), type.
        incidents: rows of `truth.read`.
        events: how many lie between `since` and `until`.
        since: alerts before, and incidents that began before, do not count.
        until: nor do those after; the watermark has passed it.

    """
    mine = alerts[(alerts["at"] >= since) & (alerts["at"] < until)].reset_index(drop=True)
    known = incidents[(incidents["starts"] >= since) & (incidents["ends"] < until)].reset_index(drop=True)
    about = found_by(mine, incidents)
    right = about >= 0
    numbers = incidents.index[(incidents["starts"] >= since) & (incidents["ends"] < until)]
    first = pd.Series(mine["at"].to_numpy()[right]).groupby(about[right]).min()
    known = known.assign(found=numbers.isin(first.index), delay_s=_seconds(first.reindex(numbers), known["starts"]))
    return Judged(
        events=events,
        alerts=len(mine),
        precision=_share(right),
        recall=_share(known["found"]),
        by_type=_by_type(mine.assign(right=right), known),
    )


def _seconds(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """Seconds between moments; not a number where the later one is not known."""
    moments = pd.to_datetime(pd.Series(later.to_numpy(), index=earlier.index))
    return (moments - earlier).dt.total_seconds()


def _share(values: "np.ndarray | pd.Series") -> float:
    return round(float(np.mean(values)), 4) if len(values) else float("nan")


def found_by(alerts: pd.DataFrame, incidents: pd.DataFrame) -> "np.ndarray":
    """The number of the incident that each alert is about, -1 for none."""
    owners = incidents["transaction_ids"].explode().dropna()
    owner = dict(zip(owners, owners.index, strict=True))
    numbers = []
    for alert_id, at, kind in alerts[["alert_id", "at", "type"]].itertuples(index=False):
        if kind in VOLUME:
            met = incidents[
                (incidents["kind"] == kind)
                & (incidents["starts"] < at)
                & (incidents["ends"] > at - pd.Timedelta("20min"))
            ]
            numbers.append(int(met.index[0]) if len(met) else -1)
        else:
            numbers.append(int(owner.get(str(alert_id).split("-", 1)[1], -1)))
    return np.array(numbers, dtype=int)


def _by_type(alerts: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    of_incidents = incidents.groupby("kind").agg(
        incidents=("found", "size"), found=("found", "sum"), delay_s=("delay_s", "median")
    )
    of_alerts = alerts.groupby("type").agg(alerts=("right", "size"), precision=("right", "mean"))
    table = of_incidents.join(of_alerts, how="outer").fillna({"incidents": 0, "found": 0, "alerts": 0})
    table["recall"] = table["found"] / table["incidents"].replace(0, np.nan)
    names = ["incidents", "found", "recall", "alerts", "precision", "delay_s"]
    return table[names].round(3).rename_axis("type").astype({"incidents": int, "found": int, "alerts": int})


def naive(amounts: pd.DataFrame, level: float) -> pd.DataFrame:
    """The alerts of the rule that all are measured against: an amount far above the earlier ones.

    Args:
        amounts: transaction_id, transaction_at, amount.
        level: mean of the earlier amounts, and NAIVE standard deviations more.

    """
    loud = amounts[amounts["amount"] > level]
    return pd.DataFrame(
        {"alert_id": "amount-" + loud["transaction_id"], "at": loud["transaction_at"], "type": "amount"}
    )
