"""How the stream is, in words, from the rows of live_progress. Pure functions: the clock is given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pandas as pd

from dashboard.live.queries import Pulse
from dashboard.serving_reader import Problem
from jobs.report.formatting import count, listed

DOWN = 30  # seconds without progress
BEHIND = 10  # seconds that events wait or take, from which the stream is behind
MINUTE = 60  # seconds over which the pace is taken
LEAD = "windows"  # the query whose figures stand for the stream's: what the page shows is its work
NAMES = {"events": "Intake", "windows": "Windows", "alerts": "Alerts"}


@dataclass(frozen=True)
class Status:
    """One word for the badge, what it means in a sentence, and what to do or know."""

    state: Literal["live", "idle", "behind", "down", "never", "away"]
    headline: str
    detail: str = ""


def judge(pulse: Pulse | Problem, now: datetime) -> Status:
    """What to say of the stream.

    Args:
        pulse: the answer of the live store, or why there is none.
        now: wall clock, UTC, without a zone.

    """
    if isinstance(pulse, Problem):
        return _no_answer(pulse)
    if pulse.progress.empty:
        return Status("never", "The stream has not worked off anything yet.", "It is starting, or no event has come.")
    worked = silent(pulse.progress, now)
    looked = {query: _since(moment, now) for query, moment in pulse.idle.items()}
    still = {query: min(seconds, looked.get(query, seconds)) for query, seconds in worked.items()}
    if min(still.values()) > DOWN:
        return _down(pulse.progress, min(still.values()))
    if min(worked.values()) > DOWN:
        return _idle(min(worked.values()))
    return _stands(still) or _late(pulse.progress) or _good(pulse.progress)


def silent(progress: pd.DataFrame, now: datetime) -> dict[str, float]:
    """Seconds since each query's last progress."""
    newest = progress.groupby("query")["finished_at"].max()
    return {str(query): _since(moment, now) for query, moment in newest.items()}


def _since(moment: datetime, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0.0)


def latest(progress: pd.DataFrame) -> pd.DataFrame:
    """The newest row of each query, the index; what a micro-batch without events does not know, the last one knew."""
    told = ["newest_event", "watermark", "latency_p50_s", "latency_p95_s"]
    filled = progress.assign(**progress.groupby("query")[told].ffill())
    return filled.groupby("query").tail(1).set_index("query")


def rates(progress: pd.DataFrame) -> pd.DataFrame:
    """Events a second of each micro-batch: finished_at, per_second; oldest first."""
    lead = progress[progress["query"] == LEAD]
    seconds = lead["finished_at"].diff().dt.total_seconds().clip(lower=0.05)
    return pd.DataFrame({"finished_at": lead["finished_at"], "per_second": lead["events"] / seconds}).iloc[1:]


def pace(progress: pd.DataFrame, query: str = LEAD) -> float:
    """Events a second in the last minute of a query's work."""
    last = _last_minute(progress, query)
    if len(last) < 2:
        return 0.0
    seconds = (last["finished_at"].iloc[-1] - last["finished_at"].iloc[0]).total_seconds()
    return float(last["events"].iloc[1:].sum() / seconds) if seconds else 0.0


def ago(seconds: float) -> str:
    """How long ago: `3 s`, `4 min`, `2 h`, `5 days`."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _no_answer(problem: Problem) -> Status:
    if problem.kind == "never":
        how = (
            "Start it: make stream-demo (in one process), or make stream (on the cluster). This page notices by itself."
        )
        return Status("never", "The stream has never run here.", f"{problem.text} {how}")
    return Status("away", "The live store can not be reached.", f"{problem.text}. Trying again every second.")


def _down(progress: pd.DataFrame, seconds: float) -> Status:
    last = progress["finished_at"].max()
    return Status(
        "down",
        f"The stream is down: no progress for {ago(seconds)}.",
        f"It has stopped. What you see is from {last:%-d %b %Y, %H:%M:%S} UTC. Started again "
        "(make stream-demo, make stream) it goes on where it stopped.",
    )


def _idle(seconds: float) -> Status:
    return Status(
        "idle",
        f"No event has come for {ago(seconds)}.",
        "The stream runs and finds nothing new at its source. If the bank is open: are its events still sent?",
    )


def _stands(still: dict[str, float]) -> Status | None:
    stuck = [NAMES.get(query, query).lower() for query, seconds in still.items() if seconds > DOWN]
    if not stuck:
        return None
    seconds = max(still.values())
    return Status(
        "behind",
        f"A part of the stream stands still: {listed(stuck)}, for {ago(seconds)}.",
        "The others go on. The log of the stream says why.",
    )


def _late(progress: pd.DataFrame) -> Status | None:
    query, wait = _longest_wait(progress)
    if wait > BEHIND:
        backlog = _last_minute(progress, query)["backlog"].dropna()
        said = f"The stream is behind: {count(backlog.iloc[-1])} events wait, {ago(wait)} of work at this pace."
        return Status("behind", said, _trend(backlog.iloc[0], backlog.iloc[-1]))
    slow = _latency(progress)
    if slow > BEHIND:
        said = f"The stream is behind: an event takes up to {ago(slow)} to this page."
        return Status("behind", said, "That is the 95th percentile of the last micro-batch.")
    return None


def _trend(before: float, waiting: float) -> str:
    if waiting > before:
        return "The backlog grows: more comes in than is worked off."
    return "The backlog shrinks: it is catching up." if waiting < before else "The backlog neither grows nor shrinks."


def _longest_wait(progress: pd.DataFrame) -> tuple[str, float]:
    """The query whose backlog takes longest at its pace of the last minute, and how many seconds."""
    waits = {
        str(query): row["backlog"] / rate if (rate := pace(progress, str(query))) else 0.0
        for query, row in latest(progress).iterrows()
        if pd.notna(row["backlog"])
    }
    return max(waits.items(), key=lambda wait: wait[1], default=(LEAD, 0.0))


def _last_minute(progress: pd.DataFrame, query: str) -> pd.DataFrame:
    """A query's micro-batches of its last minute, oldest first."""
    own = progress[progress["query"] == query]
    last: pd.DataFrame = own[own["finished_at"] >= own["finished_at"].max() - pd.Timedelta(seconds=MINUTE)]
    return last


def _latency(progress: pd.DataFrame) -> float:
    """Seconds from event to store, 95th percentile of the last events; NaN if none came lately."""
    told = _last_minute(progress, LEAD)["latency_p95_s"].dropna()
    return float(told.iloc[-1]) if len(told) else float("nan")


def _good(progress: pd.DataFrame) -> Status:
    slow = _latency(progress)
    said = f"95 % of the events are here within {slow:.1f} s." if slow == slow else ""
    return Status("live", "The stream is live.", said)
