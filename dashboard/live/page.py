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
    look.html(words.banner(status, pulse.progress if pulse else None, now))
    if pulse is not None and len(pulse.progress):
        sliding = reading.last(questions.windows, "sliding", "")
        look.html(words.tiles(pulse, sliding if sliding is not None else pd.DataFrame(), status))


@st.fragment(run_every=SLOW)
def windows() -> None:
    """Windows against the forecast, rolling measures, pace."""
    title, choice = st.columns([3, 1], vertical_alignment="center")
    with title:
        look.html(Markup("<h2>Windows</h2>"))
    known = reading.last(questions.places) or []
    with choice:
        place = st.selectbox("Place", ["", *known], format_func=_place, key="place", label_visibility="collapsed")
    _forecast(place)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _pace()
    for column, measure in ((middle, "transactions"), (right, "mean_balance")):
        with column:
            _rolling(place, measure)


def _place(name: str) -> str:
    return name.title() or WHOLE


def _forecast(place: str) -> None:
    tumbling = reading.last(questions.windows, "tumbling", place)
    if tumbling is None or tumbling.empty:
        look.empty("No window yet: the first events open one.")
        return
    look.chart(charts.against_forecast(tumbling), "forecast", note=_place(place))


def _rolling(place: str, measure: str) -> None:
    sliding = reading.last(questions.windows, "sliding", place)
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
