"""Windows: what came in each stretch of ten minutes, and in each hour that ends there, per place and in all.

Spark aggregates the tumbling windows by event time, each event once. A sliding window is the sum of the tumbling ones
that it consists of (panes: Li et al., "No pane, no gain", 2005), so the sums, which are whole paise, are exact.
A window is closed once the watermark has passed its end: it is final then. What is open, and the history that volumes
are judged by, is kept per batch (`Open`), so a batch that is done again after a kill gives the same.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.stream.windows.volume_anomaly import UNJUDGED, Verdict, judge

WHOLE = ""
"""The location that stands for the whole stream."""
SLIDING_S = 3600
HISTORY_S = 28 * 86_400
SILENT_S = 86_400
"""How long after the last event windows of the whole stream are closed that have none."""
NOWHERE = "(unknown)"
SUMS = ("transactions", "paise", "balance_paise", "balances")
Sums = tuple[int, int, int, int]


def distinct(events: DataFrame, watermark: str) -> DataFrame:
    """The events without duplicates, under the watermark."""
    return events.withWatermark("transaction_at", watermark).dropDuplicatesWithinWatermark(["transaction_id"])


def tumbling(events: DataFrame, length: str) -> DataFrame:
    """Sums per place, and for the whole stream, of each tumbling window.

    Returns:
        starts (seconds since 1970), location, SUMS.

    """
    return aggregated(events, F.window("transaction_at", length))


def aggregated(events: DataFrame, window: Column) -> DataFrame:
    """The same for any windows."""
    placed = events.select(
        "transaction_at",
        F.explode(F.array(F.lit(WHOLE), F.coalesce("location", F.lit(NOWHERE)))).alias("location"),
        F.round(F.col("amount") * 100).cast("bigint").alias("paise"),
        F.round(F.col("balance") * 100).cast("bigint").alias("balance_paise"),
    )
    sums = placed.groupBy(window.alias("window"), "location").agg(
        F.count(F.lit(1)).alias("transactions"),
        F.sum("paise").alias("paise"),
        F.coalesce(F.sum("balance_paise"), F.lit(0)).alias("balance_paise"),
        F.count("balance_paise").alias("balances"),
    )
    return sums.select(F.unix_timestamp("window.start").alias("starts"), "location", *SUMS)


@dataclass(frozen=True)
class Window:
    """One window; moments in seconds since 1970."""

    kind: str
    location: str
    starts: int
    ends: int
    sums: Sums
    closed: bool
    verdict: Verdict = UNJUDGED


@dataclass
class Open:
    """What the sink of the windows knows between two batches."""

    panes: dict[int, dict[str, Sums]] = field(default_factory=dict)
    """Sums of the tumbling windows that an open window needs, by start and location."""
    closed_to: int | None = None
    """Windows that end up to here are closed."""
    history: dict[int, int] = field(default_factory=dict)
    """Transactions of the closed tumbling windows of the whole stream, without those of an anomaly."""
    anomaly: str = ""
    """Of the last closed one."""
    last: int | None = None
    """End of the last closed window that had events."""

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Open":
        """From that text."""
        known = json.loads(text)
        panes = {int(at): {place: tuple(sums) for place, sums in all_.items()} for at, all_ in known["panes"].items()}
        history = {int(at): count for at, count in known["history"].items()}
        return Open(panes, known["closed_to"], history, known["anomaly"], known["last"])


def advance(before: Open, updates: pd.DataFrame, watermark_ms: int, length: int) -> tuple[Open, list[Window]]:
    """Take in the sums of a batch and close what the watermark has passed.

    Args:
        before: as the batch before left it; not changed.
        updates: rows of `tumbling`, in full (not what was added).
        watermark_ms: of this batch.
        length: of the tumbling windows, seconds.

    Returns:
        What is open now, and each window that changed or was closed.

    """
    panes = {start: dict(all_) for start, all_ in before.panes.items()}
    for start, place, *sums in updates[["starts", "location", *SUMS]].itertuples(index=False):
        panes.setdefault(int(start), {})[place] = tuple(map(int, sums))  # type: ignore[assignment]
    now = Open(panes, before.closed_to, dict(before.history), before.anomaly, before.last)
    touched, passed = {int(start) for start in updates["starts"]}, watermark_ms // 1000 // length * length
    if watermark_ms <= 0 or not panes:  # no watermark yet: any event still counts
        return now, list(_changed(now, touched, 0, length))
    since = min(passed, *panes) if now.closed_to is None else now.closed_to
    upto = max(since, passed)
    closing = list(_closed(now, since, upto, length))
    opened = list(_changed(now, touched, upto, length))
    now.closed_to = upto
    now.panes = {start: all_ for start, all_ in panes.items() if start > upto - SLIDING_S}
    now.history = {start: count for start, count in now.history.items() if start > upto - HISTORY_S}
    return now, closing + opened


def _closed(now: Open, since: int, upto: int, length: int) -> Iterator[Window]:
    """The windows that end after `since` and not after `upto`, and those of the whole stream that stayed empty."""
    for ends in range(since + length, upto + 1, length):
        pane = now.panes.get(ends - length, {})
        if pane:
            now.last = ends
        elif now.last is None or ends - now.last > SILENT_S:
            continue  # before the first event there is nothing to miss, and after a long silence nothing new to say
        count = pane.get(WHOLE, (0, 0, 0, 0))
        verdict = judge(now.history, ends - length, count[0], length)
        if not verdict.anomaly:
            now.history[ends - length] = count[0]
        for place in sorted({WHOLE, *pane}):
            of_whole = verdict if place == WHOLE else UNJUDGED
            yield Window("tumbling", place, ends - length, ends, pane.get(place, count), True, of_whole)
        now.anomaly = verdict.anomaly or ""
        for place, sums in sorted(_hour(now, ends, length).items()):
            yield Window("sliding", place, ends - SLIDING_S, ends, sums, True)


def _changed(now: Open, touched: set[int], upto: int, length: int) -> Iterator[Window]:
    """The open windows that hold a touched pane."""
    for start in sorted(touched):
        if start + length > upto:
            for place, sums in sorted(now.panes[start].items()):
                yield Window("tumbling", place, start, start + length, sums, False)
    ends = {start + length + more for start in touched for more in range(0, SLIDING_S, length)}
    for end in sorted(end for end in ends if end > upto):
        for place, sums in sorted(_hour(now, end, length).items()):
            yield Window("sliding", place, end - SLIDING_S, end, sums, False)


def _hour(now: Open, ends: int, length: int) -> dict[str, Sums]:
    """Sums of the sliding window by place."""
    found: dict[str, Sums] = {}
    for start in range(ends - SLIDING_S, ends, length):
        for place, sums in now.panes.get(start, {}).items():
            old = found.get(place, (0, 0, 0, 0))
            found[place] = tuple(a + b for a, b in zip(old, sums, strict=True))  # type: ignore[assignment]
    return found
