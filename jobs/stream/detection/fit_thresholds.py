"""Fit thresholds to reference events, without labels.

The alert types share the alert budget by rank. Each type's anomaly scores are converted to -log10 of how often, per
event, such a score is reached (counting an incident of many events once). The level on that scale is the lowest that
keeps the number of alerts within the budget. So no type is favoured, and nothing is tuned on the events that are
evaluated later.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jobs.stream.alert_types import CUSTOMER_TYPES, TERMINAL_TYPES
from jobs.stream.detection.key_history import Events, Floats, Ints, PopulationProfile, empty_histories
from jobs.stream.detection.scoring import QUIET_S, score_events
from jobs.stream.detection.thresholds import TAIL_FREQUENCIES, Thresholds

WARM_UP_SHARE = 0.4
"""Share of the reference events' time span that only fills the histories; the rest is counted."""
MIN_EVENTS_PER_KEY = 5
"""Keys with fewer events do not contribute to the population's variance and gaps."""
MAD_TO_DEVIATION = 1.4826
"""Factor from a median absolute deviation to a standard deviation, for normal values."""
LEVEL_RANGE = (1.0, 8.0)
LEVEL_STEP = 0.01


@dataclass(frozen=True)
class TypeScores:
    """Scores of one alert type over events; arrays of one length."""

    key: Ints
    event_time: Floats
    score: Floats


def fit_thresholds(events: pd.DataFrame, budget: float, expiry_s: float) -> Thresholds:
    """Learn thresholds from reference events.

    Args:
        events: columns EVENT_COLUMNS of `stream.contract`, in order of transaction_at.
        budget: alerts per 1,000 events.
        expiry_s: seconds after which an idle key's history expires.

    """
    by_hour = hourly_rates(events["transaction_at"].to_numpy())
    counted_from = events["transaction_at"].quantile(WARM_UP_SHARE)
    profiles: dict[str, PopulationProfile] = {}
    scores: dict[str, TypeScores] = {}
    for role, types in (("customer", CUSTOMER_TYPES), ("terminal", TERMINAL_TYPES)):
        is_terminal = role == "terminal"
        rows = to_events(events, is_terminal)
        profiles[role] = fit_profile(rows, by_hour)
        never = np.full(len(types), np.inf)
        histories = empty_histories(np.unique(rows.key))
        of_role, _ = score_events(histories, rows, profiles[role], expiry_s, never, is_terminal)
        is_counted = rows.event_time >= counted_from
        for column, type_ in enumerate(types):
            scores[type_] = TypeScores(rows.key[is_counted], rows.event_time[is_counted], of_role[is_counted, column])
    count = int((events["transaction_at"] >= counted_from).sum())
    tails = {type_: tail_scores(of_type, count) for type_, of_type in scores.items()}
    thresholds = Thresholds(profiles["customer"], profiles["terminal"], tails, 0.0, budget, len(events))
    return replace(thresholds, level=fit_level(thresholds, scores, budget * count / 1000))


def tail_scores(scores: TypeScores, count: int) -> list[float]:
    """The anomaly scores that are reached with TAIL_FREQUENCIES among `count` events.

    A key's highest score in a span of QUIET_S counts once.
    """
    spans = pd.DataFrame({"key": scores.key, "span": scores.event_time // QUIET_S, "score": scores.score})
    peaks = np.sort(spans.groupby(["key", "span"])["score"].max().to_numpy())[::-1]
    ranks = np.clip(np.array(TAIL_FREQUENCIES) * count, 1, len(peaks)) - 1
    return [float(value) for value in np.interp(ranks, np.arange(len(peaks)), peaks)]


def fit_level(thresholds: Thresholds, scores: dict[str, TypeScores], max_alerts: float) -> float:
    """The lowest level, to LEVEL_STEP, that raises no more than `max_alerts` alerts; by bisection."""
    low, high = LEVEL_RANGE
    while high - low > LEVEL_STEP:
        middle = (low + high) / 2
        candidate = replace(thresholds, level=middle)
        alerts = sum(count_alerts(of_type, candidate.of_types((type_,))[0]) for type_, of_type in scores.items())
        low, high = (middle, high) if alerts > max_alerts else (low, middle)
    return round(high, 3)


def count_alerts(scores: TypeScores, threshold: float) -> int:
    """How many alerts a threshold raises, where a key stays quiet for QUIET_S after each."""
    last_alert: dict[int, float] = {}
    count = 0
    for row in np.flatnonzero(scores.score >= threshold):
        key, event_time = scores.key[row], scores.event_time[row]
        if event_time - last_alert.get(key, -np.inf) >= QUIET_S:
            last_alert[key] = event_time
            count += 1
    return count


def fit_profile(events: Events, by_hour: tuple[float, ...]) -> PopulationProfile:
    """The population's profile. It uses medians, so up to half of the keys may be unusual."""
    log_amounts = pd.Series(np.log(events.amount + 1.0)).groupby(events.key)
    spans = pd.Series(events.event_time).groupby(events.key).agg(["min", "max", "count"])
    means = log_amounts.mean()
    is_frequent = spans["count"] >= MIN_EVENTS_PER_KEY
    within = log_amounts.std()[is_frequent].median() if is_frequent.any() else log_amounts.mean().std()
    between = MAD_TO_DEVIATION * (means - means.median()).abs().median()
    gaps = ((spans["max"] - spans["min"]) / (spans["count"] - 1).clip(lower=1))[is_frequent]
    whole_span = float(spans["max"].max() - spans["min"].min())
    mean_gap = whole_span * len(spans) / max(len(events.event_time), 1)
    gap_s = float(gaps.median()) if is_frequent.any() else mean_gap
    return PopulationProfile(float(means.median()), float(between), float(within), max(gap_s, 1.0), by_hour)


def hourly_rates(event_time: Floats) -> tuple[float, ...]:
    """Events in each hour of the day relative to the mean hour; 1 for an hour that the events do not cover."""
    hours = (event_time // 3600).astype(np.int64)
    counts = np.bincount(hours % 24, minlength=24)
    covered = np.arange(hours.min(), hours.max() + 1)[:24] % 24 if len(hours) else np.arange(24)
    rates = np.ones(24)
    rates[covered] = counts[covered] / max(counts[covered].mean(), 1.0)
    return tuple(np.round(rates, 4).tolist())


def to_events(frame: pd.DataFrame, is_terminal: bool) -> Events:
    """Convert a frame of EVENT_COLUMNS to arrays, keyed by customer or terminal; events without a key are left out.

    Ids and cities do not matter for scores and stay empty.
    """
    rows = frame[frame["terminal"].notna()] if is_terminal else frame
    codes = {name: pd.factorize(rows[name])[0].astype(np.int64) for name in ("customer_id", "terminal")}
    key, other = ("terminal", "customer_id") if is_terminal else ("customer_id", "terminal")

    def numbers(name: str) -> Floats:
        return np.asarray(rows[name], dtype=np.float64)

    return Events(
        key=codes[key],
        event_time=numbers("transaction_at"),
        amount=numbers("amount"),
        balance=numbers("balance"),
        latitude=numbers("latitude"),
        longitude=numbers("longitude"),
        id=np.zeros(len(rows), "S24"),
        city=np.zeros(len(rows), np.int64),
        other=codes[other],
    )
