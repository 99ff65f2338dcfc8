"""From events to what is sent: JSON lines, out of order, some late, some twice, some broken, all on purpose."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from jobs.simulation.bank.customers import COLUMNS

LATE, TOO_LATE = 0.01, 0.002
"""Shares of events that come late, within the watermark or beyond it."""
TWICE = 0.005
BROKEN = 0.001
JITTER_S = 20.0
"""Mean seconds (event time) by which others are out of order."""
TIMES_TOO_LATE = 8
"""Watermarks, and seconds of the wall clock, by which an event is too late."""
LINE = (
    '{"transaction_id":"%s","customer_id":"%s","transaction_at":"%s","sent_at":"%s","amount":%s,"balance":%s,'
    '"location":%s,"terminal":%s,"latitude":%s,"longitude":%s}'
)
BREAKS: tuple[Callable[[str], str], ...] = (
    lambda line: line[: len(line) // 2],
    lambda line: line.replace('"amount":', '"amount":-'),
    lambda line: line.replace('"amount":', '"amount":"much","was":'),
    lambda line: line.replace('"customer_id"', '"customer"'),
    lambda line: line.replace('"transaction_at":"', '"transaction_at":"yesterday '),
    lambda line: line.replace('"transaction_at":"20', '"transaction_at":"29'),
    lambda line: "\x00" + line,
    lambda line: "[]",
)
"""How lines are broken; each way breaks the contract."""


@dataclass
class Sender:
    """What is on its way. `watermark_s` and `speed` say what is too late."""

    seed: int
    watermark_s: float
    speed: float
    waiting: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*COLUMNS, "sent"]))
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("events", "twice", "late", "too_late", "broken"), 0)
    )

    def __post_init__(self) -> None:
        """Seed what is random."""
        self.rng = np.random.default_rng([self.seed, 7])

    def take(self, events: pd.DataFrame) -> None:
        """Put new events on their way."""
        sent = events["transaction_at"].to_numpy() + self.delays(len(events))
        new = events.assign(sent=sent)
        twice = new[self.rng.random(len(new)) < TWICE]
        later = twice["sent"] + self.rng.exponential(self.watermark_s / 4, len(twice))
        self.counts["events"] += len(new)
        self.counts["twice"] += len(twice)
        parts = [part for part in (self.waiting, new, twice.assign(sent=later)) if len(part)]
        self.waiting = pd.concat(parts, ignore_index=True) if parts else self.waiting

    def delays(self, count: int) -> np.ndarray:
        """Seconds between events and their sending."""
        drawn = self.rng.random(count)
        too_late, late = drawn < TOO_LATE, (drawn >= TOO_LATE) & (drawn < TOO_LATE + LATE)
        beyond = TIMES_TOO_LATE * (self.watermark_s + self.speed)
        delays = self.rng.exponential(JITTER_S, count)
        delays[late] = self.watermark_s * self.rng.uniform(0.2, 0.8, late.sum())
        delays[too_late] = beyond * self.rng.uniform(1.0, 2.0, too_late.sum())
        self.counts["late"] += int(late.sum())
        self.counts["too_late"] += int(too_late.sum())
        return np.asarray(delays)

    def due(self, upto: float) -> list[tuple[str, str]]:
        """What is sent up to a moment: customer and line, in the order of sending; without end, all that waits."""
        now = self.waiting[self.waiting["sent"] <= upto].sort_values("sent", kind="stable")
        self.waiting = self.waiting[self.waiting["sent"] > upto]
        lines = list(zip(now["customer_id"], to_lines(now), strict=True))
        broken = self.rng.integers(0, max(len(lines), 1), self.rng.poisson(BROKEN * len(lines)))
        self.counts["broken"] += len(broken) if lines else 0
        for place in broken if lines else ():
            customer, line = lines[place]
            lines.append((customer, BREAKS[int(self.rng.integers(len(BREAKS)))](line)))
        return lines


def to_lines(events: pd.DataFrame) -> list[str]:
    """The events' JSON, sent now."""
    sent = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    moments = pd.to_datetime(events["transaction_at"].to_numpy(dtype=float) * 1e6 // 1000, unit="ms").strftime(
        "%Y-%m-%dT%H:%M:%S.%f"
    )
    quoted = {
        name: json.dumps(name) for column in ("location", "terminal") for name in events[column].dropna().unique()
    }
    texts = [[quoted.get(name, "null") for name in events[column]] for column in ("location", "terminal")]
    numbers = [_numbers(events[name]) for name in ("amount", "balance", "latitude", "longitude")]
    ids = (events["transaction_id"], events["customer_id"])
    rows = zip(*ids, moments, *numbers[:2], *texts, *numbers[2:], strict=True)
    return [LINE % (one, who, at[:-3] + "Z", sent, *rest) for one, who, at, *rest in rows]


def _numbers(values: pd.Series) -> list[str]:
    return [repr(value) if value == value else "null" for value in values.astype(float).tolist()]
