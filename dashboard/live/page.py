"""The page *Live*. Each part renews itself; what changes every second is small, so nothing flickers."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import page_style
from dashboard.live import alert_panel, cached_reads, messages, queries, status
from jobs.report import charts

QUICK, SLOW = 1.0, 2.0  # seconds between two looks at the store
WHOLE = "The whole stream"
SPANS = {"6 hours": 37, "1 day": 145, "1 week": 1009}
"""Windows that are drawn, for windows that begin every ten minutes."""
DAY = "1 day"


def show() -> None:
    """Lay out the page."""
    head()
    with st.container(key="windows", border=True):
        windows()
    with st.container(key="desk", border=True):
        alert_panel.show()
    with st.container(key="machinery", border=True):
        machinery()


@st.fragment(run_every=QUICK)
def head() -> None:
    """Status in words, and the figures of the moment."""
    now = datetime.now(UTC).replace(tzinfo=None)
    found = status.judge(cached_reads.now(queries.pulse), now)
    pulse = cached_reads.last(queries.pulse)
    page_style.html(messages.banner(found, pulse, now))
    if pulse is not None and len(pulse.progress):
        sliding = cached_reads.last(queries.windows, "sliding", "", SPANS["6 hours"])
        page_style.html(messages.tiles(pulse, sliding if sliding is not None else pd.DataFrame(), found))


@st.fragment(run_every=SLOW)
def windows() -> None:
    """Windows against the forecast, rolling measures, pace."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        page_style.html(Markup("<h2>Windows</h2>"))
        span = st.segmented_control(
            "Span", list(SPANS), default=DAY, required=True, key="span", label_visibility="collapsed"
        )
        place = st.selectbox(
            "Place",
            ["", *(cached_reads.last(queries.places) or [])],
            format_func=_place,
            key="place",
            width=260,
            label_visibility="collapsed",
        )
    limit = SPANS[span or DAY]
    _forecast(place, limit)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _pace()
    for column, measure in ((middle, "transactions"), (right, "mean_balance")):
        with column:
            _rolling(place, measure, limit)


def _place(name: str) -> str:
    return name.title() or WHOLE


def _forecast(place: str, limit: int) -> None:
    tumbling = cached_reads.last(queries.windows, "tumbling", place, limit)
    if tumbling is None or tumbling.empty:
        page_style.empty("No window yet: the first events open one.")
        return
    page_style.chart(charts.against_forecast(tumbling), "forecast", note=_place(place))


def _rolling(place: str, measure: str, limit: int) -> None:
    sliding = cached_reads.last(queries.windows, "sliding", place, limit)
    if sliding is None or sliding.empty:
        page_style.empty("No window yet.")
        return
    page_style.chart(charts.rolling(messages.running(sliding), measure), measure, note=_place(place))


def _pace() -> None:
    pulse = cached_reads.last(queries.pulse)
    rates = status.rates(pulse.progress) if pulse else pd.DataFrame()
    if rates.empty:
        page_style.empty("No micro-batch yet.")
        return
    page_style.chart(charts.event_rate(rates), "rate", note=_place(""))


@st.fragment(run_every=SLOW)
def machinery() -> None:
    """The stream's health, a row a query."""
    page_style.html(Markup("<h2>Stream health</h2>"))
    pulse = cached_reads.last(queries.pulse)
    if pulse is None or pulse.progress.empty:
        page_style.empty("The stream has not written any progress yet.")
        return
    page_style.html(messages.machinery(pulse, datetime.now(UTC).replace(tzinfo=None)))
