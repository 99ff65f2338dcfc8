"""The days that a forecast learns from: every day of the calendar, and whether they are enough.

A day without transactions is a true zero where the bank never opens on that weekday, or where so few transactions
come that a day may well have none. On any other day it is a hole in the data: not known, and not zero.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEK = 7
SERIES = ("transactions", "amount")
HORIZONS = (28, 14, 7)  # days ahead: the longest for which there is room for ORIGINS tests after FIRST days
FIRST = 56  # days before the first test: eight weeks show what a weekday is like
ORIGINS, MOST_ORIGINS = 8, 16  # tests, each of a whole horizon and later than the one before
OPEN = 0.1  # share of its dates with transactions from which a weekday counts as open
HOLES = 0.1  # share of open days that may be missing
SHORTEST = FIRST + ORIGINS * HORIZONS[-1]
FEW = 10  # transactions: of an ordinary day with fewer, a day with none may be chance


@dataclass(frozen=True)
class History:
    """The calendar days of all series: indexed by day, a float column each, NaN where it is not known."""

    days: pd.DataFrame
    seen: int
    """Days that have transactions."""
    expected: int
    """Days on which the bank is open."""

    @property
    def span(self) -> int:
        """Days of the calendar from the first to the last."""
        return len(self.days)

    @property
    def horizon(self) -> int:
        """Days ahead that can be forecast and tested; 0 if the data are too short."""
        return next((days for days in HORIZONS if self.span >= FIRST + ORIGINS * days), 0)

    @property
    def origins(self) -> list[int]:
        """Number of days known at each test, the earliest first; between two lies one horizon."""
        tests = min(MOST_ORIGINS, (self.span - FIRST) // self.horizon) if self.horizon else 0
        return [self.span - self.horizon * test for test in range(tests, 0, -1)]

    @property
    def reason(self) -> str:
        """Why these days cannot be forecast, as a sentence; nothing if they can."""
        if not self.span:
            return "There are no transactions, so nothing is forecast."
        missing = self.expected - self.seen
        faults = [
            f"too short (a forecast and its test take {SHORTEST} days)" if not self.horizon else "",
            f"too irregular ({missing} ordinary days are missing)" if missing > HOLES * self.expected else "",
        ]
        said = " and ".join(filter(None, faults))
        first, last = self.days.index[0], self.days.index[-1]
        has = (
            f"There are transactions on {self.seen} of the {self.span} days from {first:%-d %b %Y} to {last:%-d %b %Y}"
        )
        return f"{has}. That is {said}, so nothing is forecast." if said else ""


def history(daily_volume: pd.DataFrame) -> History:
    """Lay the rows of daily_volume (transaction_date, and a column for each of SERIES) on the calendar."""
    rows = daily_volume.assign(day=pd.to_datetime(daily_volume["transaction_date"])).set_index("day").sort_index()
    known = rows[list(SERIES)].astype(float)
    if known.empty:
        return History(known, 0, 0)
    calendar = pd.date_range(known.index[0], known.index[-1], freq="D")
    days = known.reindex(calendar)
    there = days[SERIES[0]].notna()
    share = there.groupby(calendar.weekday).transform("mean").to_numpy()
    true_zero = (share < OPEN) | (days[SERIES[0]].median() < FEW)
    days[~there.to_numpy() & true_zero] = 0.0
    return History(days, int(there.sum()), int((there.to_numpy() | ~true_zero).sum()))


def filled(values: pd.Series) -> pd.Series:
    """The values with each hole closed by the same weekday of the week before, else of the week after."""
    whole = values.copy()
    weekdays = np.arange(len(whole)) % WEEK
    return whole.groupby(weekdays).ffill().groupby(weekdays).bfill().fillna(0.0)
