"""Transactions of a bank in windows of ten minutes, drawn around a plan of daily volume, with planted outages.

Without events: for tests and measurements of the stream's volume check over many days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.dimensions import SLOT_S, SLOTS
from jobs.simulation.datasets.volume_plan import VolumePlan
from jobs.simulation.rng import Floats, Ints

SLOT_NOISE = 0.03
"""Standard deviation of a window's own noise, beside that of the day and of counting."""
OUTAGE_S, OUTAGE_HOURS = 3600, (10, 20)
"""Length of a planted outage, and the hours between which it starts."""


@dataclass(frozen=True)
class Outage:
    """A planted outage; seconds since 1970."""

    starts: int
    ends: int


def intraday_shares(is_weekend: bool) -> Floats:
    """Share of a day's transactions in each window: lunch and evening, later and flatter on weekends."""
    hours = np.arange(SLOTS) / 6
    lunch, evening = (13.5, 19.0) if is_weekend else (12.5, 18.5)
    weights = 0.12 + np.exp(-((hours - lunch) ** 2) / 8) + 1.2 * np.exp(-((hours - evening) ** 2) / 6)
    return np.asarray(weights / weights.sum())


def intraday_volume(days: pd.DatetimeIndex, daily: Floats, seed: int) -> pd.DataFrame:
    """Return counts by weekday and slot of some days' transactions: the columns of the table intraday_volume."""
    rng = np.random.default_rng([seed, 21])
    shares = [intraday_shares(day > 4) for day in range(7)]
    expected = np.stack([daily[days.weekday == day].sum() * shares[day] for day in range(7)])
    counts = np.asarray(rng.poisson(expected))
    rows = [(day + 1, slot, int(counts[day, slot])) for day in range(7) for slot in range(SLOTS)]
    return pd.DataFrame(rows, columns=["weekday", "slot", "transactions"])


def daily_transactions(plan: VolumePlan, total: float, seed: int) -> Floats:
    """Draw the bank's intensity of each day, before the noise of counting; `total` is the sum of all days' plan."""
    return np.asarray(total * plan.noisy(np.random.default_rng([seed, 22])).sum(axis=1))


def window_counts(
    days: pd.DatetimeIndex, daily: Floats, seed: int, lost_share: float
) -> tuple[dict[int, int], list[Outage]]:
    """Draw the windows of some days.

    Args:
        days: consecutive days.
        daily: intensity of each day.
        seed: of noise and outages.
        lost_share: share of the transactions that an outage loses, one outage a day from the second day on; 0 for none.

    Returns:
        Transactions by start of the window (seconds since 1970), and the outages.

    """
    rng = np.random.default_rng([seed, 23])
    shares = np.stack([intraday_shares(day.weekday() > 4) for day in days])
    noise = rng.gamma(1 / SLOT_NOISE**2, SLOT_NOISE**2, shares.shape)
    first = int(days[0].timestamp())
    starts: Ints = first + SLOT_S * np.arange(shares.size)
    kept, outages = np.ones(shares.size), []
    for day in days[1:] if lost_share else days[:0]:
        begins = int(day.timestamp() + rng.integers(OUTAGE_HOURS[0] * 3600, OUTAGE_HOURS[1] * 3600))
        outages.append(Outage(begins, begins + OUTAGE_S))
        overlap = np.clip(np.minimum(starts + SLOT_S, begins + OUTAGE_S) - np.maximum(starts, begins), 0, None)
        kept -= lost_share * overlap / SLOT_S
    counts = rng.poisson((daily[:, None] * shares * noise).ravel() * kept)
    return dict(zip(starts.tolist(), counts.tolist(), strict=True)), outages
