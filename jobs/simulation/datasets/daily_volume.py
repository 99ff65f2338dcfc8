"""Transactions per day: trend, yearly and weekly seasonality, paydays, and a little noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jobs.simulation.rng import Floats, Ints, Rng

FIRST_DAY = np.datetime64("2014-08-01")
LAST_DAY = np.datetime64("2016-10-31")
DAYS = int((LAST_DAY - FIRST_DAY).astype(np.int64)) + 1

WEEKDAYS = (0.94, 0.96, 1.00, 1.06, 1.24, 1.16, 0.64)
"""Volume by weekday, Monday first, relative to the mean; Friday is busiest, Sunday is quietest."""
YEARLY = 0.18
"""Amplitude of the yearly cycle, relative to the mean; the peak is around `PEAK_DAY`."""
PEAK_DAY = 305
"""Day of the year of the peak: the festival weeks around 1 November."""
GROWTH_PER_YEAR = 0.25
"""Compound growth of the volume per year."""
PAYDAY, PAYDAYS = 1.20, 3
"""Factor on the first `PAYDAYS` days of every month."""
NOISE = 0.04
"""Standard deviation of the log of each day's noise, the lower bound of any forecast's error."""


def dates() -> NDArray[np.datetime64]:
    """Return the calendar: each of the `DAYS` days from `FIRST_DAY` to `LAST_DAY`."""
    return FIRST_DAY + np.arange(DAYS)


def expected_volume(rows: int) -> Floats:
    """Return each day's expected number of transactions out of `rows`, without noise."""
    pattern = _trend() * _week() * _year() * _payday()
    return np.asarray(rows * pattern / pattern.sum())


def daily_counts(rows: int, seed: int) -> Ints:
    """Return the exact number of transactions on each day in a file of `rows` rows."""
    return np.asarray(np.diff(day_ends(rows, seed), prepend=0), dtype=np.int64)


def day_ends(rows: int, seed: int) -> Ints:
    """Return for each day the number of transactions up to its end; the last is `rows`."""
    noise = np.exp(NOISE * Rng(seed, "volume").normal("day", np.arange(DAYS)))
    upto = np.cumsum(expected_volume(rows) * noise)
    ends: Ints = np.floor(rows * upto / upto[-1]).astype(np.int64)
    ends[-1] = rows
    return ends


def days_of(rows: Ints, ends: Ints) -> Ints:
    """Return the position in `dates()` of each row number; rows are in order of date."""
    return np.asarray(np.searchsorted(ends, rows, side="right"), dtype=np.int64)


def _trend() -> Floats:
    return np.asarray((1.0 + GROWTH_PER_YEAR) ** (np.arange(DAYS) / 365.25))


def _week() -> Floats:
    monday = (FIRST_DAY.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    return np.asarray(np.array(WEEKDAYS)[(monday + np.arange(DAYS)) % 7])


def _year() -> Floats:
    day_of_year = (dates() - dates().astype("datetime64[Y]")).astype(np.int64)
    return np.asarray(1.0 + YEARLY * np.cos(2 * np.pi * (day_of_year - PEAK_DAY) / 365.25))


def _payday() -> Floats:
    day_of_month = (dates() - dates().astype("datetime64[M]")).astype(np.int64)
    return np.where(day_of_month < PAYDAYS, PAYDAY, 1.0)
