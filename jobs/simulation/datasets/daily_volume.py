"""Transactions per day and city: counts drawn around the plan of `volume_plan.py`."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulation.datasets import customer_population as people
from jobs.simulation.datasets.volume_plan import City, VolumePlan, plan_volume
from jobs.simulation.rng import Ints

FIRST_DAY = np.datetime64("2013-11-01")
LAST_DAY = np.datetime64("2016-10-31")
DAYS = int((LAST_DAY - FIRST_DAY).astype(np.int64)) + 1
STATES = {
    "MAHARASHTRA": "MH",
    "DELHI": "DL",
    "KARNATAKA": "KA",
    "HARYANA": "HR",
    "UTTAR PRADESH": "UP",
    "TAMIL NADU": "TN",
    "TELANGANA": "TS",
    "WEST BENGAL": "WB",
    "ASSAM": "AS",
    "NAGALAND": "NL",
}
"""Code of each state in the package `holidays`."""
MEAN_AMOUNT, AMOUNT_SPREAD, INFLATION = 1_500.0, 1.1, 0.05
"""Mean amount of a payment in rupees, the standard deviation of its log, and its growth per year."""
MEAN_BALANCE = 90_000.0


def dates() -> NDArray[np.datetime64]:
    """Return the calendar: each of the `DAYS` days from `FIRST_DAY` to `LAST_DAY`."""
    return FIRST_DAY + np.arange(DAYS)


@cache
def plan(seed: int) -> VolumePlan:
    """Return the plan behind the transactions of a seed."""
    cities = [City(name, STATES[state], share) for name, (state, share) in people.CITIES.items()]
    return plan_volume(cities, str(FIRST_DAY), str(LAST_DAY), seed)


@cache
def city_counts(rows: int, seed: int) -> Ints:
    """Return the exact number of transactions on each day in each city of a file of `rows` rows: (days, cities).

    Given their total, independent payments are multinomial: the counts have Poisson's noise on top of the plan's.
    """
    rng = np.random.default_rng([seed, 12])
    shares = plan(seed).noisy(rng)
    return np.asarray(rng.multinomial(rows, (shares / shares.sum()).ravel()).reshape(shares.shape), dtype=np.int64)


def daily_counts(rows: int, seed: int) -> Ints:
    """Return the exact number of transactions on each day in a file of `rows` rows."""
    return np.asarray(city_counts(rows, seed).sum(axis=1))


def day_ends(rows: int, seed: int) -> Ints:
    """Return for each day the number of transactions up to its end; the last is `rows`."""
    return np.asarray(np.cumsum(daily_counts(rows, seed)))


def days_of(rows: Ints, ends: Ints) -> Ints:
    """Return the position in `dates()` of each row number; rows are in order of date."""
    return np.asarray(np.searchsorted(ends, rows, side="right"), dtype=np.int64)


def cities_of(rows: Ints, total: int, seed: int) -> Ints:
    """Return the position in `people.CITIES` of each row number."""
    ends = np.cumsum(city_counts(total, seed))
    return np.asarray(np.searchsorted(ends, rows, side="right") % len(people.CITIES), dtype=np.int64)


def city_volume(volume: VolumePlan, total: int, seed: int) -> pd.DataFrame:
    """Return daily sums as in the table city_volume, for measurements without the transactions behind them.

    Args:
        volume: the plan.
        total: expected number of transactions of all days.
        seed: of the noise.

    Returns:
        transaction_date, city, transactions, amount (rupees), balances (their number) and balance_sum, by day and city,
        without the days on which a city has no transactions.

    """
    rng = np.random.default_rng([seed, 13])
    counts = rng.poisson(total * volume.noisy(rng))
    years = np.arange(len(volume.days))[:, None] / 365.25
    spread = np.sqrt(np.expm1(AMOUNT_SPREAD**2) / np.maximum(counts, 1))
    ticket = MEAN_AMOUNT * (1 + INFLATION) ** years * rng.gamma(1 / spread**2, spread**2)
    balance = MEAN_BALANCE * np.exp(0.5 / np.sqrt(np.maximum(counts, 1)) * rng.standard_normal(counts.shape))
    rows = pd.DataFrame(
        {
            "transaction_date": np.repeat(volume.days.date, len(volume.cities)),
            "city": np.tile([city.name for city in volume.cities], len(volume.days)),
            "transactions": counts.ravel(),
            "amount": np.round(counts * ticket, 2).ravel(),
            "balances": counts.ravel(),
            "balance_sum": np.round(counts * balance, 2).ravel(),
        }
    )
    return rows[rows["transactions"] > 0].reset_index(drop=True)


def make_cities(number: int) -> list[City]:
    """Return cities whose volume falls with their rank, spread over the states of STATES."""
    shares = 1 / np.arange(1, number + 1) ** 0.8
    states = list(STATES.values())
    return [
        City(f"CITY {rank + 1:02d}", states[rank % len(states)], float(share))
        for rank, share in enumerate(shares / shares.sum())
    ]
