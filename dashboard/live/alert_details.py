"""What is behind alerts, as frames and HTML: events, habits, reasons; Markup escapes what the store says."""

import json
from typing import Any, TypeVar

import pandas as pd
from markupsafe import Markup

from dashboard.live.queries import Customer

TYPES = {
    "amount": ("◆", "Amount"),
    "velocity": ("»", "Velocity"),
    "travel": ("✈", "Travel"),
    "draining": ("▽", "Draining"),
    "terminal": ("⌂", "Terminal"),
    "surge": ("▲", "Surge"),
    "outage": ("▼", "Outage"),
}
"""Sign and name of each type of alert."""
HABITS = {
    "transactions": "transactions known",
    "usual_amount": "usual amount, ₹",
    "low_amount": "seldom below, ₹",
    "high_amount": "seldom above, ₹",
    "a_day": "transactions a day",
    "last_city": "last city",
}
"""What the stream knows of a customer, in words."""
EVENT = ("transaction_id", "event_time", "city", "amount", "balance")
EVENT_HEADS = ("Event time, UTC", "Place", "Amount, ₹", "Balance, ₹")
Shape = TypeVar("Shape", list[Any], dict[str, Any])


def title(kind: str) -> str:
    """A type's sign and name."""
    sign, name = TYPES.get(kind, ("•", kind.title()))
    return f"{sign} {name}"


def alert_text(alert: Any) -> Markup:  # noqa: ANN401 - a row of live_alerts
    """One alert: type, place, moment, score, and its reason."""
    place = f"{alert['city'].title()} · " if alert["city"] else ""
    when = f"{place}{alert['event_time']:%-d %b, %H:%M:%S} UTC · score {alert['score']:.2f}"
    return Markup(
        '<div class="alert"><p class="when"><span class="badge {}">{}</span> {}</p><p class="reason">{}</p></div>'
    ).format(alert["type"], title(alert["type"]), when, alert["reason"])


def past(alerts: pd.DataFrame) -> Markup:
    """The alerts of a customer."""
    if alerts.empty:
        return Markup('<p class="empty">No alert of this customer is kept.</p>')
    lines = Markup("").join(Markup("<li>{}</li>").format(alert_text(alert)) for _, alert in alerts.iterrows())
    number = f"{len(alerts)} alert{'s' if len(alerts) > 1 else ''}"
    return Markup('<h3>{}</h3><ul class="past">{}</ul>').format(number, lines)


def events_behind(alerts: pd.DataFrame) -> pd.DataFrame:
    """The events behind alerts, each once, oldest first: EVENT's columns, and alerted."""
    told = [event for text in alerts["events"].dropna() for event in _parsed(text, list)]
    if not told:
        return pd.DataFrame()
    events = pd.DataFrame(told).rename(columns={"transaction_at": "event_time"}).reindex(columns=EVENT)
    moments = pd.to_datetime(events["event_time"], format="ISO8601", utc=True).dt.tz_localize(None)
    return events.assign(event_time=moments, alerted=True).drop_duplicates("transaction_id").sort_values("event_time")


def _parsed(text: str, kind: type[Shape]) -> Shape:
    """The JSON of a column; what is of another shape, or no JSON, counts as nothing."""
    try:
        found = json.loads(text)
    except ValueError:
        return kind()
    return found if isinstance(found, kind) else kind()


def events_of(customer: Customer) -> pd.DataFrame:
    """All events of a customer that are kept or are behind an alert, oldest first; `alerted` marks the latter."""
    behind, kept = events_behind(customer.alerts), customer.events.assign(alerted=False)
    if behind.empty:
        return kept
    others = kept[~kept["transaction_id"].isin(behind["transaction_id"])]
    return pd.concat([behind, others] if len(others) else [behind]).sort_values("event_time").reset_index(drop=True)


def event_table(events: pd.DataFrame) -> Markup:
    """Events as a table, those behind an alert marked by a sign."""
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in EVENT_HEADS)
    lines = Markup("").join(_event(event) for _, event in events.iterrows())
    return Markup(
        '<div class="scroll tall" tabindex="0" role="group" aria-label="Events"><table class="events">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(heads, lines)


def _event(event: Any) -> Markup:  # noqa: ANN401 - a row of events
    row, sign = Markup("<tr>"), Markup("")
    if event["alerted"]:
        row, sign = Markup('<tr class="alerted">'), Markup('<span class="sign" title="behind an alert">◆</span> ')
    place = str(event["city"] or "").title()
    return row + Markup('<td>{}{}</td><td>{}</td><td class="number">{}</td><td class="number">{}</td></tr>').format(
        sign, f"{event['event_time']:%-d %b, %H:%M:%S}", place, _rupees(event["amount"]), _rupees(event["balance"])
    )


def _rupees(amount: float) -> str:
    return f"{amount:,.2f}" if pd.notna(amount) else ""


def habit(alerts: pd.DataFrame) -> Markup:
    """What is usual for the customer, as the newest alert that knows it tells."""
    told = alerts["profile"].dropna()
    usual = _parsed(told.iloc[0], dict) if len(told) else {}
    if not usual:
        return Markup("")
    pairs = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(HABITS.get(name, name.replace("_", " ")), _said(value))
        for name, value in usual.items()
        if value is not None
    )
    return Markup('<h3>What is usual</h3><dl class="habit">{}</dl>').format(pairs)


def _said(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}"
    return str(value).title()
