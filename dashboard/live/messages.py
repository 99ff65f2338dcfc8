"""The page's banner, tiles and health table as HTML; Markup escapes what comes from the serving database."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.live.queries import Activity
from dashboard.live.status import QUERY_NAMES, latest
from jobs.report.charts.live_charts import window_length
from jobs.report.formatting import count, money
from jobs.serving.health import LEAD, Health, duration, pace, seconds_since_batch

STATES = {
    "live": ("●", "Live"),
    "idle": ("◌", "Idle"),
    "behind": ("◐", "Behind"),
    "losing": ("◮", "Losing events"),
    "down": ("■", "Down"),
    "never": ("○", "Not started"),
    "unavailable": ("◇", "Unavailable"),
}
"""Symbol and name of each state."""
UNKNOWN = "\N{EN DASH}"
HEALTH_COLUMNS = (
    ("Last batch", "ago", "Time since the last micro-batch finished"),
    ("Backlog", "events", "Events waiting at the source"),
    ("Latency", "median, 95th pct; s", "From sending an event until it is in the serving database"),
    ("Batch time", "s", "Duration of the last micro-batch"),
    ("Watermark delay", "event time", "Newest event time minus watermark: how long the query waits for late events"),
    ("Late", "events", "Arrived after the watermark and were dropped"),
    ("Duplicates", "events", "Removed because their transaction ID was known"),
    ("Dead letters", "events", "Broke the event contract"),
    ("State", "rows, MB", "Size of the query's state store"),
)
"""Heading, unit and tooltip of each column of the health table."""


def banner(status: Health, activity: Activity | None, now: datetime) -> Markup:
    """Return the page's header with the stream's state; screen readers skip the part that changes every second."""
    progress = ""
    if activity is not None and activity.batches:
        progress = f"Last progress {duration(min(seconds_since_batch(activity.batches, now).values()))} ago"
    symbol, name = STATES[status.state]
    return Markup(
        '<header class="top"><div><p class="brand">bankstack</p><h1>Live transactions</h1></div>'
        '<div class="status {0}"><p class="state" role="status"><span aria-hidden="true">{1}</span> {2}</p>'
        '<p class="headline"><strong>{3}</strong> {4}</p><p class="progress" aria-live="off">{5}</p></div></header>'
    ).format(status.state, symbol, name, status.headline, status.detail, progress)


def tiles(activity: Activity, sliding: pd.DataFrame, status: Health) -> Markup:
    """Return the key figures.

    Args:
        activity: what the stream did recently.
        sliding: sliding windows of the whole stream, oldest first.
        status: the stream's health.

    """
    return Markup('<ul class="cards">{}</ul>').format(
        Markup("").join(
            [_rate(activity, status), *_rolling(sliding), _alerts(activity), _latency(activity)],
        )
    )


def complete_or_current(sliding: pd.DataFrame) -> pd.DataFrame:
    """Return the sliding windows up to the one that ends next: later ones hold only part of their transactions."""
    step = sliding["starts"].diff().min()
    if pd.isna(step):
        return sliding
    kept: pd.DataFrame = sliding[sliding["ends"] <= sliding["starts"].max() + step]
    return kept.reset_index(drop=True)


def health_table(activity: Activity, now: datetime) -> Markup:
    """Return the health table, one row per query."""
    newest, silences = latest(activity.progress), seconds_since_batch(activity.batches, now)
    headings = Markup("").join(
        Markup('<th scope="col" title="{}">{}<span class="unit">{}</span></th>').format(tooltip, name, unit)
        for name, unit, tooltip in HEALTH_COLUMNS
    )
    body = Markup("").join(
        _query_row(query, newest.loc[query], activity.totals.get(query, {}), silences[query])
        for query in QUERY_NAMES
        if query in newest.index
    )
    return Markup(
        '<div class="scroll" tabindex="0" role="group" aria-label="Stream health"><table id="health">'
        '<thead><tr><th scope="col">Query</th>{}</tr></thead><tbody>{}</tbody></table></div>'
        '<p class="caption">Late events, duplicates and dead letters are totals of the last 30 min of work. '
        "Late events arrived after the watermark had passed them; they are dropped. Dead letters broke the event "
        "contract; they are kept with the reason.</p>"
    ).format(headings, body)


def tile(name: str, label: str, value: str, text: str) -> Markup:
    """Return one key figure with its label and a line of explanation."""
    return Markup(
        '<li class="card" id="tile-{}"><p class="label">{}</p><p class="value">{}</p><p class="text">{}</p></li>'
    ).format(name, label, value, text)


def _query_row(query: str, row: Any, totals: Mapping[str, int], silence: float) -> Markup:  # noqa: ANN401 - a row
    cells = (
        duration(silence),
        _formatted(row["backlog"], ",.0f"),
        f"{_formatted(row['latency_p50_s'], '.1f')}, {_formatted(row['latency_p95_s'], '.1f')}",
        _formatted(row["seconds"], ".2f"),
        _watermark_delay(row),
        *(count(totals.get(name, 0)) for name in ("late", "duplicates", "dead_letters")),
        f"{_formatted(row['state_rows'], ',.0f')}, {_formatted(row['state_bytes'] / 1e6, ',.1f')}",
    )
    return Markup('<tr id="health-{}"><th scope="row">{}</th>{}</tr>').format(
        query,
        QUERY_NAMES[query],
        Markup("").join(Markup('<td class="number">{}</td>').format(cell) for cell in cells),
    )


def _watermark_delay(row: Any) -> str:  # noqa: ANN401 - a row of live_progress
    if pd.isna(row["watermark"]) or pd.isna(row["newest_event"]):
        return UNKNOWN
    return duration(max((row["newest_event"] - row["watermark"]).total_seconds(), 0))


def _formatted(value: float, form: str) -> str:
    return UNKNOWN if pd.isna(value) else format(value, form)


def _rate(activity: Activity, status: Health) -> Markup:
    rate = 0.0 if status.state in ("idle", "down") else pace(activity.batches)
    return tile("rate", "Events per second", count(rate), f"{count(_events(activity))} in the last 30 min")


def _events(activity: Activity) -> int:
    """Return the number of events of the last 30 min of work."""
    return activity.totals.get(LEAD, {}).get("events", 0)


def _rolling(sliding: pd.DataFrame) -> Iterable[Markup]:
    if sliding.empty:
        waiting = "waiting for the first events"
        return [
            tile("count", "Transactions", UNKNOWN, waiting),
            tile("balance", "Mean balance", UNKNOWN, waiting),
        ]
    window = complete_or_current(sliding).iloc[-1]
    period = f"last {window_length(sliding)}"
    until = f"{'' if window['closed'] else 'so far, '}until {window['ends']:%-d %b, %H:%M} UTC"
    balance = UNKNOWN if pd.isna(window["mean_balance"]) else money(window["mean_balance"], "transactions")
    return [
        tile("count", f"Transactions, {period}", count(window["transactions"]), until),
        tile("balance", f"Mean balance, {period}", balance, until),
    ]


def _alerts(activity: Activity) -> Markup:
    alerts = sum(activity.alerts.values())
    events = _events(activity)
    rate = f"{1000 * alerts / events:.1f}" if events else UNKNOWN
    return tile("alerts", "Alerts per 1,000 events", rate, f"{count(alerts)} alerts in the last 30 min")


def _latency(activity: Activity) -> Markup:
    newest = latest(activity.progress)
    row: Any = newest.loc[LEAD] if LEAD in newest.index else newest.iloc[-1]
    percentile, median = _formatted(row["latency_p95_s"], ".1f"), _formatted(row["latency_p50_s"], ".1f")
    return tile("latency", "Latency, 95th percentile", f"{percentile} s", f"median {median} s")
