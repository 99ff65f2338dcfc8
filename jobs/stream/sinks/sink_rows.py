"""Convert windows and alerts to rows of the lake's tables and of the serving database.

The lake's timestamps have a time zone; those of the serving database are UTC without one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobs.stream.timestamps import naive_utc, utc
from jobs.stream.windows.open_windows import Window

Row = dict[str, object]
ALERT_COLUMNS = ("alert_id", "type", "customer_id", "city", "score", "reason", "events", "profile")
"""Columns of an alert that are the same everywhere."""


def lake_window(window: Window) -> Row:
    """A row of transaction_windows; the amount is a decimal number as text."""
    starts, ends = utc(window.starts), utc(window.ends)
    paise = window.sums[1]
    return {
        **_window_columns(window),
        "starts": starts,
        "ends": ends,
        "amount": f"{paise // 100}.{paise % 100:02d}",
        "day": f"{starts:%Y-%m-%d}",
    }


def live_window(window: Window) -> Row:
    """A row of live_windows."""
    return {
        **_window_columns(window),
        "starts": naive_utc(window.starts),
        "ends": naive_utc(window.ends),
        "amount": window.sums[1] / 100,
        "closed": window.closed,
    }


def _window_columns(window: Window) -> Row:
    transactions, _, balance_paise, balances = window.sums
    return {
        "kind": window.kind,
        "city": window.city,
        "transactions": transactions,
        "mean_balance": round(balance_paise / balances / 100, 4) if balances else None,
        "expected": window.volume.expected,
        "low": window.volume.low,
        "high": window.volume.high,
        "anomaly": window.volume.anomaly,
    }


def lake_alert(alert: Mapping[str, Any], query: str) -> Row:
    """A row of the table alerts; `query` is the one that raised the alert."""
    event_time = utc(alert["event_time_us"] / 1e6)
    return {
        **{name: alert[name] for name in ALERT_COLUMNS},
        "event_time": event_time,
        "raised_at": datetime.now(UTC),
        "day": f"{event_time:%Y-%m-%d}",
        "query": query,
    }


def live_alert(alert: Mapping[str, Any]) -> Row:
    """A row of live_alerts."""
    return {
        **{name: alert[name] for name in ALERT_COLUMNS},
        "event_time": naive_utc(alert["event_time_us"] / 1e6),
        "raised_at": datetime.now(UTC).replace(tzinfo=None),
    }


def live_customer(transaction: Mapping[str, Any]) -> Row:
    """A row of live_customers."""
    names = ("transaction_id", "customer_id", "city", "amount", "balance")
    return {
        **{name: transaction[name] for name in names},
        "event_time": naive_utc(transaction["event_time_us"] / 1e6),
    }
