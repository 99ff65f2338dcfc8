"""Answers of the live store, shared by everybody who looks at the page, and each viewer's last ones."""

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
import streamlit as st

from dashboard.serving_reader import Problem, ask, connect
from jobs.core.settings import Settings

FRESH = 0.9  # seconds that an answer serves all viewers, also that there is none
Answer = TypeVar("Answer")


@st.cache_resource(show_spinner=False)
def engine() -> sa.Engine:
    """The connection to the live store, one for the whole process."""
    return connect(Settings().live_url)


@st.cache_data(ttl=FRESH, max_entries=200, show_spinner=False)
def answer(name: str, _question: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401
    """What the store says to a question of that name now, or the problem."""
    return ask(engine(), _question, *given)


def now(question: Callable[..., Answer], *given: Any) -> Answer | Problem:  # noqa: ANN401
    """The answer now, or the problem."""
    found: Answer | Problem = answer(question.__name__, question, *given)
    return found


def last(question: Callable[..., Answer], *given: Any) -> Answer | None:  # noqa: ANN401
    """The answer now; while the store is away, the last one that this viewer saw; none if there never was one."""
    key = f"last {question.__name__} {given}"
    found = now(question, *given)
    if not isinstance(found, Problem):
        st.session_state[key] = found
    return st.session_state.get(key)
