"""The daily history that a forecast learns from: every calendar day, and whether there are enough of them.

A day without transactions is a true zero if the bank never opens on that weekday, or if an ordinary day has so few
transactions that none at all may be chance. On any other day it's a gap: the value is unknown, and not zero. A city
without transactions on a day on which the bank has some has a true zero.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEK = 7
SERIES = ("transactions", "amount", "balance")
SUMMED = ("transactions", "amount")
"""Series of which the bank's value is the sum of its cities'; the mean balance is known for the bank only."""
BANK = ""
"""The city of rows about the whole bank."""
OTHER_CITIES = "(other)"
"""The city of rows about all small cities, and about transactions without a city."""
MIN_CITY_VOLUME = 5.0
"""Transactions per day, on average, from which a city is forecast on its own."""

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
        values: per series, one row per day (the index) and one float column per city, BANK first; NaN where the value
            is unknown. The cities of a sum add up to the bank. Without two cities of some size, only BANK.
        seen: number of days with transactions.
        expected: number of days on which the bank is open.

    """

    values: dict[str, pd.DataFrame]
    seen: int
    expected: int

    @property
    def days(self) -> pd.DatetimeIndex:
        """The calendar days."""
        return pd.DatetimeIndex(self.values["transactions"].index)

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

    def reason(self, series: str) -> str:
        """Why a series can't be forecast, as sentences; empty if it can."""
        if not self.span:
            return "There are no transactions, so nothing is forecast."
        missing = self.expected - self.seen
        faults = []
        if not self.horizon:
            faults.append(f"too short (a forecast and its test take {SHORTEST_HISTORY} days)")
        if missing > MAX_MISSING_SHARE * self.expected:
            faults.append(f"too irregular ({missing} ordinary days are missing)")
        if faults:
            return (
                f"There are transactions on {self.seen} of the {self.span} days from {self.days[0]:%-d %b %Y} to "
                f"{self.days[-1]:%-d %b %Y}. That is {' and '.join(faults)}, so nothing is forecast."
            )
        unknown = int(self.values[series][BANK].isna().sum())
        if unknown > MAX_MISSING_SHARE * self.span:
            return f"The {series} is unknown on {unknown} of {self.span} days, so it isn't forecast."
        return ""


def daily_history(city_volume: pd.DataFrame) -> DailyHistory:
    """Put the rows of city_volume on the calendar."""
    if city_volume.empty:
        none = pd.DataFrame(columns=[BANK], index=pd.DatetimeIndex([]), dtype=float)
        return DailyHistory(dict.fromkeys(SERIES, none), 0, 0)
    rows = city_volume.assign(day=pd.to_datetime(city_volume["transaction_date"]))
    calendar = pd.date_range(rows["day"].min(), rows["day"].max(), freq="D")
    rows = rows.assign(city=_large_cities(rows, len(calendar)))
    known = rows.groupby("day")["transactions"].sum().astype(float).reindex(calendar)
    has_transactions = known.notna().to_numpy()
    open_share = pd.Series(has_transactions).groupby(calendar.weekday).transform("mean").to_numpy()
    is_true_zero = (open_share < OPEN_SHARE) | (known.median() < FEW_TRANSACTIONS)
    is_gap = ~has_transactions & ~is_true_zero
    values = {series: _by_city(rows, series, calendar, is_gap) for series in SUMMED}
    totals = rows.groupby("day")[["balance_sum", "balances"]].sum().astype(float).reindex(calendar)
    balance = totals["balance_sum"] / totals["balances"].where(totals["balances"] > 0)
    values["balance"] = balance.to_frame(BANK)
    return DailyHistory(values, int(has_transactions.sum()), int((has_transactions | ~is_true_zero).sum()))


def _large_cities(rows: pd.DataFrame, days: int) -> pd.Series:
    """The city of each row if it is forecast on its own, else OTHER_CITIES."""
    mean = rows.groupby("city")["transactions"].transform("sum") / days
    return rows["city"].where(mean >= MIN_CITY_VOLUME, OTHER_CITIES)


def _by_city(rows: pd.DataFrame, series: str, calendar: pd.DatetimeIndex, is_gap: np.ndarray) -> pd.DataFrame:
    sums = rows.astype({series: float}).pivot_table(index="day", columns="city", values=series, aggfunc="sum")
    cities = sums.reindex(calendar).fillna(0.0)
    cities[is_gap] = np.nan
    bank = cities.sum(axis=1, min_count=1).rename(BANK)
    return bank.to_frame() if cities.shape[1] < 2 else pd.concat([bank, cities], axis=1)


def fill_gaps(values: pd.DataFrame) -> pd.DataFrame:
    """Fill each gap with the same weekday of an earlier week, or else of a later one."""
    weekdays = np.arange(len(values)) % WEEK
    return values.groupby(weekdays).ffill().groupby(weekdays).bfill().fillna(0.0)
