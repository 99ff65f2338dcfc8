"""The section *Fraud alerts*: the latest alerts, and details of one alert or one customer."""

from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import page_style
from dashboard.live import alert_details, cached_reads, queries
from jobs.report import charts
from jobs.report.formatting import count

SLOW_S = 2.0
"""Seconds between two refreshes."""
LIST_HEIGHT_PX = 700


@st.fragment(run_every=SLOW_S)
def show() -> None:
    """Draw the list of alerts on the left and the details on the right."""
    left, right = st.columns([11, 9], gap="large")
    with left:
        _alert_list()
    with right:
        _details()


def _alert_list() -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        page_style.html(Markup("<h2>Fraud alerts</h2>"))
        paused = st.toggle("Pause updates", key="paused", help="New alerts stay hidden until you turn this off.")
    types = st.pills(
        "Alert types",
        list(alert_details.TYPES),
        selection_mode="multi",
        format_func=alert_details.type_name,
        key="types",
        label_visibility="collapsed",
    )
    alerts, loaded_at = _latest_or_paused(tuple(sorted(types)), paused)
    if paused and loaded_at is not None:
        st.caption(f"Paused at {loaded_at:%H:%M:%S} UTC. Newer alerts are hidden.")
    if alerts is None or alerts.empty:
        page_style.placeholder("No alerts of these types." if types else "No alerts yet.")
        return
    with st.container(height=LIST_HEIGHT_PX, border=False, key="alerts"):
        for _, alert in alerts.iterrows():
            _alert_row(alert)


def _latest_or_paused(types: tuple[str, ...], paused: bool) -> tuple[pd.DataFrame | None, datetime | None]:
    """Return the alerts to show and when they were loaded: the latest, or those shown when the list was paused."""
    shown: tuple[tuple[str, ...], pd.DataFrame, datetime] | None = st.session_state.get("shown_alerts")
    if paused and shown is not None and shown[0] == types:
        return shown[1:]
    alerts, now = cached_reads.last_known(queries.alerts, types), datetime.now(UTC)
    if alerts is None:
        return None, None
    st.session_state["shown_alerts"] = (types, alerts, now)
    return alerts, now


def _alert_row(alert: Any) -> None:  # noqa: ANN401 - a row of live_alerts
    alert_id, customer_id = alert["alert_id"], alert["customer_id"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{alert_id}"):
        page_style.html(alert_details.alert_text(alert))
        selected = alert_id == st.session_state.get("alert")
        kind: Literal["primary", "secondary"] = "primary" if selected else "secondary"
        st.button(
            customer_id or "Details",
            key=f"select-{alert_id}",
            type=kind,
            on_click=_select,
            args=(customer_id or "", alert_id),
        )


def _select(customer_id: str, alert_id: str = "") -> None:
    """Select a customer, or an alert that has no customer."""
    st.session_state.update(customer=customer_id, alert=alert_id)
    st.query_params.from_dict({"customer": customer_id} if customer_id else {})


def _search() -> None:
    _select(st.session_state["search_text"].strip())


def _details() -> None:
    """Draw the search form and the details of the selection.

    The selection has its own state: a timed refresh restores the form's widgets to their values before a click.
    """
    customer_id = st.session_state.setdefault("customer", st.query_params.get("customer", ""))
    alert_id = st.session_state.get("alert")
    page_style.html(Markup("<h2>{}</h2>").format(_details_heading(customer_id, alert_id)))
    with st.form("search", clear_on_submit=True, border=False):
        field, button = st.columns([4, 1], vertical_alignment="bottom")
        field.text_input("Customer ID", key="search_text", placeholder="as shown in an alert")
        button.form_submit_button("Search", on_click=_search, width="stretch")
    if customer_id:
        _customer(customer_id)
    elif alert_id:
        _alert(alert_id)
    else:
        page_style.placeholder("Select an alert or search for a customer ID.")
        _alerts_by_type()


def _details_heading(customer_id: str, alert_id: str | None) -> str:
    if customer_id:
        return f"Customer {customer_id}"
    return "Alert details" if alert_id else "Details"


def _alerts_by_type() -> None:
    activity = cached_reads.last_known(queries.activity)
    if activity is not None and activity.alerts:
        named = {alert_details.type_name(kind): number for kind, number in activity.alerts.items()}
        page_style.chart(charts.alerts_by_type(pd.Series(named)), "by type")


def _alert(alert_id: str) -> None:
    found = cached_reads.last_known(queries.alert, alert_id)
    if found is None or found.empty:
        page_style.placeholder("This alert is no longer in the serving database.")
        return
    page_style.html(alert_details.alert_text(found.iloc[0]))
    events = alert_details.events_of_alerts(found)
    if events.empty:
        page_style.placeholder("This alert concerns the whole window, not individual events.")
        return
    heading = Markup("<h3>Events in this alert: {}</h3>").format(count(len(events)))
    page_style.html(heading + alert_details.event_table(events))


def _customer(customer_id: str) -> None:
    found = cached_reads.last_known(queries.customer, customer_id)
    if found is None or (found.alerts.empty and found.events.empty):
        page_style.placeholder(
            f"No recent alerts for {customer_id}. Transactions are kept only for customers with a recent alert."
        )
        return
    if len(found.alerts):
        page_style.html(alert_details.profile(found.alerts))
    events = alert_details.events_of_customer(found)
    if len(events):
        page_style.chart(charts.customer_amounts(events), "amounts")
    page_style.html(alert_details.alert_history(found.alerts))
    if len(events):
        page_style.html(Markup("<h3>Latest transactions</h3>") + alert_details.event_table(events.iloc[::-1]))
