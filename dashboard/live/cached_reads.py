"""Query results shared by all viewers for a second, and each viewer's last result."""

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
import streamlit as st

from jobs.core.settings import Settings
from jobs.serving.health import NoAnswer
from jobs.serving.reader import ask, connect_read_only

CACHE_S = 0.9
"""Seconds for which a result, or a failure, serves all viewers."""
Answer = TypeVar("Answer")


@st.cache_resource(show_spinner=False)
def engine() -> sa.Engine:
    """Return the connection to the serving database, one per process."""
    return connect_read_only(Settings().live_url)


@st.cache_data(ttl=CACHE_S, max_entries=200, show_spinner=False)
def _cached(name: str, _query: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
    """Run the query; the cache distinguishes queries by name and arguments."""
    return ask(engine(), _query, *arguments)


def current(query: Callable[..., Answer], *arguments: Any) -> Answer | NoAnswer:  # noqa: ANN401
    """Return the query's current result, or why there is none."""
    result: Answer | NoAnswer = _cached(query.__name__, query, *arguments)
    return result


def last_known(query: Callable[..., Answer], *arguments: Any) -> Answer | None:  # noqa: ANN401
    """Return the current result; while the database is unavailable, the last one this viewer saw, or None."""
    key = f"last {query.__name__} {arguments}"
    result = current(query, *arguments)
    if not isinstance(result, NoAnswer):
        st.session_state[key] = result
    return st.session_state.get(key)
