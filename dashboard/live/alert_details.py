"""Alerts, their events and customer profiles as frames and HTML; Markup escapes what comes from the database."""

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
"""Symbol and name of each alert type."""
PROFILE_LABELS = {
    "transactions": "transactions seen",
    "usual_amount": "typical amount, ₹",
    "low_amount": "rarely below, ₹",
    "high_amount": "rarely above, ₹",
    "a_day": "transactions per day",
    "last_city": "last city",
}
"""Label of each entry of a customer's profile."""
EVENT_COLUMNS = ("transaction_id", "event_time", "city", "amount", "balance")
EVENT_HEADINGS = ("Event time, UTC", "City", "Amount, ₹", "Balance, ₹")
Shape = TypeVar("Shape", list[Any], dict[str, Any])


def type_name(kind: str) -> str:
    """Return an alert type's symbol and name."""
    symbol, name = TYPES.get(kind, ("•", kind.title()))
    return f"{symbol} {name}"


def alert_text(alert: Any) -> Markup:  # noqa: ANN401 - a row of live_alerts
    """Return one alert: type, city, event time, score and reason."""
    city = f"{alert['city'].title()} · " if alert["city"] else ""
    when = f"{city}{alert['event_time']:%-d %b, %H:%M:%S} UTC · score {alert['score']:.2f}"
    return Markup(
        '<div class="alert"><p class="when"><span class="badge {}">{}</span> {}</p><p class="reason">{}</p></div>'
    ).format(alert["type"], type_name(alert["type"]), when, alert["reason"])


def alert_history(alerts: pd.DataFrame) -> Markup:
    """Return a customer's alerts as a list."""
    if alerts.empty:
        return Markup('<p class="empty">No recent alerts for this customer.</p>')
    items = Markup("").join(Markup("<li>{}</li>").format(alert_text(alert)) for _, alert in alerts.iterrows())
    heading = f"{len(alerts)} alert{'s' if len(alerts) > 1 else ''}"
    return Markup('<h3>{}</h3><ul class="history">{}</ul>').format(heading, items)


def events_of_alerts(alerts: pd.DataFrame) -> pd.DataFrame:
    """Return the events that raised the alerts, each once, oldest first: EVENT_COLUMNS and alerted."""
    events = [event for text in alerts["events"].dropna() for event in _parse_json(text, list)]
    if not events:
        return pd.DataFrame()
    found = pd.DataFrame(events).rename(columns={"transaction_at": "event_time"}).reindex(columns=EVENT_COLUMNS)
    times = pd.to_datetime(found["event_time"], format="ISO8601", utc=True).dt.tz_localize(None)
    return found.assign(event_time=times, alerted=True).drop_duplicates("transaction_id").sort_values("event_time")


def events_of_customer(customer: Customer) -> pd.DataFrame:
    """Return a customer's transactions, including those of alerts, oldest first; `alerted` marks the latter."""
    alerted, recent = events_of_alerts(customer.alerts), customer.events.assign(alerted=False)
    if alerted.empty:
        return recent
    others = recent[~recent["transaction_id"].isin(alerted["transaction_id"])]
    events = pd.concat([alerted, others] if len(others) else [alerted])
    return events.sort_values("event_time").reset_index(drop=True)


def event_table(events: pd.DataFrame) -> Markup:
    """Return events as a table; a symbol marks those that are part of an alert."""
    headings = Markup("").join(Markup('<th scope="col">{}</th>').format(heading) for heading in EVENT_HEADINGS)
    rows = Markup("").join(_event_row(event) for _, event in events.iterrows())
    return Markup(
        '<div class="scroll tall" tabindex="0" role="group" aria-label="Events"><table class="events">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(headings, rows)


def profile(alerts: pd.DataFrame) -> Markup:
    """Return the customer's typical behaviour, from the newest alert that has a profile."""
    profiles = alerts["profile"].dropna()
    typical = _parse_json(profiles.iloc[0], dict) if len(profiles) else {}
    if not typical:
        return Markup("")
    entries = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
            PROFILE_LABELS.get(name, name.replace("_", " ")), _profile_value(value)
        )
        for name, value in typical.items()
        if value is not None
    )
    return Markup('<h3>Typical behaviour</h3><dl class="profile">{}</dl>').format(entries)


def _parse_json(text: str, kind: type[Shape]) -> Shape:
    """Parse a JSON column; return an empty value if it isn't JSON or has another type."""
    try:
        found = json.loads(text)
    except ValueError:
        return kind()
    return found if isinstance(found, kind) else kind()


def _event_row(event: Any) -> Markup:  # noqa: ANN401 - a row of events
    row, symbol = Markup("<tr>"), Markup("")
    if event["alerted"]:
        row, symbol = Markup('<tr class="alerted">'), Markup('<span class="sign" title="part of an alert">◆</span> ')
    city = str(event["city"] or "").title()
    return row + Markup('<td>{}{}</td><td>{}</td><td class="number">{}</td><td class="number">{}</td></tr>').format(
        symbol, f"{event['event_time']:%-d %b, %H:%M:%S}", city, _rupees(event["amount"]), _rupees(event["balance"])
    )


def _rupees(amount: float) -> str:
    return f"{amount:,.2f}" if pd.notna(amount) else ""


def _profile_value(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}"
    return str(value).title()
