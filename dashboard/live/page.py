"""The page *Live*. Each section refreshes on its own; what changes every second is small, so nothing flickers."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import page_style
from dashboard.live import alert_panel, cached_reads, messages, queries, status
from jobs.report import charts

FAST_S = 1.0
SLOW_S = 2.0
"""Seconds between two refreshes."""
WHOLE_STREAM = "All cities"
TIME_SPANS = {"6 hours": 6, "1 day": 24, "1 week": 168}
"""Time spans of the charts, in hours."""
DEFAULT_SPAN = "1 day"


def show() -> None:
    """Draw the page."""
    header()
    with st.container(key="volume", border=True):
        volume()
    with st.container(key="fraud-alerts", border=True):
        alert_panel.show()
    with st.container(key="stream-health", border=True):
        stream_health()


@st.fragment(run_every=FAST_S)
def header() -> None:
    """Draw the stream's state and the key figures."""
    now = _now()
    health = status.assess(cached_reads.current(queries.activity), now)
    activity = cached_reads.last_known(queries.activity)
    page_style.html(messages.banner(health, activity, now))
    if activity is not None and activity.batches:
        sliding = cached_reads.last_known(queries.windows, "sliding", "", TIME_SPANS["6 hours"])
        page_style.html(messages.tiles(activity, sliding if sliding is not None else pd.DataFrame(), health))


@st.fragment(run_every=SLOW_S)
def volume() -> None:
    """Draw the windows compared with their forecast, the event rate and the rolling measures."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        page_style.html(Markup("<h2>Transaction volume</h2>"))
        span = st.segmented_control(
            "Time span",
            list(TIME_SPANS),
            default=DEFAULT_SPAN,
            required=True,
            key="span",
            label_visibility="collapsed",
        )
        city = st.selectbox(
            "City",
            ["", *(cached_reads.last_known(queries.cities) or [])],
            format_func=_city_name,
            key="city",
            width=260,
            label_visibility="collapsed",
        )
    hours = TIME_SPANS[span or DEFAULT_SPAN]
    _volume_and_forecast(city, hours)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _event_rate()
    for column, measure in ((middle, "transactions"), (right, "mean_balance")):
        with column:
            _rolling(city, measure, hours)


@st.fragment(run_every=SLOW_S)
def stream_health() -> None:
    """Draw the health table."""
    page_style.html(Markup("<h2>Stream health</h2>"))
    activity = cached_reads.last_known(queries.activity)
    if activity is None or not activity.batches:
        page_style.placeholder("The stream has not reported any progress yet.")
        return
    page_style.html(messages.health_table(activity, _now()))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _city_name(city: str) -> str:
    return city.title() or WHOLE_STREAM


def _volume_and_forecast(city: str, hours: float) -> None:
    tumbling = cached_reads.last_known(queries.windows, "tumbling", city, hours)
    if tumbling is None or tumbling.empty:
        page_style.placeholder("No windows yet. The first events open one.")
        return
    page_style.chart(charts.volume_and_forecast(tumbling), "forecast", note=_city_name(city))


def _rolling(city: str, measure: str, hours: float) -> None:
    sliding = cached_reads.last_known(queries.windows, "sliding", city, hours)
    if sliding is None or sliding.empty:
        page_style.placeholder("No windows yet.")
        return
    windows = messages.complete_or_current(sliding)
    page_style.chart(charts.rolling_measure(windows, measure), measure, note=_city_name(city))


def _event_rate() -> None:
    activity = cached_reads.last_known(queries.activity)
    rates = status.event_rates(activity.progress) if activity else pd.DataFrame()
    if rates.empty:
        page_style.placeholder("No micro-batches yet.")
        return
    page_style.chart(charts.event_rate(rates), "rate", note=WHOLE_STREAM)
