"""What a key's history is, and how strongly one event contradicts it: a pure function for each type of alert.

A key is a customer or a terminal; its state is one row of STATE: decayed means and variances, the last place, and the
last few events. The population's part is the Habit: what is usual where little is known of a key yet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from jobs.simulation.cities import distance_km

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.void]

CUSTOMER, TERMINAL = ("amount", "velocity", "travel", "draining"), ("place",)
TYPES = (*CUSTOMER, *TERMINAL)
RING = 8
"""Latest events that a key keeps."""
PRIOR_MEAN, PRIOR_SPREAD = 1.0, 4.0
"""How many events the population's mean and spread are worth beside a key's own."""
SPEED_KMH, GRACE_KM = 900.0, 60.0
"""Faster than this nobody travels; so far apart two terminals of one city may be."""
DRAIN_S = 6 * 3600
"""Within these seconds a fall of the balance is one fall."""
FEWEST = {"velocity": 3, "place": 4}
"""Events after the first that make a burst."""
UNKNOWN = -1e9

STATE = np.dtype(
    [
        *(("key", "i8"), ("other", "i8"), ("seen", "i8"), ("last", "f8"), ("north", "f8"), ("east", "f8")),
        *(("weight", "f8"), ("sum", "f8"), ("squares", "f8"), ("gap_weight", "f8"), ("gaps", "f8")),
        ("alerted", "f8", (len(CUSTOMER),)),
        *(("at", "f8", (RING,)), ("amount", "f8", (RING,)), ("balance", "f8", (RING,))),
        *(("id", "S24", (RING,)), ("place", "i4", (RING,))),
    ]
)
"""One row per key; the latest event is the first of each list. Moments are seconds since 1970."""


@dataclass(frozen=True)
class Habit:
    """What is usual in the population: of the log of an amount its mean and its spread between and within customers."""

    mean: float
    between: float
    within: float
    gap_s: float
    """Seconds between two events of a key, the median of the keys' means."""
    by_hour: tuple[float, ...]
    """Events of each hour of the day beside the mean hour."""


@dataclass(frozen=True)
class Events:
    """Events of one bucket in the order of event time; arrays of one length."""

    key: Ints
    at: Floats
    amount: Floats
    balance: Floats
    north: Floats
    east: Floats
    id: NDArray[np.bytes_]
    place: Ints
    other: Ints
    """The terminal where the key is a customer, the customer where it is a terminal."""


def empty_state(keys: Ints) -> Rows:
    """State of keys that nothing is known of."""
    rows = np.zeros(len(keys), STATE)
    rows["key"], rows["alerted"] = keys, UNKNOWN
    rows["north"], rows["east"] = np.nan, np.nan
    rows["at"], rows["amount"], rows["balance"] = np.nan, np.nan, np.nan
    return rows


def unusual(old: Rows, event: Events, habit: Habit) -> Floats:
    """How many standard deviations the log of the amount lies above what the customer does."""
    mean, spread = usual(old, habit)
    return np.asarray((np.log(event.amount + 1.0) - mean) / spread)


def usual(old: Rows, habit: Habit) -> tuple[Floats, Floats]:
    """Mean of the log of a key's amounts, and the standard deviation of the next one around it."""
    weight = old["weight"]
    mean = (PRIOR_MEAN * habit.mean + old["sum"]) / (PRIOR_MEAN + weight)
    own = np.maximum(old["squares"] - 2 * mean * old["sum"] + mean**2 * weight, 0.0)
    within = (PRIOR_SPREAD * habit.within**2 + own) / (PRIOR_SPREAD + weight)
    between = habit.between**2 * PRIOR_MEAN / (PRIOR_MEAN + weight)
    return mean, np.sqrt(within * (1 + 1 / (PRIOR_MEAN + weight)) + between)


def burst(old: Rows, at: Floats, habit: Habit, fewest: int) -> Floats:
    """How improbable so many events in so short a time are: -log10 of the Poisson tail, the highest of all spans."""
    rate = (1 + old["gap_weight"]) / (habit.gap_s + old["gaps"])
    rate = rate * np.maximum(np.array(habit.by_hour)[(at // 3600 % 24).astype(np.int64)], 0.3)
    found = np.full(len(at), UNKNOWN)
    for count in range(fewest, RING + 1):
        span = at - old["at"][:, count - 1]
        tail = gammainc(count, rate * np.maximum(span, 1.0))
        found = np.fmax(found, -np.log10(np.maximum(tail, 1e-300)))
    return np.where(np.isfinite(found), found, UNKNOWN)


def hurry(old: Rows, event: Events) -> Floats:
    """The log of the distance from the last place, beside what can be travelled since then."""
    distance = distance_km((old["north"], old["east"]), (event.north, event.east))
    possible = GRACE_KM + SPEED_KMH * np.maximum(event.at - old["last"], 0.0) / 3600
    with np.errstate(divide="ignore"):
        found = np.log(distance / possible)
    return np.where(np.isfinite(found), found, UNKNOWN)


def fall(old: Rows, event: Events) -> Floats:
    """The log of how many times higher the balance was some hours before, over at least two payments."""
    recent = (event.at[:, None] - old["at"] < DRAIN_S) & ~np.isnan(old["balance"])
    highest = np.where(recent, old["balance"] + old["amount"], 0.0).max(axis=1)
    known = (recent.sum(axis=1) >= 2) & (highest > 0) & ~np.isnan(event.balance)
    left = np.maximum(np.nan_to_num(event.balance), 1.0)
    return np.where(known, np.log(np.maximum(highest, 1.0) / left), UNKNOWN)
