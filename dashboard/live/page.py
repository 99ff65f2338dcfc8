"""The page *Live*. Each part renews itself; what changes every second is small, so nothing flickers."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import look
from dashboard.live import desk, health, questions, reading, words
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
        desk.show()
    with st.container(key="machinery", border=True):
        machinery()


@st.fragment(run_every=QUICK)
def head() -> None:
    """Status in words, and the figures of the moment."""
    now = datetime.now(UTC).replace(tzinfo=None)
    status = health.judge(reading.now(questions.pulse), now)
    pulse = reading.last(questions.pulse)
    look.html(words.banner(status, pulse, now))
    if pulse is not None and len(pulse.progress):
        sliding = reading.last(questions.windows, "sliding", "", SPANS["6 hours"])
        look.html(words.tiles(pulse, sliding if sliding is not None else pd.DataFrame(), status))


@st.fragment(run_every=SLOW)
def windows() -> None:
    """Windows against the forecast, rolling measures, pace."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        look.html(Markup("<h2>Windows</h2>"))
        span = st.segmented_control(
            "Span", list(SPANS), default=DAY, required=True, key="span", label_visibility="collapsed"
        )
        place = st.selectbox(
            "Place",
            ["", *(reading.last(questions.places) or [])],
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
    tumbling = reading.last(questions.windows, "tumbling", place, limit)
    if tumbling is None or tumbling.empty:
        look.empty("No window yet: the first events open one.")
        return
    look.chart(charts.against_forecast(tumbling), "forecast", note=_place(place))


def _rolling(place: str, measure: str, limit: int) -> None:
    sliding = reading.last(questions.windows, "sliding", place, limit)
    if sliding is None or sliding.empty:
        look.empty("No window yet.")
        return
    look.chart(charts.rolling(words.running(sliding), measure), measure, note=_place(place))


def _pace() -> None:
    pulse = reading.last(questions.pulse)
    rates = health.rates(pulse.progress) if pulse else pd.DataFrame()
    if rates.empty:
        look.empty("No micro-batch yet.")
        return
    look.chart(charts.event_rate(rates), "rate", note=_place(""))


@st.fragment(run_every=SLOW)
def machinery() -> None:
    """The stream's health, a row a query."""
    look.html(Markup("<h2>Stream health</h2>"))
    pulse = reading.last(questions.pulse)
    if pulse is None or pulse.progress.empty:
        look.empty("The stream has not written any progress yet.")
        return
    look.html(words.machinery(pulse, datetime.now(UTC).replace(tzinfo=None)))
