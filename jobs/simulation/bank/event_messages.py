"""Turn events into messages: JSON lines, deliberately out of order, some late, duplicated or broken."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from jobs.simulation.bank.simulated_bank import COLUMNS

LATE_SHARE = 0.01
"""Share of events that arrive late but within the watermark."""
TOO_LATE_SHARE = 0.002
"""Share of events that arrive after the watermark."""
DUPLICATE_SHARE = 0.005
BROKEN_SHARE = 0.001
MEAN_DELAY_S = 20.0
"""Mean delay of all other events, in seconds of event time."""
TOO_LATE_FACTOR = 8
"""An event that is too late is delayed by this many watermarks, and this many seconds of the wall clock."""
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
"""Ways to break a line; each one violates the event contract."""
COUNTERS = ("events", "duplicates", "late", "too_late", "broken")


@dataclass
class Sender:
    """Events on their way to the source."""

    seed: int
    watermark_s: float
    """The stream's watermark, seconds of event time."""
    speed: float
    """Seconds of event time per second of the wall clock."""
    waiting: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*COLUMNS, "sent"]))
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))

    def __post_init__(self) -> None:
        """Seed the random numbers."""
        self.rng = np.random.default_rng([self.seed, 7])

    def accept(self, events: pd.DataFrame) -> None:
        """Take over new events, with `simulated_bank.COLUMNS`."""
        sent = events["transaction_at"].to_numpy() + self.draw_delays(len(events))
        new = events.assign(sent=sent)
        duplicates = new[self.rng.random(len(new)) < DUPLICATE_SHARE]
        sent_again = duplicates["sent"] + self.rng.exponential(self.watermark_s / 4, len(duplicates))
        self.counts["events"] += len(new)
        self.counts["duplicates"] += len(duplicates)
        parts = [part for part in (self.waiting, new, duplicates.assign(sent=sent_again)) if len(part)]
        self.waiting = pd.concat(parts, ignore_index=True) if parts else self.waiting

    def draw_delays(self, count: int) -> np.ndarray:
        """Seconds of event time between events and their sending."""
        drawn = self.rng.random(count)
        is_too_late = drawn < TOO_LATE_SHARE
        is_late = (drawn >= TOO_LATE_SHARE) & (drawn < TOO_LATE_SHARE + LATE_SHARE)
        beyond = TOO_LATE_FACTOR * (self.watermark_s + self.speed)
        delays = self.rng.exponential(MEAN_DELAY_S, count)
        delays[is_late] = self.watermark_s * self.rng.uniform(0.2, 0.8, is_late.sum())
        delays[is_too_late] = beyond * self.rng.uniform(1.0, 2.0, is_too_late.sum())
        self.counts["late"] += int(is_late.sum())
        self.counts["too_late"] += int(is_too_late.sum())
        return np.asarray(delays)

    def take_due(self, until: float) -> list[tuple[str, str]]:
        """Remove and return the messages that are due: customer and line, in the order of sending.

        Args:
            until: event time, seconds since 1970; infinity for everything that waits.

        """
        due = self.waiting[self.waiting["sent"] <= until].sort_values("sent", kind="stable")
        self.waiting = self.waiting[self.waiting["sent"] > until]
        messages = list(zip(due["customer_id"], to_lines(due), strict=True))
        positions = self.rng.integers(0, max(len(messages), 1), self.rng.poisson(BROKEN_SHARE * len(messages)))
        if messages:
            self.counts["broken"] += len(positions)
            for position in positions:
                customer, line = messages[position]
                messages.append((customer, BREAKS[int(self.rng.integers(len(BREAKS)))](line)))
        return messages


def to_lines(events: pd.DataFrame) -> list[str]:
    """The events as JSON lines, sent now."""
    sent_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    milliseconds = events["transaction_at"].to_numpy(dtype=float) * 1e6 // 1000
    timestamps = pd.to_datetime(milliseconds, unit="ms").strftime("%Y-%m-%dT%H:%M:%S.%f")
    names = {name for column in ("location", "terminal") for name in events[column].dropna().unique()}
    quoted = {name: json.dumps(name) for name in names}
    location, terminal = ([quoted.get(name, "null") for name in events[column]] for column in ("location", "terminal"))
    amount, balance, latitude, longitude = (
        _to_numbers(events[column]) for column in ("amount", "balance", "latitude", "longitude")
    )
    ids = (events["transaction_id"], events["customer_id"])
    rows = zip(*ids, timestamps, amount, balance, location, terminal, latitude, longitude, strict=True)
    return [LINE % (id_, customer, time[:-3] + "Z", sent_at, *rest) for id_, customer, time, *rest in rows]


def _to_numbers(values: pd.Series) -> list[str]:
    return [repr(value) if value == value else "null" for value in values.astype(float).tolist()]
