"""Anomaly scores: how strongly one event contradicts the history of its key. One pure function per alert type."""

import numpy as np
from scipy.special import gammainc

from jobs.stream.detection.distance import distance_km
from jobs.stream.detection.key_history import LATEST_EVENTS, NO_SCORE, Events, Floats, Histories, PopulationProfile

PRIOR_MEAN_WEIGHT = 1.0
"""How many events the population's mean counts for, beside a key's own events."""
PRIOR_VARIANCE_WEIGHT = 4.0
"""How many events the population's variance counts for."""
MAX_SPEED_KMH = 900.0
"""Nobody travels faster than this."""
SAME_CITY_KM = 60.0
"""Two terminals of one city may be this far apart."""
DRAINING_S = 6 * 3600
"""Withdrawals within this many seconds count as one fall of the balance."""
MIN_VELOCITY_EVENTS = 3
"""Payments after a customer's first one that make a burst."""
MIN_TERMINAL_EVENTS = 4
"""Payments after a terminal's first one that make a burst."""
MIN_HOURLY_RATE = 0.3
"""Lower bound of an hour's rate, relative to the mean hour."""


def amount_score(histories: Histories, events: Events, population: PopulationProfile) -> Floats:
    """Distance of the log amount from the customer's mean, in standard deviations."""
    mean, deviation = expected_log_amount(histories, population)
    return np.asarray((np.log(events.amount + 1.0) - mean) / deviation)


def expected_log_amount(histories: Histories, population: PopulationProfile) -> tuple[Floats, Floats]:
    """Mean of each key's log amounts, and the standard deviation of its next one around that mean."""
    weight = histories["weight"]
    mean = (PRIOR_MEAN_WEIGHT * population.mean + histories["sum"]) / (PRIOR_MEAN_WEIGHT + weight)
    squares = np.maximum(histories["squares"] - 2 * mean * histories["sum"] + mean**2 * weight, 0.0)
    within = (PRIOR_VARIANCE_WEIGHT * population.within**2 + squares) / (PRIOR_VARIANCE_WEIGHT + weight)
    between = population.between**2 * PRIOR_MEAN_WEIGHT / (PRIOR_MEAN_WEIGHT + weight)
    return mean, np.sqrt(within * (1 + 1 / (PRIOR_MEAN_WEIGHT + weight)) + between)


def burst_score(histories: Histories, event_time: Floats, population: PopulationProfile, min_events: int) -> Floats:
    """How improbable so many events in so short a time are: -log10 of the Poisson tail, the highest over all spans."""
    hour = (event_time // 3600 % 24).astype(np.int64)
    rate = (1 + histories["gap_weight"]) / (population.gap_s + histories["gaps"])
    rate = rate * np.maximum(np.array(population.by_hour)[hour], MIN_HOURLY_RATE)
    scores = np.full(len(event_time), NO_SCORE)
    for count in range(min_events, LATEST_EVENTS + 1):
        span = event_time - histories["event_time"][:, count - 1]
        tail = gammainc(count, rate * np.maximum(span, 1.0))
        scores = np.fmax(scores, -np.log10(np.maximum(tail, 1e-300)))
    return np.where(np.isfinite(scores), scores, NO_SCORE)


def travel_score(histories: Histories, events: Events) -> Floats:
    """Log of the distance from the last known location, relative to what can be travelled in the time between."""
    last_location = (histories["latitude"], histories["longitude"])
    distance = distance_km(last_location, (events.latitude, events.longitude))
    seconds = np.maximum(events.event_time - histories["last_time"], 0.0)
    possible = SAME_CITY_KM + MAX_SPEED_KMH * seconds / 3600
    with np.errstate(divide="ignore"):
        scores = np.log(distance / possible)
    return np.where(np.isfinite(scores), scores, NO_SCORE)


def draining_score(histories: Histories, events: Events) -> Floats:
    """Log of how many times higher the balance was within DRAINING_S, over at least two earlier payments."""
    is_recent = (events.event_time[:, None] - histories["event_time"] < DRAINING_S) & ~np.isnan(histories["balance"])
    highest = np.where(is_recent, histories["balance"] + histories["amount"], 0.0).max(axis=1)
    is_known = (is_recent.sum(axis=1) >= 2) & (highest > 0) & ~np.isnan(events.balance)
    left = np.maximum(np.nan_to_num(events.balance), 1.0)
    return np.where(is_known, np.log(np.maximum(highest, 1.0) / left), NO_SCORE)
