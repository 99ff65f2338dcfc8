"""The fraud desk: the latest alerts with their reasons, and a place to look at one alert or one customer."""

from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import page_style
from dashboard.live import alert_details, cached_reads, queries
from jobs.report import charts
from jobs.report.formatting import count

SLOW = 2.0  # seconds between two looks at the store
HEIGHT = 700  # pixels of the list


@st.fragment(run_every=SLOW)
def show() -> None:
    """Alerts at the left, the one looked at on the right."""
    left, right = st.columns([11, 9], gap="large")
    with left:
        _alerts()
    with right:
        _closer()


def _alerts() -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        page_style.html(Markup("<h2>Latest alerts</h2>"))
        hold = st.toggle("Hold the list still", key="hold", help="New alerts wait until this is off again.")
    chosen = st.pills(
        "Types of alerts",
        list(alert_details.TYPES),
        selection_mode="multi",
        format_func=alert_details.title,
        key="types",
        label_visibility="collapsed",
    )
    found, since = _held(tuple(sorted(chosen)), hold)
    if hold and since is not None:
        st.caption(f"Held since {since:%H:%M:%S} UTC: newer alerts wait.")
    if found is None or found.empty:
        page_style.empty("No alert of these types yet." if chosen else "No alert yet.")
        return
    with st.container(height=HEIGHT, border=False, key="alerts"):
        for _, alert in found.iterrows():
            _row(alert)


def _held(types: tuple[str, ...], hold: bool) -> tuple[pd.DataFrame | None, datetime | None]:
    """The alerts to show, and of when they are: the latest, or those that were there when the list was stopped."""
    held: tuple[tuple[str, ...], pd.DataFrame, datetime] | None = st.session_state.get("held")
    if hold and held is not None and held[0] == types:
        return held[1:]
    found, now = cached_reads.last(queries.alerts, types), datetime.now(UTC)
    if found is None:
        return None, None
    st.session_state["held"] = (types, found, now)
    return found, now


def _row(alert: Any) -> None:  # noqa: ANN401 - a row of live_alerts
    name, customer_id = alert["alert_id"], alert["customer_id"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{name}"):
        page_style.html(alert_details.alert_text(alert))
        kind: Literal["primary", "secondary"] = "primary" if name == st.session_state.get("alert") else "secondary"
        args = (customer_id or "", name)
        st.button(customer_id or "Look", key=f"look-{name}", type=kind, on_click=_choose, args=args)


def _choose(customer_id: str, alert_id: str = "") -> None:
    """Look at a customer from now on, or at an alert that has none."""
    st.session_state.update(customer=customer_id, alert=alert_id)
    st.query_params.from_dict({"customer": customer_id} if customer_id else {})


def _search() -> None:
    _choose(st.session_state["number"].strip())


def _closer() -> None:
    """What is looked at is kept apart from the field: a run of the clock brings the field as it was before a click."""
    customer_id = st.session_state.setdefault("customer", st.query_params.get("customer", ""))
    alert_id = st.session_state.get("alert")
    page_style.html(Markup("<h2>Look closer{}</h2>").format(f": {customer_id}" if customer_id else ""))
    with st.form("search", clear_on_submit=True, border=False):
        field, button = st.columns([4, 1], vertical_alignment="bottom")
        field.text_input("Customer", key="number", placeholder="Customer number, as in an alert")
        button.form_submit_button("Look", on_click=_search, width="stretch")
    if customer_id:
        _customer(customer_id)
    elif alert_id:
        _alert(alert_id)
    else:
        page_style.empty("Choose an alert at the left, or type the number of a customer.")
        _types()


def _types() -> None:
    pulse = cached_reads.last(queries.pulse)
    if pulse is not None and pulse.alerts:
        named = {alert_details.title(kind): number for kind, number in pulse.alerts.items()}
        page_style.chart(charts.alerts_by_type(pd.Series(named)), "by type")


def _alert(alert_id: str) -> None:
    found = cached_reads.last(queries.alert, alert_id)
    if found is None or found.empty:
        page_style.empty("This alert is no longer in the live store.")
        return
    page_style.html(alert_details.alert_text(found.iloc[0]))
    behind = alert_details.events_behind(found)
    if behind.empty:
        page_style.empty("No single events are behind it: it is about the whole window.")
        return
    heading = Markup("<h3>Events behind it: {}</h3>").format(count(len(behind)))
    page_style.html(heading + alert_details.event_table(behind))


def _customer(customer_id: str) -> None:
    found = cached_reads.last(queries.customer, customer_id)
    if found is None or (found.alerts.empty and found.events.empty):
        page_style.empty(
            f"Of {customer_id} there is no alert and no event here. Kept are customers who had an alert lately."
        )
        return
    if len(found.alerts):
        page_style.html(alert_details.habit(found.alerts))
    events = alert_details.events_of(found)
    if len(events):
        page_style.chart(charts.customer_amounts(events), "amounts")
    page_style.html(alert_details.past(found.alerts))
    if len(events):
        page_style.html(Markup("<h3>Latest events</h3>") + alert_details.event_table(events.iloc[::-1]))
