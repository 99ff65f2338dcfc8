"""The page's words and figures as HTML; what comes from the store is escaped by Markup."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.live.queries import Pulse
from dashboard.live.status import LEAD, NAMES, Status, ago, latest, pace, silent
from jobs.report.charts.live_charts import length
from jobs.report.formatting import count, money

SIGNS = {"live": "●", "idle": "◌", "behind": "◐", "down": "■", "never": "○", "away": "◇"}
STATES = {
    **{"live": "Live", "idle": "No events", "behind": "Behind"},
    **{"down": "Down", "never": "Not started", "away": "No answer"},
}
NONE = "\N{EN DASH}"


def banner(status: Status, pulse: Pulse | None, now: datetime) -> Markup:
    """The page's head: how the stream is. What changes each second is not read out by a screen reader."""
    seen = ""
    if pulse is not None and len(pulse.progress):
        seen = f"Last progress {ago(min(silent(pulse.progress, now).values()))} ago"
    return Markup(
        '<header class="top"><div><p class="brand">bankstack</p><h1>Live transactions</h1></div>'
        '<div class="status {0}"><p class="state" role="status"><span aria-hidden="true">{1}</span> {2}</p>'
        '<p class="said"><strong>{3}</strong> {4}</p><p class="seen" aria-live="off">{5}</p></div></header>'
    ).format(status.state, SIGNS[status.state], STATES[status.state], status.headline, status.detail, seen)


def tiles(pulse: Pulse, sliding: pd.DataFrame, status: Status) -> Markup:
    """The figures of the moment."""
    return Markup('<ul class="cards">{}</ul>').format(
        Markup("").join(
            [_pace(pulse, status), *_rolling(sliding), _alerts(pulse), _latency(pulse)],
        )
    )


def running(sliding: pd.DataFrame) -> pd.DataFrame:
    """Sliding windows up to the one that ends next: later ones hold only a part of what they will."""
    step = sliding["starts"].diff().min()
    if pd.isna(step):
        return sliding
    kept: pd.DataFrame = sliding[sliding["ends"] <= sliding["starts"].max() + step]
    return kept.reset_index(drop=True)


def machinery(pulse: Pulse, now: datetime) -> Markup:
    """The stream's health: a row a query."""
    newest, still = latest(pulse.progress), silent(pulse.progress, now)
    order = [query for query in NAMES if query in newest.index]
    heads = Markup("").join(
        Markup('<th scope="col" title="{}">{}<span class="unit">{}</span></th>').format(why, name, unit)
        for name, unit, why in COLUMNS
    )
    body = Markup("").join(
        _query(query, newest.loc[query], pulse.totals.get(query, {}), still[query]) for query in order
    )
    return Markup(
        '<div class="scroll" tabindex="0" role="group" aria-label="Stream health"><table id="health">'
        '<thead><tr><th scope="col">Query</th>{}</tr></thead><tbody>{}</tbody></table></div>'
        '<p class="caption">Late, duplicates and dead letters: of its last 30 min of work. Late are those '
        "events that came after the watermark had passed them: they are dropped and counted. Dead letters broke the "
        "contract and are kept with the reason.</p>"
    ).format(heads, body)


COLUMNS = (
    ("Last progress", "ago", "Time since the last micro-batch was done"),
    ("Backlog", "events", "Events that wait in the source"),
    ("Latency", "median, 95 %; s", "From sending an event to the live store"),
    ("Micro-batch", "s", "What the last micro-batch took"),
    ("Watermark behind", "event time", "Newest event less watermark: so long is waited for late events"),
    ("Late, dropped", "events", "Came after the watermark"),
    ("Duplicates", "events", "Known by their transaction id, removed"),
    ("Dead letters", "events", "Broke the contract"),
    ("State", "rows, MB", "What the query remembers"),
)


def _query(query: str, row: Any, sums: Mapping[str, int], still: float) -> Markup:  # noqa: ANN401 - a row
    cells = (
        f"{ago(still)}",
        _figure(row["backlog"], ",.0f"),
        f"{_figure(row['latency_p50_s'], '.1f')}, {_figure(row['latency_p95_s'], '.1f')}",
        _figure(row["seconds"], ".2f"),
        _behind(row),
        *(count(sums.get(name, 0)) for name in ("late", "duplicates", "dead_letters")),
        f"{_figure(row['state_rows'], ',.0f')}, {_figure(row['state_bytes'] / 1e6, ',.1f')}",
    )
    return Markup('<tr id="health-{}"><th scope="row">{}</th>{}</tr>').format(
        query, NAMES[query], Markup("").join(Markup('<td class="number">{}</td>').format(cell) for cell in cells)
    )


def _behind(row: Any) -> str:  # noqa: ANN401 - a row of live_progress
    if pd.isna(row["watermark"]) or pd.isna(row["newest_event"]):
        return NONE
    return ago(max((row["newest_event"] - row["watermark"]).total_seconds(), 0))


def _figure(value: float, form: str) -> str:
    return format(value, form) if value == value else NONE


def tile(name: str, label: str, value: str, text: str) -> Markup:
    """One figure with its label and a line of words."""
    return Markup(
        '<li class="card" id="tile-{}"><p class="label">{}</p><p class="value">{}</p><p class="text">{}</p></li>'
    ).format(name, label, value, text)


def _pace(pulse: Pulse, status: Status) -> Markup:
    rate = 0.0 if status.state in ("idle", "down") else pace(pulse.progress)
    hour = _events(pulse)
    return tile("rate", "Events a second", count(rate), f"{count(hour)} in its last 30 min")


def _events(pulse: Pulse) -> int:
    """Events of the last 30 min."""
    return pulse.totals.get(LEAD, {}).get("events", 0)


def _rolling(sliding: pd.DataFrame) -> Iterable[Markup]:
    if sliding.empty:
        nothing = "the first events open a window"
        return [tile("count", "Rolling count", NONE, nothing), tile("balance", "Rolling mean balance", NONE, nothing)]
    window = running(sliding).iloc[-1]
    over, until = length(sliding), f"{'' if window['closed'] else 'so far; '}to {window['ends']:%-d %b, %H:%M} UTC"
    balance = NONE if pd.isna(window["mean_balance"]) else money(window["mean_balance"], "transactions")
    return [
        tile("count", f"Transactions, rolling {over}", count(window["transactions"]), until),
        tile("balance", f"Mean balance, rolling {over}", balance, until),
    ]


def _alerts(pulse: Pulse) -> Markup:
    raised = sum(pulse.alerts.values())
    events = _events(pulse)
    share = f"{1000 * raised / events:.1f}" if events else NONE
    return tile("alerts", "Alerts in 1,000 events", share, f"{count(raised)} alerts in its last 30 min")


def _latency(pulse: Pulse) -> Markup:
    newest = latest(pulse.progress)
    row: Any = newest.loc[LEAD] if LEAD in newest.index else newest.iloc[-1]
    value, half = _figure(row["latency_p95_s"], ".1f"), _figure(row["latency_p50_s"], ".1f")
    return tile("latency", "From event to here, 95 %", f"{value} s", f"half of them within {half} s")
