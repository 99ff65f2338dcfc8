"""The daily history that a forecast learns from: every calendar day, and whether there are enough of them.

A day without transactions is a true zero if the bank never opens on that weekday, or if an ordinary day has so few
transactions that none at all may be chance. On any other day it's a gap: the value is unknown, and not zero.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEK = 7
SERIES = ("transactions", "amount")
HORIZONS = (28, 14, 7)
"""Days ahead, the longest first; the first one that leaves room for `MIN_TESTS` tests is used."""

DAYS_BEFORE_TESTS = 56
"""Days before the first test: eight weeks show what a weekday is like."""

MIN_TESTS, MAX_TESTS = 8, 16
"""Tests of the backtest, each a whole horizon long and one after the other."""

SHORTEST_HISTORY = DAYS_BEFORE_TESTS + MIN_TESTS * HORIZONS[-1]
OPEN_SHARE = 0.1
"""Share of a weekday's dates with transactions from which the bank counts as open on that weekday."""

MAX_MISSING_SHARE = 0.1
"""Share of open days that may be missing."""

FEW_TRANSACTIONS = 10
"""If an ordinary day has fewer transactions, a day without any may be chance."""


@dataclass(frozen=True)
class DailyHistory:
    """All calendar days from the first to the last transaction.

    Attributes:
        days: one row per day (the index) and one float column per series; NaN where the value is unknown.
        seen: number of days with transactions.
        expected: number of days on which the bank is open.

    """

    days: pd.DataFrame
    seen: int
    expected: int

    @property
    def span(self) -> int:
        """Number of calendar days."""
        return len(self.days)

    @property
    def horizon(self) -> int:
        """Days ahead that can be forecast and tested; 0 if the history is too short."""
        return next((days for days in HORIZONS if self.span >= DAYS_BEFORE_TESTS + MIN_TESTS * days), 0)

    @property
    def origins(self) -> list[int]:
        """Number of days known at each test, the earliest test first; two origins are one horizon apart."""
        tests = min(MAX_TESTS, (self.span - DAYS_BEFORE_TESTS) // self.horizon) if self.horizon else 0
        return [self.span - self.horizon * test for test in range(tests, 0, -1)]

    @property
    def reason(self) -> str:
        """Why these days can't be forecast, as sentences; empty if they can."""
        if not self.span:
            return "There are no transactions, so nothing is forecast."
        missing = self.expected - self.seen
        faults = []
        if not self.horizon:
            faults.append(f"too short (a forecast and its test take {SHORTEST_HISTORY} days)")
        if missing > MAX_MISSING_SHARE * self.expected:
            faults.append(f"too irregular ({missing} ordinary days are missing)")
        if not faults:
            return ""
        first, last = self.days.index[0], self.days.index[-1]
        return (
            f"There are transactions on {self.seen} of the {self.span} days from {first:%-d %b %Y} to "
            f"{last:%-d %b %Y}. That is {' and '.join(faults)}, so nothing is forecast."
        )


def daily_history(daily_volume: pd.DataFrame) -> DailyHistory:
    """Put the rows of daily_volume (transaction_date, and one column per series) on the calendar."""
    dated = daily_volume.assign(day=pd.to_datetime(daily_volume["transaction_date"])).set_index("day").sort_index()
    known = dated[list(SERIES)].astype(float)
    if known.empty:
        return DailyHistory(known, 0, 0)
    calendar = pd.date_range(known.index[0], known.index[-1], freq="D")
    days = known.reindex(calendar)
    has_transactions = days[SERIES[0]].notna()
    open_share = has_transactions.groupby(calendar.weekday).transform("mean").to_numpy()
    is_true_zero = (open_share < OPEN_SHARE) | (days[SERIES[0]].median() < FEW_TRANSACTIONS)
    days[~has_transactions.to_numpy() & is_true_zero] = 0.0
    expected = int((has_transactions.to_numpy() | ~is_true_zero).sum())
    return DailyHistory(days, int(has_transactions.sum()), expected)


def fill_gaps(values: pd.Series) -> pd.Series:
    """Fill each gap with the same weekday of an earlier week, or else of a later one."""
    filled = values.copy()
    weekdays = np.arange(len(filled)) % WEEK
    return filled.groupby(weekdays).ffill().groupby(weekdays).bfill().fillna(0.0)
