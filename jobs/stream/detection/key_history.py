"""What the detector remembers of each key, and what is usual in the population.

A key is a customer or a terminal. Its history is one row of HISTORY: decayed sums for mean and variance, the last
known coordinates, and the latest events.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.stream.alert_types import CUSTOMER_TYPES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Histories = NDArray[np.void]
"""An array of HISTORY."""

LATEST_EVENTS = 8
"""Events that a key's history keeps one by one."""
NO_SCORE = -1e9
"""Stands for an anomaly score that cannot be computed, and for an alert that has never been raised."""

HISTORY = np.dtype(
    [
        ("key", "i8"),
        ("other", "i8"),
        ("seen", "i8"),
        ("last_time", "f8"),
        ("latitude", "f8"),
        ("longitude", "f8"),
        ("weight", "f8"),
        ("sum", "f8"),
        ("squares", "f8"),
        ("gap_weight", "f8"),
        ("gaps", "f8"),
        ("alerted", "f8", (len(CUSTOMER_TYPES),)),
        ("event_time", "f8", (LATEST_EVENTS,)),
        ("amount", "f8", (LATEST_EVENTS,)),
        ("balance", "f8", (LATEST_EVENTS,)),
        ("id", "S24", (LATEST_EVENTS,)),
        ("city", "i4", (LATEST_EVENTS,)),
    ]
)
"""One row per key; times are seconds since 1970.

key, other      hashes: of the key, and of the last event's counterpart (the terminal of a customer's event, the
                customer of a terminal's)
seen            number of events
last_time       time of the last event
weight, sum, squares    decayed number of events, and the sums of log amounts and of their squares
gap_weight, gaps        decayed number and sum of the seconds between two events
alerted         time of the last alert, per alert type of the role
event_time to city      the latest events, newest first; city is a number, see KeyedState.cities
"""


@dataclass(frozen=True)
class PopulationProfile:
    """What is usual in the population; it stands in where little is known about a key."""

    mean: float
    """Mean of the customers' mean log amounts."""
    between: float
    """Standard deviation of those means."""
    within: float
    """Standard deviation of one customer's log amounts."""
    gap_s: float
    """Seconds between two events of a key: the median of the keys' means."""
    by_hour: tuple[float, ...]
    """Events in each hour of the day (UTC), relative to the mean hour; 24 values."""


@dataclass(frozen=True)
class Events:
    """Events of one group of keys, in order of event time; arrays of one length."""

    key: Ints
    event_time: Floats
    """Seconds since 1970."""
    amount: Floats
    balance: Floats
    latitude: Floats
    longitude: Floats
    id: NDArray[np.bytes_]
    city: Ints
    """Numbers of cities."""
    other: Ints
    """The terminal where the key is a customer; the customer where it is a terminal."""


def empty_histories(keys: Ints) -> Histories:
    """Histories of keys without events."""
    rows = np.zeros(len(keys), HISTORY)
    rows["key"], rows["alerted"] = keys, NO_SCORE
    rows["latitude"], rows["longitude"] = np.nan, np.nan
    rows["event_time"], rows["amount"], rows["balance"] = np.nan, np.nan, np.nan
    return rows
