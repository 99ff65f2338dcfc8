"""Synthetic bank transactions in the schema of the public customer-segmentation set (nine columns, CRLF).

Rows are in order of date (within a day, times are unordered, as in the real file). A customer's birth date, gender and
home city do not change. Activity is skewed: a city's most active customer has about 5·√(its customers) rows. A known
share of the rows is dirty (`DIRT`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jobs.simulation.datasets import customer_population as people
from jobs.simulation.datasets.daily_volume import FIRST_DAY, cities_of, day_ends, days_of
from jobs.simulation.datasets.delimited_text import Column, money, numbers, quoted, words
from jobs.simulation.rng import Floats, Ints, Rng

HEADER = (
    "TransactionID,CustomerID,CustomerDOB,CustGender,CustLocation,CustAccountBalance,"
    "TransactionDate,TransactionTime,TransactionAmount (INR)"
)
SEPARATOR, LINE_END = ",", "\r\n"

HOUR_SPREAD = 1.5
"""Standard deviation in hours of one transaction around the customer's usual hour."""


@dataclass(frozen=True)
class Dirt:
    """Dirt on every `every`-th row, starting with row number `first` (from 0)."""

    every: int
    first: int

    def rows(self, total: int) -> int:
        """Return how many of `total` rows are dirty in this way."""
        return max(0, -(-(total - self.first) // self.every))

    def marks(self, rows: Ints) -> NDArray[np.bool_]:
        """Return which of these row numbers are dirty in this way."""
        return np.asarray(rows % self.every == self.first)


DIRT = {
    "birth_1800": Dirt(16, 3),
    "birth_nan": Dirt(272, 7),
    "birth_after_transaction": Dirt(4000, 11),
    "gender_blank": Dirt(2000, 5),
    "location_blank": Dirt(10000, 21),
    "location_comma": Dirt(1000, 9),
    "location_untidy": Dirt(500, 13),
    "balance_blank": Dirt(750, 1),
}
"""Shares are close to the real file's (6.4 % of births in 1800). No row has two kinds of dirt in the birth date, or two
in the location. `location_untidy` is the home city in lower case with a trailing space."""

_EPOCH = np.datetime64("1920-01-01").astype(np.int64)
_LAST_BIRTH = np.datetime64("2065-01-01").astype(np.int64)


def columns(rows: Ints, total: int, seed: int) -> list[Column]:
    """Return the nine columns of these row numbers (from 0) of a file of `total` rows."""
    customers = _draw_customers(rows, total, seed)
    days = FIRST_DAY.astype(np.int64) + days_of(rows, day_ends(total, seed))
    return [
        _prefixed("T", rows + 1),
        _prefixed("C", people.id_numbers(customers)),
        _births(rows, customers, days, seed),
        _genders(rows, customers, seed),
        _locations(rows, customers, seed),
        _balances(rows, customers, seed),
        words(_calendar(), days - _EPOCH),
        numbers(_times(rows, customers, seed)),
        money(_amounts(rows, customers, seed)),
    ]


def _draw_customers(rows: Ints, total: int, seed: int) -> Ints:
    """Draw each row's customer among those who live in the row's city; a city without any gets customers of others."""
    residents, starts = people.residents(people.customer_count(total), seed)
    cities = cities_of(rows, total, seed)
    first, number = starts[cities], np.diff(starts)[cities]
    first, number = np.where(number, first, 0), np.where(number, number, len(residents))
    drawn = Rng(seed, "transactions").uniform("customer", rows)
    chosen = first + np.minimum((drawn * drawn * number).astype(np.int64), number - 1)
    return np.asarray(residents[chosen], dtype=np.int64)


def _prefixed(letter: str, values: Ints) -> Column:
    return pc.binary_join_element_wise(letter, numbers(values), "")


@cache
def _calendar() -> Column:
    """Return every possible date as dd-MM-yyyy, from `_EPOCH` on, then the two invalid dates."""
    days = np.arange(_EPOCH, _LAST_BIRTH).astype("datetime64[D]").astype(object)
    return pa.array([day.strftime("%d-%m-%Y") for day in days] + ["1/1/1800", "nan"])


def _births(rows: Ints, customers: Ints, days: Ints, seed: int) -> Column:
    codes = people.births(customers, seed) - _EPOCH
    after = DIRT["birth_after_transaction"].marks(rows)
    codes[after] = days[after] + 30 * 365 - _EPOCH
    codes[DIRT["birth_1800"].marks(rows)] = len(_calendar()) - 2
    codes[DIRT["birth_nan"].marks(rows)] = len(_calendar()) - 1
    return words(_calendar(), codes)


def _genders(rows: Ints, customers: Ints, seed: int) -> Column:
    codes = people.are_women(customers, seed)
    codes[DIRT["gender_blank"].marks(rows)] = 2
    return words(["M", "F", ""], codes)


def _locations(rows: Ints, customers: Ints, seed: int) -> Column:
    tidy = list(people.CITIES)
    with_state = quoted(f"{city}, {state}" for city, (state, _) in people.CITIES.items())
    untidy = [f"{city.lower()} " for city in tidy]
    codes = people.home_cities(customers, seed)
    codes[DIRT["location_comma"].marks(rows)] += len(tidy)
    codes[DIRT["location_untidy"].marks(rows)] += 2 * len(tidy)
    codes[DIRT["location_blank"].marks(rows)] = 3 * len(tidy)
    return words([*tidy, *with_state, *untidy, ""], codes)


def _balances(rows: Ints, customers: Ints, seed: int) -> Column:
    wobble = np.exp(0.10 * Rng(seed, "transactions").normal("balance", rows))
    filled = money(people.usual_balances(customers, seed) * wobble)
    return pc.if_else(pa.array(DIRT["balance_blank"].marks(rows)), "", filled)


def _times(rows: Ints, customers: Ints, seed: int) -> Ints:
    """Return HHMMSS as a number; so 09:05:07 loses its leading zero, as in the real file."""
    hours = people.usual_hours(customers, seed) + HOUR_SPREAD * Rng(seed, "transactions").normal("hour", rows)
    seconds = (hours % 24.0 * 3600).astype(np.int64) % 86_400
    return seconds // 3600 * 10_000 + seconds // 60 % 60 * 100 + seconds % 60


def _amounts(rows: Ints, customers: Ints, seed: int) -> Floats:
    rng = Rng(seed, "transactions")
    exact = people.usual_amounts(customers, seed) * np.exp(0.30 * rng.normal("amount", rows))
    whole = np.where(rng.chance("whole", rows, 0.7), np.round(exact), exact)
    return np.asarray(np.maximum(whole, 1.0))
