"""Scoring: compare events with the histories of their customers or terminals, and raise alerts.

Pure and vectorised. `score_events` gets the histories of many keys and their events in order of event time. It
processes the first event of every key at once, then the second of every key, and so on. So an event's score depends
only on its key's earlier events and their order, not on how the stream was cut into micro-batches.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.stream.detection.anomaly_scores import (
    MIN_TERMINAL_EVENTS,
    MIN_VELOCITY_EVENTS,
    amount_score,
    burst_score,
    draining_score,
    expected_log_amount,
    travel_score,
)
from jobs.stream.detection.key_history import (
    HISTORY,
    NO_SCORE,
    Events,
    Floats,
    Histories,
    Ints,
    PopulationProfile,
    empty_histories,
)

DECAY = 0.98
"""Factor on a key's sums at each new event: roughly, the last fifty events count."""
WINSOR_DEVIATIONS = 3.0
"""A key learns from an amount only up to this many standard deviations from its mean."""
QUIET_S = 6 * 3600.0
"""After an alert, a key raises none of the same type for this long: further events belong to the same incident."""


@dataclass(frozen=True)
class Alerts:
    """Alerts in order of their events; arrays of one length."""

    position: Ints
    """Position of the event that raised the alert."""
    type_number: Ints
    """Position of the alert type among those of the role."""
    score: Floats
    """Anomaly score of that event."""
    history: Histories
    """The key's history before that event."""


def score_events(
    histories: Histories,
    events: Events,
    population: PopulationProfile,
    expiry_s: float,
    thresholds: Floats,
    is_terminal: bool = False,
) -> tuple[Floats, Alerts]:
    """Score all events and update the histories.

    Args:
        histories: one row per key of the events, sorted by key; changed in place.
        events: in order of event time.
        population: profile of the population.
        expiry_s: seconds after which an idle key starts with an empty history.
        thresholds: anomaly score from which an event raises an alert, per alert type of the role.
        is_terminal: whether the keys are terminals rather than customers.

    Returns:
        Anomaly scores, one row per event and one column per alert type of the role (NO_SCORE where there is none), and
        the alerts.

    """
    rows = np.searchsorted(histories["key"], events.key)
    types = len(thresholds)
    scores = np.full((len(rows), types), NO_SCORE)
    parts = []
    for positions in positions_by_occurrence(rows):
        event = _take(events, positions)
        before = _reset_expired(histories[rows[positions]], event.event_time, expiry_s)
        score = _score_terminals if is_terminal else _score_customers
        scores[positions] = score(before, event, population)
        is_quiet = event.event_time[:, None] - before["alerted"][:, :types] < QUIET_S
        is_alert = (scores[positions] >= thresholds) & ~is_quiet
        after = _update(before, event, population)
        if is_terminal:
            after = np.where(_is_same_customer(before, event), before, after)
        after["alerted"][:, :types] = np.where(is_alert, event.event_time[:, None], before["alerted"][:, :types])
        histories[rows[positions]] = after
        which, type_number = np.nonzero(is_alert)
        parts.append(Alerts(positions[which], type_number, scores[positions][which, type_number], before[which]))
    return scores, _merge_in_order(parts)


def _merge_in_order(parts: list[Alerts]) -> Alerts:
    """Concatenate alerts and sort them by event, then by type."""
    none = Alerts(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, HISTORY))
    names = Alerts.__dataclass_fields__
    merged = {name: np.concatenate([getattr(part, name) for part in [none, *parts]]) for name in names}
    order = np.lexsort((merged["type_number"], merged["position"]))
    return Alerts(**{name: values[order] for name, values in merged.items()})


def _reset_expired(histories: Histories, event_time: Floats, expiry_s: float) -> Histories:
    """Empty the histories of keys that were idle for longer than `expiry_s`."""
    is_expired = (histories["seen"] > 0) & (event_time - histories["last_time"] > expiry_s)
    histories[is_expired] = empty_histories(histories["key"][is_expired])
    return histories


def positions_by_occurrence(rows: Ints) -> list[Ints]:
    """Positions of the first event of each key, then of the second of each key, and so on."""
    if not len(rows):
        return []
    order = np.argsort(rows, kind="stable")
    starts = np.flatnonzero(np.diff(rows[order], prepend=-1))
    occurrence = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    by_occurrence = order[np.argsort(occurrence, kind="stable")]
    return [np.sort(part) for part in np.split(by_occurrence, np.cumsum(np.bincount(occurrence))[:-1])]


def _take(events: Events, positions: Ints) -> Events:
    return Events(**{name: getattr(events, name)[positions] for name in Events.__dataclass_fields__})


def _score_customers(histories: Histories, events: Events, population: PopulationProfile) -> Floats:
    """One column per type of CUSTOMER_TYPES."""
    return np.column_stack(
        [
            amount_score(histories, events, population),
            burst_score(histories, events.event_time, population, MIN_VELOCITY_EVENTS),
            travel_score(histories, events),
            draining_score(histories, events),
        ]
    )


def _score_terminals(histories: Histories, events: Events, population: PopulationProfile) -> Floats:
    """One column, for TERMINAL_TYPES. One customer paying several times in a row is no sign of a bad terminal."""
    scores = burst_score(histories, events.event_time, population, MIN_TERMINAL_EVENTS)
    return np.where(_is_same_customer(histories, events), NO_SCORE, scores)[:, None]


def _is_same_customer(histories: Histories, events: Events) -> NDArray[np.bool_]:
    return np.asarray((histories["seen"] > 0) & (histories["other"] == events.other))


def _update(before: Histories, events: Events, population: PopulationProfile) -> Histories:
    """The histories after the events."""
    after, is_first = before.copy(), before["seen"] == 0
    mean, deviation = expected_log_amount(before, population)
    low, high = mean - WINSOR_DEVIATIONS * deviation, mean + WINSOR_DEVIATIONS * deviation
    log_amount = np.clip(np.log(events.amount + 1.0), low, high)
    gap = np.where(is_first, 0.0, np.maximum(events.event_time - before["last_time"], 0.0))
    increments: dict[str, Floats | float] = {
        "weight": 1.0,
        "sum": log_amount,
        "squares": log_amount**2,
        "gap_weight": np.where(is_first, 0.0, 1.0),
        "gaps": gap,
    }
    for name, increment in increments.items():
        after[name] = DECAY * before[name] + increment
    is_located = ~np.isnan(events.latitude)
    after["latitude"] = np.where(is_located, events.latitude, before["latitude"])
    after["longitude"] = np.where(is_located, events.longitude, before["longitude"])
    after["seen"], after["last_time"], after["other"] = before["seen"] + 1, events.event_time, events.other
    for name in ("event_time", "amount", "balance", "id", "city"):
        after[name][:, 1:] = before[name][:, :-1]
        after[name][:, 0] = getattr(events, name)
    return after
