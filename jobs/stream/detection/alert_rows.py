"""Alerts as rows: a reason in words, the events behind it, and what is usual for the customer."""

import json
import math
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from jobs.simulation.cities import distance_km
from jobs.stream.detection.anomaly_scores import DRAIN_S, RING, burst, usual
from jobs.stream.detection.scoring import Raised
from jobs.stream.detection.thresholds import Calibration
from jobs.stream.windows.aggregation import Window

Row = dict[str, object]
BEHIND_S = {"amount": 0, "velocity": 3600, "travel": math.inf, "draining": DRAIN_S, "place": 3600}
"""Of the events before the one that raised the alert, those within so many seconds are behind it too."""
FIELDS = (
    *("what", "alert_id", "at_us", "type", "customer_id", "location", "score", "reason", "events", "habit"),
    *("transaction_id", "amount", "balance"),
)


def alert_row(
    event: pd.Series, raised: Raised, one: int, places: list[str], known: Calibration, types: tuple[str, ...]
) -> Row:
    """One alert of a customer or terminal; `event` raised it."""
    kind, before = types[raised.kind[one]], raised.before[one : one + 1]
    behind = _behind(before, event, kind, places)
    score = known.rarity(kind, float(raised.evidence[one]))
    row = {"what": "alert", "alert_id": f"{kind}-{event['transaction_id']}", "at_us": int(event["at_us"]), "type": kind}
    customer = None if kind == "place" else event["customer_id"]
    return _whole(
        row
        | {"customer_id": customer, "location": event["location"], "score": score, "events": json.dumps(behind)}
        | {"reason": _reason(kind, before, event, behind, known)}
        | {"habit": None if customer is None else json.dumps(_habit(before, places, known))}
    )


def seen_row(event: pd.Series) -> Row:
    """A transaction of a customer who had an alert lately."""
    names = ("transaction_id", "customer_id", "at_us", "location", "amount", "balance")
    return _whole({"what": "seen", **{name: event[name] for name in names}})


def volume_row(window: Window) -> Row:
    """An alert of the whole stream."""
    verdict = window.verdict
    count, usually = window.sums[0], f"{verdict.expected:,.0f} were expected, {verdict.low:,.0f} to {verdict.high:,.0f}"
    minutes = (window.ends - window.starts) // 60
    reason = f"{count:,} transactions in {minutes} minutes; {usually}."
    distance = abs(count - (verdict.expected or 0.0)) / max(((verdict.high or 0) - (verdict.expected or 0)) / 4, 1e-9)
    return _whole(
        {"what": "alert", "alert_id": f"{verdict.anomaly}-{window.starts}", "at_us": window.ends * 1_000_000}
        | {"type": verdict.anomaly, "score": round(min(distance, 99.0), 3), "reason": reason, "events": "[]"}
    )


def _whole(row: Row) -> Row:
    return {name: row.get(name) for name in FIELDS}


def _behind(before: np.ndarray, event: pd.Series, kind: str, places: list[str]) -> list[Row]:
    """The events behind an alert, the one that raised it last."""
    at, most = event["at_us"] / 1e6, 1 if kind == "travel" else RING
    found = []
    for place in range(most):
        moment = before["at"][0, place]
        if moment == moment and at - moment <= BEHIND_S[kind] and BEHIND_S[kind]:
            found.append(
                _event(before["id"][0, place].decode(), moment, places[before["place"][0, place]])
                | _money(before["amount"][0, place], before["balance"][0, place])
            )
    last = _event(event["transaction_id"], at, event["location"]) | _money(event["amount"], event["balance"])
    return [*reversed(found), last]


def _event(number: str, at: float, location: str | None) -> Row:
    return {"transaction_id": number, "transaction_at": moment(at), "city": location or None}


def _money(amount: float, balance: float) -> Row:
    return {"amount": round(float(amount), 2), "balance": round(float(balance), 2) if balance == balance else None}


def _habit(before: np.ndarray, places: list[str], known: Calibration) -> Row:
    mean, spread = (float(values[0]) for values in usual(before, known.customer))
    gap = (known.customer.gap_s + before["gaps"][0]) / (1 + before["gap_weight"][0])
    last = places[before["place"][0, 0]] if before["seen"][0] else None
    return {
        **{"transactions": int(before["seen"][0]), "usual_amount": round(math.expm1(mean), 2)},
        **{
            "low_amount": round(math.expm1(mean - 2 * spread), 2),
            "high_amount": round(math.expm1(mean + 2 * spread), 2),
        },
        **{"a_day": round(86_400 / gap, 2), "last_city": last or None},
    }


def _reason(kind: str, before: np.ndarray, event: pd.Series, behind: list[Row], known: Calibration) -> str:
    at = event["at_us"] / 1e6
    if kind == "amount":
        usually = math.expm1(float(usual(before, known.customer)[0][0]))
        return f"{event['amount']:,.2f} rupees; usual for this customer are {usually:,.2f}."
    if kind == "travel":
        here = (np.array([event["latitude"]]), np.array([event["longitude"]]))
        distance, hours = distance_km((before["north"], before["east"]), here)[0], (at - before["last"][0]) / 3600
        speed = distance / max(hours, 1 / 60)
        return f"{distance:,.0f} km from the payment {_span(hours * 3600)} before: {speed:,.0f} km/h."
    if kind == "draining":
        held = max(row["balance"] + row["amount"] for row in behind[:-1] if row["balance"] is not None)  # type: ignore[operator]
        return f"{len(behind)} payments left {event['balance']:,.2f} rupees of {held:,.2f} within hours."
    span, habit = _span(at - _seconds(behind[0])), known.terminal if kind == "place" else known.customer
    chance = float(burst(before, np.array([at]), habit, 1)[0])
    who = "others at one terminal" if kind == "place" else "this customer"
    return f"{len(behind)} payments by {who} within {span}; by chance once in 10^{chance:.0f} times."


def _seconds(row: Row) -> float:
    return datetime.fromisoformat(str(row["transaction_at"])).replace(tzinfo=UTC).timestamp()


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def moment(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 without zone."""
    return datetime.fromtimestamp(round(float(seconds), 3), UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
