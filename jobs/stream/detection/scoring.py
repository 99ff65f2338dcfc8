"""Detection: what in one event contradicts the history of its customer, or of its terminal.

Pure and vectorised: `score` takes the state of many keys and their events in the order of event time, and works the
first event of each key at once, then the second of each, and so on. So what is found in an event depends on the
events of its key before it, in their order, and on nothing else: not on how they were cut into batches.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.stream.detection.anomaly_scores import (
    FEWEST,
    STATE,
    UNKNOWN,
    Events,
    Floats,
    Habit,
    Ints,
    Rows,
    burst,
    empty_state,
    fall,
    hurry,
    unusual,
    usual,
)

DECAY = 0.98
"""Weight of an event once the next one has come: the last fifty count."""
WINSOR = 3.0
"""A key learns from an amount no further than so many of its standard deviations away."""
QUIET_S = 6 * 3600.0
"""After an alert of a type, a key raises none of that type for so long: it is the same incident."""


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
