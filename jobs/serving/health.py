"""The stream's health: one assessment for the live page and for the stream's DAG.

Pure functions over rows of `live_progress` and `live_idle` and a given clock; standard library only, so Airflow's
environment can import them. All timestamps are UTC without a time zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

DOWN_S = 30.0
"""Seconds without a micro-batch or a poll of the source after which a query counts as down."""
BEHIND_S = 10.0
"""Seconds of backlog or of latency above which the stream is behind."""
PACE_S = 60.0
"""Seconds over which the pace, the backlog's trend and the latency are taken."""
NOTIFY_AFTER_S = 300.0
"""Seconds for which the stream must be down or behind before its DAG fails."""
REFUSED_SHARE = 0.05
"""Share of dead letters among the events of REFUSED_S above which the DAG fails."""
LATE_SHARE = 0.05
"""Share of late events among the events of REFUSED_S above which the DAG fails."""
REFUSED_S = 600.0
"""Seconds over which dead letters and late events are counted."""
LEAD = "windows"
"""The query whose pace and latency stand for the whole stream: most of the live page shows its results."""

State = Literal["live", "idle", "behind", "losing", "down", "never", "unavailable"]
Batch = Mapping[str, Any]
"""A row of live_progress."""


@dataclass(frozen=True)
class NoAnswer:
    """Why the serving database gave no answer; `text` is a phrase that names the database."""

    kind: Literal["never", "unavailable"]
    text: str


@dataclass(frozen=True)
class Health:
    """The stream's state, a sentence that explains it, and more detail or advice."""

    state: State
    headline: str
    detail: str = ""


def assess(batches: Sequence[Batch], polls: Mapping[str, datetime], now: datetime) -> Health:
    """Assess the stream.

    Args:
        batches: recent rows of live_progress, including the latest one of each query, in any order.
        polls: per query, when it last polled the source and found no new events (`live_idle`).
        now: the wall clock.

    """
    if not batches:
        return Health(
            "never",
            "The stream has not processed any events yet.",
            "It is still starting, or no events have arrived.",
        )
    silences = _seconds_since_sign_of_life(batches, polls, now)
    if (silence := min(silences.values())) > DOWN_S:
        return _down(batches, silence)
    if (idle := min(seconds_since_batch(batches, now).values())) > DOWN_S:
        return _idle(idle)
    return _stalled(silences) or _behind(batches) or _losing(batches, now) or _live(batches)


def no_answer(problem: NoAnswer) -> Health:
    """Describe a serving database that has no tables yet or doesn't answer."""
    if problem.kind == "never":
        start = "Start it with make stream-demo (one process) or make stream (cluster)."
        return Health("never", "The stream has never run here.", f"{problem.text} {start}")
    return Health("unavailable", "The serving database is unavailable.", f"{problem.text}. Retrying every second.")


def incidents(batches: Sequence[Batch], polls: Mapping[str, datetime], now: datetime) -> list[str]:
    """Return one sentence per problem that someone on call must look at; an idle stream has none.

    Takes the same arguments as `assess`. A state counts once it has lasted for NOTIFY_AFTER_S.
    """
    silences = _seconds_since_sign_of_life(batches, polls, now)
    found = [
        f"The {query} query has made no progress for {duration(seconds)}."
        for query, seconds in sorted(silences.items())
        if seconds > NOTIFY_AFTER_S
    ]
    if not found and (health := _long_behind(batches, polls, now)):
        found.append(f"{health.headline} It has been behind for at least {duration(NOTIFY_AFTER_S)}.")
    return found + _refusals(batches, now) + _late_events(batches, now)


def seconds_since_batch(batches: Sequence[Batch], now: datetime) -> dict[str, float]:
    """Return the seconds since each query finished its last micro-batch."""
    newest: dict[str, datetime] = {}
    for batch in batches:
        query, finished_at = batch["query"], batch["finished_at"]
        newest[query] = max(finished_at, newest.get(query, finished_at))
    return {query: _seconds_between(finished_at, now) for query, finished_at in newest.items()}


def pace(batches: Sequence[Batch], query: str = LEAD) -> float:
    """Return a query's events per second over its last minute of work; 0 with fewer than two micro-batches."""
    last = _last_minute(batches, query)
    if len(last) < 2:
        return 0.0
    seconds = _seconds_between(last[0]["finished_at"], last[-1]["finished_at"])
    return float(sum(batch["events"] for batch in last[1:]) / seconds) if seconds else 0.0


def duration(seconds: float) -> str:
    """Format a duration: `3 s`, `4 min`, `2 h`, `5 days`."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _seconds_since_sign_of_life(
    batches: Sequence[Batch], polls: Mapping[str, datetime], now: datetime
) -> dict[str, float]:
    """Return the seconds since each query last finished a micro-batch or polled the source."""
    return {
        query: min(seconds, _seconds_between(polls[query], now)) if query in polls else seconds
        for query, seconds in seconds_since_batch(batches, now).items()
    }


def _seconds_between(earlier: datetime, later: datetime) -> float:
    return max((later - earlier).total_seconds(), 0.0)


def _down(batches: Sequence[Batch], seconds: float) -> Health:
    last = max(batch["finished_at"] for batch in batches)
    return Health(
        "down",
        f"The stream is down: no progress for {duration(seconds)}.",
        f"The live page shows its results up to {last:%-d %b %Y, %H:%M:%S} UTC. Restart it with make stream-demo or "
        "make stream; it resumes from its last checkpoint.",
    )


def _idle(seconds: float) -> Health:
    return Health(
        "idle",
        f"No events for {duration(seconds)}.",
        "The stream is running and finds nothing new at its source. If the bank is open, check that it still sends "
        "events.",
    )


def _stalled(silences: Mapping[str, float]) -> Health | None:
    stalled = sorted(query for query, seconds in silences.items() if seconds > DOWN_S)
    if not stalled:
        return None
    noun, verb = ("query", "has") if len(stalled) == 1 else ("queries", "have")
    return Health(
        "behind",
        f"The {' and '.join(stalled)} {noun} {verb} made no progress for {duration(max(silences.values()))}.",
        "The other queries are running. See the stream's log for the reason.",
    )


def _behind(batches: Sequence[Batch]) -> Health | None:
    """Assess the backlog and the latency."""
    query, wait = _longest_wait(batches)
    if wait > BEHIND_S:
        backlogs = _known(_last_minute(batches, query), "backlog")
        waiting = f"{backlogs[-1]:,.0f} events are waiting, {duration(wait)} of work at the current pace"
        return Health("behind", f"The stream is behind: {waiting}.", _trend(backlogs[0], backlogs[-1]))
    if (latency := _latency(batches)) is not None and latency > BEHIND_S:
        return Health(
            "behind",
            f"The stream is behind: events take up to {duration(latency)} to reach the live page.",
            "This is the 95th percentile of the last micro-batch.",
        )
    return None


def _losing(batches: Sequence[Batch], now: datetime) -> Health | None:
    """Warn on the page about lost events; `incidents` reports the same sentences to the DAG."""
    if not (sentences := _late_events(batches, now) + _refusals(batches, now)):
        return None
    return Health(
        "losing",
        f"The stream is losing events: {sentences[0]}",
        "Compare the newest event's time with the wall clock: a terminal's or a sender's clock may be wrong. The "
        "table dead_letters says why events were refused.",
    )


def _long_behind(batches: Sequence[Batch], polls: Mapping[str, datetime], now: datetime) -> Health | None:
    """Return the current assessment if the stream is behind and was so at each minute of the last NOTIFY_AFTER_S."""
    health = assess(batches, polls, now) if batches else None
    if health is None or health.state != "behind":
        return None
    for minutes in range(1, int(NOTIFY_AFTER_S // 60) + 1):
        moment = now - timedelta(minutes=minutes)
        if not _behind([batch for batch in batches if batch["finished_at"] <= moment]):
            return None
    return health


def _refusals(batches: Sequence[Batch], now: datetime) -> list[str]:
    """Describe the dead letters of the last REFUSED_S, if they are too many; every query counts the same ones."""
    events, refused = _recent_sums(batches, now, "events", "dead_letters")
    if not events or refused / events <= REFUSED_SHARE:
        return []
    return [f"{refused:,} of {events:,} events were refused in the last {duration(REFUSED_S)}."]


def _late_events(batches: Sequence[Batch], now: datetime) -> list[str]:
    """Describe the late events of the last REFUSED_S, if they are too many: a clock is wrong, or senders are slow."""
    events, late = _recent_sums(batches, now, LEAD, "late")
    if not events or late / events <= LATE_SHARE:
        return []
    return [f"{late:,} of {events:,} events came too late to be counted in the last {duration(REFUSED_S)}."]


def _recent_sums(batches: Sequence[Batch], now: datetime, query: str, counted: str) -> tuple[int, int]:
    """Return a query's events of the last REFUSED_S, and how many of them were counted in a column."""
    recent = [batch for batch in _of_query(batches, query) if _seconds_between(batch["finished_at"], now) <= REFUSED_S]
    events, number = (int(sum(_known(recent, name))) for name in ("events", counted))
    return events, number


def _live(batches: Sequence[Batch]) -> Health:
    latency = _latency(batches)
    detail = "" if latency is None else f"95% of events reach the live page within {latency:.1f} s."
    return Health("live", "The stream is live.", detail)


def _trend(before: float, now: float) -> str:
    if now > before:
        return "The backlog is growing: events arrive faster than they are processed."
    return "The backlog is shrinking: the stream is catching up." if now < before else "The backlog is not changing."


def _longest_wait(batches: Sequence[Batch]) -> tuple[str, float]:
    """Return the query that needs longest for its backlog at its current pace, and the seconds it needs."""
    waits: dict[str, float] = {}
    for query in dict.fromkeys(batch["query"] for batch in batches):
        newest = max(_of_query(batches, query), key=_finished_at)
        rate = pace(batches, query)
        if _is_known(newest["backlog"]) and rate:
            waits[query] = newest["backlog"] / rate
    return max(waits.items(), key=lambda wait: wait[1], default=(LEAD, 0.0))


def _latency(batches: Sequence[Batch]) -> float | None:
    """Return the latest 95th percentile of the seconds from sending to storing an event; None without recent events."""
    known = _known(_last_minute(batches, LEAD), "latency_p95_s")
    return known[-1] if known else None


def _last_minute(batches: Sequence[Batch], query: str) -> list[Batch]:
    """Return the query's micro-batches of its last minute of work, oldest first."""
    own = sorted(_of_query(batches, query), key=_finished_at)
    return [batch for batch in own if _seconds_between(batch["finished_at"], own[-1]["finished_at"]) <= PACE_S]


def _of_query(batches: Iterable[Batch], query: str) -> list[Batch]:
    return [batch for batch in batches if batch["query"] == query]


def _known(batches: Iterable[Batch], name: str) -> list[float]:
    return [batch[name] for batch in batches if _is_known(batch[name])]


def _is_known(value: float | None) -> bool:
    return value is not None and value == value  # NaN is unequal to itself


def _finished_at(batch: Batch) -> datetime:
    finished_at: datetime = batch["finished_at"]
    return finished_at
