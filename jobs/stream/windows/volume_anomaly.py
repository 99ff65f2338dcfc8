"""Whether the number of transactions in a closed window is what the same time of day brought before."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

DAY = 86_400
DAYS = 14
"""Days back that tell what is usual."""
FEWEST = 6
"""Windows of earlier days without which nothing is said."""
RECENT_S = 3 * 3600
"""What came in these seconds before says whether the whole day is busier than others."""
LEVEL_LIMITS = (0.5, 2.0)
WIDTH = 4.0
"""Half the interval in standard deviations."""
WOBBLE = 0.12
"""Standard deviation of a window's expectation, relative to it, beside the chance of counting."""


@dataclass(frozen=True)
class Verdict:
    """What was expected, between which bounds, and surge, outage or nothing; None where too little is known."""

    expected: float | None = None
    low: float | None = None
    high: float | None = None
    anomaly: str | None = None


UNJUDGED = Verdict()


def judge(history: Mapping[int, int], start: int, count: int, length: int) -> Verdict:
    """Judge a window by the ones before it.

    Args:
        history: transactions of earlier windows without anomaly, by start in seconds since 1970.
        start: of the window.
        count: its transactions.
        length: seconds of a window.

    """
    usual = same_time(history, start, length)
    if len(usual) < FEWEST:
        return UNJUDGED
    expected = float(np.median(usual)) * busyness(history, start, length)
    half = WIDTH * math.sqrt(expected + 1 + (WOBBLE * expected) ** 2)
    low, high = max(expected - half, 0.0), expected + half
    anomaly = "surge" if count > high else "outage" if count < low else None
    return Verdict(round(expected, 2), round(low, 2), round(high, 2), anomaly)


def same_time(history: Mapping[int, int], start: int, length: int) -> list[int]:
    """What came at this time of day, and just before and after, on earlier days."""
    moments = [start - day * DAY + step * length for day in range(1, DAYS + 1) for step in (-1, 0, 1)]
    return [history[moment] for moment in moments if moment in history]


def busyness(history: Mapping[int, int], start: int, length: int) -> float:
    """How many times as much as on earlier days came in the last hours."""
    recent = [moment for moment in range(start - RECENT_S, start, length) if moment in history]
    before = [(history[moment], same_time(history, moment, length)) for moment in recent]
    known = [(count, float(np.median(usual))) for count, usual in before if len(usual) >= FEWEST]
    expected = sum(usual for _, usual in known)
    return float(np.clip(sum(count for count, _ in known) / expected, *LEVEL_LIMITS)) if expected > 0 else 1.0
