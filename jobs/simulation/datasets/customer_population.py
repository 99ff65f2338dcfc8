"""The customers behind the transactions: group, birth date, gender, home city, usual amounts and hours.

Every property is a function of seed and customer number, so `true_group` works for any CustomerID. Only the customers
of each city are stored, in four bytes per customer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jobs.simulation.rng import Floats, Ints, Rng

TRANSACTIONS_PER_CUSTOMER = 5
REFERENCE_DAY = np.datetime64("2016-01-01")
"""Ages in `GROUPS` are ages on this day."""


@dataclass(frozen=True)
class Group:
    """A planted customer group; balances and amounts in rupees are medians, hours are local."""

    name: str
    share: float
    age: float
    age_sd: float
    balance: float
    amount: float
    hour: float
    women: float


GROUPS = (
    Group("students", 0.22, 21.5, 1.2, 4_000, 150, 20.5, 0.45),
    Group("young earners", 0.30, 30.0, 1.8, 30_000, 500, 18.0, 0.30),
    Group("families", 0.22, 42.0, 2.0, 120_000, 1_700, 13.0, 0.35),
    Group("affluent", 0.10, 52.0, 2.0, 600_000, 5_000, 16.0, 0.15),
    Group("retired", 0.16, 66.0, 2.5, 260_000, 700, 10.0, 0.40),
)
BALANCE_SPREAD = 0.25
"""Standard deviation of the natural log of customers' balances within a group."""
AMOUNT_SPREAD = 0.20
"""Standard deviation of the natural log of customers' usual amounts within a group."""

CITIES: dict[str, tuple[str, float]] = {
    "MUMBAI": ("MAHARASHTRA", 0.20),
    "NEW DELHI": ("DELHI", 0.15),
    "BANGALORE": ("KARNATAKA", 0.15),
    "GURGAON": ("HARYANA", 0.12),
    "DELHI": ("DELHI", 0.11),
    "NOIDA": ("UTTAR PRADESH", 0.06),
    "CHENNAI": ("TAMIL NADU", 0.05),
    "PUNE": ("MAHARASHTRA", 0.05),
    "HYDERABAD": ("TELANGANA", 0.04),
    "KOLKATA": ("WEST BENGAL", 0.03),
    "NAVI MUMBAI": ("MAHARASHTRA", 0.02),
    "JORHAT": ("ASSAM", 0.01),
    "DIMAPUR": ("NAGALAND", 0.01),
}
"""Home cities: state and share of customers. NEW DELHI and DELHI are separate, as in the real file."""

_LOWEST, _PERIOD, _STEP = 1_000_000, 9_000_000, 6_700_417
_BLOCK = 65_536


def customer_count(transactions: int) -> int:
    """Return how many customers make this many transactions (a few of them make none)."""
    return max(1, transactions // TRANSACTIONS_PER_CUSTOMER)


def id_numbers(customers: Ints) -> Ints:
    """Return the digits of each customer's CustomerID: seven, scattered, for the first nine million."""
    scattered = _LOWEST + customers * _STEP % _PERIOD
    return np.where(customers < _PERIOD, scattered, customers + _LOWEST)


def customers_of(ids: Iterable[str]) -> Ints:
    """Return the customer numbers behind CustomerIDs such as `C5841053`."""
    digits = np.array([int(customer_id[1:]) for customer_id in ids], dtype=np.int64) - _LOWEST
    back = digits * pow(_STEP, -1, _PERIOD) % _PERIOD
    return np.where(digits < _PERIOD, back, digits)


def true_group(ids: Iterable[str], seed: int) -> Ints:
    """Return the position in `GROUPS` of each CustomerID's planted group."""
    return groups(customers_of(ids), seed)


def groups(customers: Ints, seed: int) -> Ints:
    """Return each customer's position in `GROUPS`."""
    return Rng(seed, "customers").pick("group", customers, [group.share for group in GROUPS])


def births(customers: Ints, seed: int) -> Ints:
    """Return each customer's day of birth, in days since 1970-01-01."""
    group = groups(customers, seed)
    ages = _of_group("age", group) + _of_group("age_sd", group) * _spread("age", customers, seed)
    days = REFERENCE_DAY.astype(np.int64) - np.clip(ages, 18.0, 95.0) * 365.25
    return np.asarray(days, dtype=np.int64)


def are_women(customers: Ints, seed: int) -> Ints:
    """Return 1 for women and 0 for men."""
    share = _of_group("women", groups(customers, seed))
    return Rng(seed, "customers").chance("gender", customers, share).astype(np.int64)


def home_cities(customers: Ints, seed: int) -> Ints:
    """Return each customer's position in `CITIES`."""
    return Rng(seed, "customers").pick("home", customers, [share for _, share in CITIES.values()])


@cache
def residents(customers: int, seed: int) -> tuple[NDArray[np.int32], Ints]:
    """Return all customer numbers ordered by home city, and where each city's start; the last start is their number."""
    blocks = (np.arange(start, min(start + _BLOCK, customers)) for start in range(0, customers, _BLOCK))
    cities = np.concatenate([home_cities(block, seed).astype(np.int8) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(np.bincount(cities, minlength=len(CITIES)))])
    return np.argsort(cities, kind="stable").astype(np.int32), starts


def usual_balances(customers: Ints, seed: int) -> Floats:
    """Return each customer's usual account balance in rupees."""
    spread = BALANCE_SPREAD * _spread("balance", customers, seed)
    return np.asarray(_of_group("balance", groups(customers, seed)) * np.exp(spread))


def usual_amounts(customers: Ints, seed: int) -> Floats:
    """Return each customer's usual amount of one transaction in rupees."""
    spread = AMOUNT_SPREAD * _spread("amount", customers, seed)
    return np.asarray(_of_group("amount", groups(customers, seed)) * np.exp(spread))


def usual_hours(customers: Ints, seed: int) -> Floats:
    """Return the hour of the day around which each customer pays."""
    return _of_group("hour", groups(customers, seed)) + 0.75 * _spread("hour", customers, seed)


def _spread(name: str, customers: Ints, seed: int) -> Floats:
    return Rng(seed, "customers").normal(name, customers)


def _of_group(field: str, group: Ints) -> Floats:
    values = np.array([getattr(each, field) for each in GROUPS], dtype=np.float64)
    return np.asarray(values[group])
