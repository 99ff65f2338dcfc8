"""Alerts as rows: the reason in words, the transactions behind it, and the customer's profile."""

import json
import math
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from jobs.stream.detection.anomaly_scores import DRAINING_S, burst_score, expected_log_amount
from jobs.stream.detection.distance import distance_km
from jobs.stream.detection.key_history import LATEST_EVENTS, Histories
from jobs.stream.detection.thresholds import Thresholds
from jobs.stream.timestamps import iso_timestamp

Row = dict[str, object]
COLUMNS = (
    "row_type",
    "alert_id",
    "event_time_us",
    "type",
    "customer_id",
    "city",
    "score",
    "reason",
    "events",
    "profile",
    "transaction_id",
    "amount",
    "balance",
)
"""row_type is alert or transaction; the other columns are null where they do not apply."""
LOOKBACK_S = {"amount": 0.0, "velocity": 3600.0, "travel": math.inf, "draining": float(DRAINING_S), "terminal": 3600.0}
"""Per alert type: earlier events of the key within this many seconds belong to the alert."""


def alert_row(
    event: pd.Series, type_: str, anomaly_score: float, history: Histories, cities: list[str], thresholds: Thresholds
) -> Row:
    """Describe one alert of a customer or terminal.

    Args:
        event: the event that raised it, with the columns of `keyed_state`.
        type_: the alert type.
        anomaly_score: of that event, in the unit of the type.
        history: one row: the key's history before that event.
        cities: names of the cities that the history refers to by position.
        thresholds: convert the anomaly score to the alert's score.

    """
    is_of_customer = type_ != "terminal"
    events = _events_behind(history, event, type_, cities)
    return _complete(
        {
            "row_type": "alert",
            "alert_id": f"{type_}-{event['transaction_id']}",
            "event_time_us": int(event["event_time_us"]),
            "type": type_,
            "customer_id": event["customer_id"] if is_of_customer else None,
            "city": event["city"],
            "score": thresholds.rarity(type_, anomaly_score),
            "reason": _reason(type_, history, event, events, thresholds),
            "events": json.dumps(events),
            "profile": json.dumps(_customer_profile(history, cities, thresholds)) if is_of_customer else None,
        }
    )


def transaction_row(event: pd.Series) -> Row:
    """Describe a transaction of a customer with a recent alert."""
    names = ("transaction_id", "customer_id", "event_time_us", "city", "amount", "balance")
    return _complete({"row_type": "transaction", **{name: event[name] for name in names}})


def _complete(row: Row) -> Row:
    """Give the row all COLUMNS, in order."""
    return {name: row.get(name) for name in COLUMNS}


def _events_behind(history: Histories, event: pd.Series, type_: str, cities: list[str]) -> list[Row]:
    """The transactions behind an alert, oldest first; the last one raised it."""
    event_time = event["event_time_us"] / 1e6
    count = 1 if type_ == "travel" else LATEST_EVENTS
    rows = []
    for number in range(count):
        earlier = history["event_time"][0, number]
        if LOOKBACK_S[type_] > 0 and event_time - earlier <= LOOKBACK_S[type_]:  # False for NaN: no such event
            rows.append(
                _event_json(
                    history["id"][0, number].decode(),
                    earlier,
                    cities[history["city"][0, number]],
                    history["amount"][0, number],
                    history["balance"][0, number],
                )
            )
    last = _event_json(event["transaction_id"], event_time, event["city"], event["amount"], event["balance"])
    return [*reversed(rows), last]


def _event_json(transaction_id: str, event_time: float, city: str | None, amount: float, balance: float) -> Row:
    return {
        "transaction_id": transaction_id,
        "transaction_at": iso_timestamp(event_time),
        "city": city or None,
        "amount": round(float(amount), 2),
        "balance": None if math.isnan(balance) else round(float(balance), 2),
    }


def _customer_profile(history: Histories, cities: list[str], thresholds: Thresholds) -> Row:
    """What is usual for the customer; amounts in rupees."""
    mean, deviation = (float(values[0]) for values in expected_log_amount(history, thresholds.customer))
    gap_s = (thresholds.customer.gap_s + history["gaps"][0]) / (1 + history["gap_weight"][0])
    last_city = cities[history["city"][0, 0]] if history["seen"][0] else None
    return {
        "transactions": int(history["seen"][0]),
        "usual_amount": round(math.expm1(mean), 2),
        "low_amount": round(math.expm1(mean - 2 * deviation), 2),
        "high_amount": round(math.expm1(mean + 2 * deviation), 2),
        "a_day": round(86_400 / gap_s, 2),
        "last_city": last_city or None,
    }


def _reason(type_: str, history: Histories, event: pd.Series, events: list[Row], thresholds: Thresholds) -> str:
    if type_ == "amount":
        return _amount_reason(history, event, thresholds)
    if type_ == "travel":
        return _travel_reason(history, event)
    if type_ == "draining":
        return _draining_reason(event, events)
    return _burst_reason(type_, history, event, events, thresholds)


def _amount_reason(history: Histories, event: pd.Series, thresholds: Thresholds) -> str:
    usual = math.expm1(float(expected_log_amount(history, thresholds.customer)[0][0]))
    return f"{event['amount']:,.2f} rupees; this customer usually pays {usual:,.2f}."


def _travel_reason(history: Histories, event: pd.Series) -> str:
    here = (np.array([event["latitude"]]), np.array([event["longitude"]]))
    distance = distance_km((history["latitude"], history["longitude"]), here)[0]
    seconds = event["event_time_us"] / 1e6 - history["last_time"][0]
    speed = distance / max(seconds / 3600, 1 / 60)
    return f"{distance:,.0f} km from the payment {_duration(seconds)} earlier: {speed:,.0f} km/h."


def _draining_reason(event: pd.Series, events: list[Row]) -> str:
    before = max(row["balance"] + row["amount"] for row in events[:-1] if row["balance"] is not None)  # type: ignore[operator]
    after = event["balance"]
    return f"{len(events)} payments within hours reduced the balance from {before:,.2f} to {after:,.2f} rupees."


def _burst_reason(type_: str, history: Histories, event: pd.Series, events: list[Row], thresholds: Thresholds) -> str:
    event_time = event["event_time_us"] / 1e6
    first = datetime.fromisoformat(str(events[0]["transaction_at"])).replace(tzinfo=UTC).timestamp()
    population = thresholds.terminal if type_ == "terminal" else thresholds.customer
    exponent = float(burst_score(history, np.array([event_time]), population, 1)[0])
    payers = "different customers at one terminal" if type_ == "terminal" else "this customer"
    span = _duration(event_time - first)
    return f"{len(events)} payments by {payers} within {span}; by chance, this happens once in 10^{exponent:.0f} times."


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
