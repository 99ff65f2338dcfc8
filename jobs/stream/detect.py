"""Detection: what in one event contradicts the history of its customer, or of its terminal.

Pure and vectorised: `score` takes the state of many keys and their events in the order of event time, and works the
first event of each key at once, then the second of each, and so on. So what is found in an event depends on the
events of its key before it, in their order, and on nothing else: not on how they were cut into batches.

A key is a customer (types amount, velocity, travel, draining) or a terminal (type place). Its state is one row of STATE:
decayed means and variances, the last place, and the last few events. The population's part is the Habit: what is
usual where little is known of a key yet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from jobs.stream.places import distance_km

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.void]

CUSTOMER, TERMINAL = ("amount", "velocity", "travel", "draining"), ("place",)
TYPES = (*CUSTOMER, *TERMINAL)
RING = 8
"""Latest events that a key keeps."""
DECAY = 0.98
"""Weight of an event once the next one has come: the last fifty count."""
PRIOR_MEAN, PRIOR_SPREAD = 1.0, 4.0
"""How many events the population's mean and spread are worth beside a key's own."""
WINSOR = 3.0
"""A key learns from an amount no further than so many of its standard deviations away."""
SPEED_KMH, GRACE_KM = 900.0, 60.0
"""Faster than this nobody travels; so far apart two terminals of one city may be."""
DRAIN_S = 6 * 3600
"""Within these seconds a fall of the balance is one fall."""
FEWEST = {"velocity": 3, "place": 4}
"""Events after the first that make a burst."""
QUIET_S = 6 * 3600.0
"""After an alert of a type, a key raises none of that type for so long: it is the same incident."""
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


@dataclass(frozen=True)
class Raised:
    """Alerts: arrays of one length."""

    position: Ints
    """Of the event that raised it."""
    kind: Ints
    """Position of the type among those of the role."""
    evidence: Floats
    before: Rows
    """The key's state before that event."""


def score(
    state: Rows, events: Events, habit: Habit, expiry_s: float, levels: Floats, terminal: bool = False
) -> tuple[Floats, Raised]:
    """Score all events and bring the state, which has a row for each of their keys in order, up to date.

    Args:
        state: rows of STATE, sorted by key; changed in place.
        events: of these keys, by event time.
        habit: the population's.
        expiry_s: seconds after which an idle key is new again.
        levels: the evidence from which an event raises an alert, for each type of the role.
        terminal: whether the keys are terminals, not customers.

    Returns:
        The evidence, a row per event and a column per type of the role, in the unit of the type, UNKNOWN for none; and
        the alerts, in the order of their events.

    """
    rows = np.searchsorted(state["key"], events.key)
    found = np.full((len(rows), len(levels)), UNKNOWN)
    raised = []
    for now in turns(rows):
        event, old = _take(events, now), _awake(state[rows[now]], events.at[now], expiry_s)
        found[now] = (_of_terminal if terminal else _of_customer)(old, event, habit)
        loud = (found[now] >= levels) & (event.at[:, None] - old["alerted"][:, : len(levels)] >= QUIET_S)
        new = _learned(old, event, habit)
        if terminal:
            new = np.where(_same_customer(old, event), old, new)
        new["alerted"][:, : len(levels)] = np.where(loud, event.at[:, None], old["alerted"][:, : len(levels)])
        state[rows[now]] = new
        which, kind = np.nonzero(loud)
        raised.append(Raised(now[which], kind, found[now][which, kind], old[which]))
    return found, _in_order(raised)


def _in_order(parts: list[Raised]) -> Raised:
    empty = Raised(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, STATE))
    names = Raised.__dataclass_fields__
    whole = {name: np.concatenate([getattr(part, name) for part in [empty, *parts]]) for name in names}
    order = np.lexsort((whole["kind"], whole["position"]))
    return Raised(**{name: values[order] for name, values in whole.items()})


def _awake(old: Rows, at: Floats, expiry_s: float) -> Rows:
    """The state, forgotten where the key was idle too long."""
    idle = (old["seen"] > 0) & (at - old["last"] > expiry_s)
    old[idle] = empty_state(old["key"][idle])
    return old


def turns(rows: Ints) -> list[Ints]:
    """The positions of the first event of each key, of the second, and so on."""
    order = np.argsort(rows, kind="stable")
    starts = np.flatnonzero(np.diff(rows[order], prepend=-1))
    rank = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    by_rank = order[np.argsort(rank, kind="stable")]
    return [np.sort(part) for part in np.split(by_rank, np.cumsum(np.bincount(rank))[:-1])] if len(rows) else []


def _take(events: Events, rows: Ints) -> Events:
    return Events(**{name: getattr(events, name)[rows] for name in Events.__dataclass_fields__})


def _of_customer(old: Rows, event: Events, habit: Habit) -> Floats:
    many = burst(old, event.at, habit, FEWEST["velocity"])
    return np.column_stack([unusual(old, event, habit), many, hurry(old, event), fall(old, event)])


def _of_terminal(old: Rows, event: Events, habit: Habit) -> Floats:
    """One customer who pays several times in a row is no sign of a bad terminal, so only others are counted."""
    many = burst(old, event.at, habit, FEWEST["place"])
    return np.where(_same_customer(old, event), UNKNOWN, many)[:, None]


def _same_customer(old: Rows, event: Events) -> NDArray[np.bool_]:
    return np.asarray((old["seen"] > 0) & (old["other"] == event.other))


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
    """How improbable so many events in so short a time are, -log10 of the Poisson tail; the most telling of all spans."""
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


def _learned(old: Rows, event: Events, habit: Habit) -> Rows:
    """The state after the event."""
    new, first = old.copy(), old["seen"] == 0
    mean, spread = usual(old, habit)
    learned = np.clip(np.log(event.amount + 1.0), mean - WINSOR * spread, mean + WINSOR * spread)
    gap = np.where(first, 0.0, np.maximum(event.at - old["last"], 0.0))
    for name, more in (("weight", 1.0), ("sum", learned), ("squares", learned**2)):
        new[name] = DECAY * old[name] + more
    for name, more in (("gap_weight", np.where(first, 0.0, 1.0)), ("gaps", gap)):
        new[name] = DECAY * old[name] + more
    known = ~np.isnan(event.north)
    new["north"], new["east"] = np.where(known, event.north, old["north"]), np.where(known, event.east, old["east"])
    new["seen"], new["last"], new["other"] = old["seen"] + 1, event.at, event.other
    latest = {"at": event.at, "amount": event.amount, "balance": event.balance, "id": event.id, "place": event.place}
    for name, value in latest.items():
        new[name][:, 1:] = old[name][:, :-1]
        new[name][:, 0] = value
    return new
