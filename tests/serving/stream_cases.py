"""Streams in different health, as rows of live_progress and live_idle; shared by the tests of the page and the DAG.

`CASES` gives each stream's name, rows and polls as a function of the clock, its state, and the start of each incident.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jobs.serving.schema import PROGRESS

FIRST_BATCH = datetime(2020, 1, 1)
QUERIES = ("events", "windows", "alerts")
Rows = list[dict[str, Any]]


def batch(query: str, finished_at: datetime, **other: object) -> dict[str, Any]:
    """One micro-batch of 2,000 events; `other` replaces columns."""
    row = dict.fromkeys(PROGRESS.columns.keys())
    usual = {
        "query": query,
        "batch": int((finished_at - FIRST_BATCH).total_seconds() // 10),
        "finished_at": finished_at,
        "events": 2_000,
        "seconds": 0.7,
        "late": 0,
        "duplicates": 0,
        "dead_letters": 0,
        "backlog": 500,
        "latency_p50_s": 0.8,
        "latency_p95_s": 1.4,
    }
    return {**row, **usual, **other}


def minutes(now: datetime, count: int, queries: tuple[str, ...] = QUERIES, **other: object) -> Rows:
    """A micro-batch of each query every ten seconds, for so many minutes up to now."""
    moments = [now - timedelta(seconds=10 * number) for number in reversed(range(6 * count + 1))]
    return [batch(query, moment, **other) for moment in moments for query in queries]


def polls(now: datetime, seconds: float, queries: tuple[str, ...] = QUERIES) -> dict[str, datetime]:
    """Every query polled the source so many seconds ago and found no events."""
    return dict.fromkeys(queries, now - timedelta(seconds=seconds))


@dataclass(frozen=True)
class Case:
    """A stream: its rows, its polls, and what both consumers must say about it."""

    name: str
    rows: Callable[[datetime], Rows]
    polls: Callable[[datetime], dict[str, datetime]]
    state: str
    incidents: tuple[str, ...] = ()


def _none(now: datetime) -> dict[str, datetime]:
    return {}


CASES = (
    Case("never ran", lambda now: [], _none, "never"),
    Case("live", lambda now: minutes(now, 8), _none, "live"),
    Case("live after idling", lambda now: minutes(now, 8), lambda now: polls(now, 400), "live"),
    Case(
        "idle for an hour",
        lambda now: minutes(now - timedelta(hours=1), 8),
        lambda now: polls(now, 9),
        "idle",
    ),
    Case(
        "idle after a slow batch",
        lambda now: minutes(now - timedelta(hours=1), 8, latency_p95_s=75.0),
        lambda now: polls(now, 9),
        "idle",
    ),
    Case(
        "down for a minute",
        lambda now: minutes(now - timedelta(minutes=1), 8),
        _none,
        "down",
    ),
    Case(
        "down for twelve minutes",
        lambda now: minutes(now - timedelta(minutes=12), 8),
        _none,
        "down",
        tuple(f"The {query} query has made no progress for 12 min." for query in sorted(QUERIES)),
    ),
    Case(
        "down, idle before",
        lambda now: minutes(now - timedelta(hours=1), 8),
        lambda now: polls(now, 720),
        "down",
        tuple(f"The {query} query has made no progress for 12 min." for query in sorted(QUERIES)),
    ),
    Case(
        "one query stalled",
        lambda now: minutes(now, 8, ("events", "windows")) + minutes(now - timedelta(minutes=7), 1, ("alerts",)),
        _none,
        "behind",
        ("The alerts query has made no progress for 7 min.",),
    ),
    Case(
        "behind for a minute",
        lambda now: minutes(now - timedelta(seconds=70), 7) + minutes(now, 1, backlog=90_000),
        _none,
        "behind",
    ),
    Case(
        "backlog for eight minutes",
        lambda now: minutes(now, 8, backlog=90_000),
        _none,
        "behind",
        (
            "The stream is behind: 90,000 events are waiting, 7 min of work at the current pace. "
            "It has been behind for at least 5 min.",
        ),
    ),
    Case(
        "slow for eight minutes",
        lambda now: minutes(now, 8, latency_p95_s=75.0),
        _none,
        "behind",
        (
            "The stream is behind: events take up to 75 s to reach the live page. "
            "It has been behind for at least 5 min.",
        ),
    ),
    Case(
        "refuses few",
        lambda now: minutes(now, 8, dead_letters=100),
        _none,
        "live",
    ),
    Case(
        "refuses many",
        lambda now: minutes(now, 8, dead_letters=150),
        _none,
        "losing",
        ("7,350 of 98,000 events were refused in the last 10 min.",),
    ),
    Case("few are late", lambda now: minutes(now, 8, late=100), _none, "live"),
    Case(
        "most are late",
        lambda now: minutes(now, 8, late=1_990),
        _none,
        "losing",
        ("97,510 of 98,000 events came too late to be counted in the last 10 min.",),
    ),
)
