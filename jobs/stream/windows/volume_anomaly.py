"""Volume anomalies: compare a closed window's transactions with the same time of day on earlier days."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

DAY_S = 86_400
REFERENCE_DAYS = 14
"""Earlier days that define the usual volume."""
MIN_WINDOWS = 6
"""Windows of earlier days without which nothing is expected."""
RECENT_S = 3 * 3600
"""The volume of these last seconds shows whether the whole day is busier than others."""
BUSYNESS_LIMITS = (0.5, 2.0)
DEVIATIONS = 4.0
"""Half width of the expected range, in standard deviations."""
RELATIVE_DEVIATION = 0.12
"""Standard deviation of a window's expectation, relative to it, on top of the Poisson noise of counting."""


@dataclass(frozen=True)
class VolumeCheck:
    """The expected transactions, their range, and the anomaly: surge, outage or None.

    All are None where too little history is known.
    """

    expected: float | None = None
    low: float | None = None
    high: float | None = None
    anomaly: str | None = None


NOT_EVALUATED = VolumeCheck()


def check_volume(history: Mapping[int, int], start: int, count: int, length: int) -> VolumeCheck:
    """Compare a window with the ones before it.

    Args:
        history: transactions of earlier windows without an anomaly, by start in seconds since 1970.
        start: of the window, seconds since 1970.
        count: its transactions.
        length: of a window, seconds.

    """
    usual = same_time_of_day(history, start, length)
    if len(usual) < MIN_WINDOWS:
        return NOT_EVALUATED
    expected = float(np.median(usual)) * busyness(history, start, length)
    half_width = DEVIATIONS * math.sqrt(expected + 1 + (RELATIVE_DEVIATION * expected) ** 2)
    low, high = max(expected - half_width, 0.0), expected + half_width
    anomaly = "surge" if count > high else "outage" if count < low else None
    return VolumeCheck(round(expected, 2), round(low, 2), round(high, 2), anomaly)


def same_time_of_day(history: Mapping[int, int], start: int, length: int) -> list[int]:
    """Transactions of the windows at this time of day, and just before and after it, on earlier days."""
    starts = [start - day * DAY_S + step * length for day in range(1, REFERENCE_DAYS + 1) for step in (-1, 0, 1)]
    return [history[earlier] for earlier in starts if earlier in history]


def busyness(history: Mapping[int, int], start: int, length: int) -> float:
    """Volume of the last hours as a multiple of the usual volume, within BUSYNESS_LIMITS."""
    recent = [earlier for earlier in range(start - RECENT_S, start, length) if earlier in history]
    pairs = [(history[earlier], same_time_of_day(history, earlier, length)) for earlier in recent]
    known = [(count, float(np.median(usual))) for count, usual in pairs if len(usual) >= MIN_WINDOWS]
    expected = sum(usual for _, usual in known)
    if expected <= 0:
        return 1.0
    return float(np.clip(sum(count for count, _ in known) / expected, *BUSYNESS_LIMITS))
