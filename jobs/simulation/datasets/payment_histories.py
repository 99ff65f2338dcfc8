"""Payment histories of customers who differ in behaviour only: when, how regularly and where they pay.

Balances, ages and the level of amounts come from one distribution for all groups, so a clustering by money can't find
them. `WITHOUT_GROUPS` has as much variety between customers, but no groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST_DAY = np.datetime64("2016-01-04")
"""A Monday."""
DAYS = 180
CITIES = ("MUMBAI", "DELHI", "PUNE", "CHENNAI", "KOLKATA")


@dataclass(frozen=True)
class Behaviour:
    """How a group of customers pays.

    Attributes:
        name: the group's name.
        gap: mean days between payments.
        regularity: shape of the gamma distribution of gaps; 1 is random, more is regular, less comes in bursts.
        hour: mean hour of the day.
        weekend: share of payments that move to the next weekend.
        volatility: standard deviation of the logarithm of one customer's amounts.
        travel: share of payments in another city.
        variety: standard deviation between customers, of the logarithm of the gap and of the hour divided by three.

    """

    name: str
    gap: float
    regularity: float
    hour: float
    weekend: float
    volatility: float
    travel: float
    variety: float = 0.2


GROUPS = (
    Behaviour("commuters", gap=4, regularity=5, hour=8.5, weekend=0.0, volatility=0.2, travel=0.03),
    Behaviour("weekend shoppers", gap=8, regularity=4, hour=15, weekend=0.95, volatility=0.5, travel=0.05),
    Behaviour("night owls", gap=5, regularity=0.7, hour=21.5, weekend=0.2, volatility=1.0, travel=0.05),
    Behaviour("travellers", gap=11, regularity=1.5, hour=13, weekend=0.2, volatility=0.7, travel=0.8),
)
WITHOUT_GROUPS = (
    Behaviour("everybody", gap=7, regularity=2, hour=14, weekend=0.2, volatility=0.5, travel=0.2, variety=0.5),
)


def true_groups(customers: int, groups: Sequence[Behaviour]) -> list[int]:
    """Return the position in `groups` of each customer, by customer number from 0."""
    return [number % len(groups) for number in range(customers)]


def payment_histories(customers: int, seed: int, groups: Sequence[Behaviour] = GROUPS) -> pd.DataFrame:
    """Return the payments of customers C0, C1, … in the source columns of the table transactions.

    Args:
        customers: number of customers; each has at least one payment.
        seed: the same seed gives the same payments.
        groups: the behaviours; customers belong to them in turn.

    """
    rng = np.random.default_rng(seed)
    parts = [_payments(number, groups[group], rng) for number, group in enumerate(true_groups(customers, groups))]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(transaction_id=[f"T{seed}-{number}" for number in range(len(rows))])


def _payments(number: int, behaviour: Behaviour, rng: np.random.Generator) -> pd.DataFrame:
    gap = behaviour.gap * np.exp(behaviour.variety * rng.standard_normal())
    hour = behaviour.hour + 3 * behaviour.variety * rng.standard_normal()
    gaps = rng.gamma(behaviour.regularity, gap / behaviour.regularity, max(8, int(3 * DAYS / gap)))
    days = np.cumsum(gaps) - gaps[0] * rng.random()
    days = np.floor(days[days < DAYS - 7]) if days[0] < DAYS - 7 else np.zeros(1)
    count = len(days)
    to_weekend = (rng.random(count) < behaviour.weekend) & (days % 7 < 5)
    days = np.where(to_weekend, days - days % 7 + 5 + rng.integers(0, 2, count), days)
    seconds = ((hour + 1.2 * rng.standard_normal(count)) % 24 * 3600).astype(int) % 86_400
    amounts = np.exp(6 + 0.5 * rng.standard_normal() + behaviour.volatility * rng.standard_normal(count))
    home = number % len(CITIES)
    moves = np.where(rng.random(count) < behaviour.travel, rng.integers(1, len(CITIES), count), 0)
    return pd.DataFrame(
        {
            "customer_id": f"C{number}",
            "birth_date": (np.datetime64("1976-01-01") + int(3_000 * rng.standard_normal())).astype(object),
            "gender": "F" if rng.random() < 0.5 else "M",
            "location": [CITIES[(home + move) % len(CITIES)] for move in moves],
            "balance": round(float(np.exp(9 + rng.standard_normal())), 2),
            "transaction_date": (FIRST_DAY + days.astype(int)).astype(object),
            "transaction_time": seconds // 3600 * 10_000 + seconds // 60 % 60 * 100 + seconds % 60,
            "amount": np.maximum(np.round(amounts, 2), 1.0),
        }
    )
