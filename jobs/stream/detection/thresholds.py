"""Calibration: what is usual in the population, and from which evidence on an alert is worth the desk's time.

Learned from an earlier part of a stream, without its labels. The alert budget is shared by rank: the evidence of each
type is turned into -log10 of how often, per event, as much is reached (an incident of many events once), and the
level on that scale is the lowest one that stays within the budget. So no type is favoured, and nothing is tuned on
what is judged later.
"""

import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.stream.detection.anomaly_scores import CUSTOMER, TERMINAL, TYPES, Events, Habit, empty_state
from jobs.stream.detection.scoring import QUIET_S, score

Floats = NDArray[np.float64]
Found = tuple[NDArray[np.int64], Floats, Floats]
"""Keys, moments and evidence of events, for one type."""
FLOORS = {"amount": 3.0, "velocity": 3.0, "travel": 0.1, "draining": 1.0, "place": 4.0}
"""Evidence below is no contradiction, however small the budget's use."""
TAILS = tuple(10.0 ** -np.arange(1.0, 4.6, 0.5))
"""Incidents per event for which the evidence is kept."""
WARM = 0.4
"""Share of the calibration's time that only teaches habits; the rest is counted."""
NEVER = np.inf


@dataclass(frozen=True)
class Calibration:
    """All that detection takes from earlier data."""

    customer: Habit
    terminal: Habit
    tails: dict[str, list[float]]
    """Evidence of each type at TAILS."""
    level: float
    """-log10 of how often; what is rarer raises an alert."""
    budget: float
    events: int
    """How many it was learned from."""

    def levels(self, types: tuple[str, ...]) -> Floats:
        """The evidence from which on each type raises an alert."""
        return np.array([max(self._evidence(kind), FLOORS[kind]) for kind in types])

    def _evidence(self, kind: str) -> float:
        return float(_line(self.level, -np.log10(TAILS), np.array(self.tails[kind])))

    def rarity(self, kind: str, evidence: float) -> float:
        """The score of an alert: -log10 of how often such evidence comes, between 0 and 12."""
        known = np.array(self.tails[kind])
        return round(float(np.clip(_line(evidence, known, -np.log10(TAILS)), 0.0, 12.0)), 3)

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> "Calibration":
        """From that text."""
        known = json.loads(text)
        habits = {
            name: Habit(**{**known[name], "by_hour": tuple(known[name]["by_hour"])})
            for name in ("customer", "terminal")
        }
        return Calibration(**{**known, **habits})


def _line(value: float, known: Floats, wanted: Floats) -> float:
    """Interpolate, and beyond the last points go on as between the last two that differ."""
    if value <= known[-1]:
        return float(np.interp(value, known, wanted))
    slope = (wanted[-1] - wanted[-3]) / max(known[-1] - known[-3], 1e-6)
    return float(wanted[-1] + slope * (value - known[-1]))


def calibrate(events: pd.DataFrame, budget: float, expiry_s: float) -> Calibration:
    """Learn from events.

    Args:
        events: columns of `simulate.COLUMNS` (without incident), in order of transaction_at.
        budget: alerts per 1,000 events.
        expiry_s: as the stream's.

    """
    by_hour = hours(events["transaction_at"].to_numpy())
    roles = {}
    found: dict[str, Found] = {}
    counted_from = events["transaction_at"].quantile(WARM)
    for role, types in (("customer", CUSTOMER), ("terminal", TERMINAL)):
        rows = as_events(events, role == "terminal")
        roles[role] = learn(rows, by_hour)
        state = empty_state(np.unique(rows.key))
        evidence, _ = score(state, rows, roles[role], expiry_s, np.full(len(types), NEVER), role == "terminal")
        late = rows.at >= counted_from
        for column, kind in enumerate(types):
            found[kind] = (rows.key[late], rows.at[late], evidence[late, column])
    count = int((events["transaction_at"] >= counted_from).sum())
    tails = {kind: tail(*raw, count) for kind, raw in found.items()}
    known = Calibration(roles["customer"], roles["terminal"], tails, 0.0, budget, len(events))
    return Calibration(**{**vars(known), "level": level(known, found, budget * count / 1000)})


def tail(keys: NDArray[np.int64], at: Floats, evidence: Floats, count: int) -> list[float]:
    """The evidence that is reached TAILS times per event, where a key's highest in a span of QUIET_S counts once."""
    spans = pd.DataFrame({"key": keys, "span": at // QUIET_S, "evidence": evidence})
    peaks = np.sort(spans.groupby(["key", "span"])["evidence"].max().to_numpy())[::-1]
    ranks = np.clip(np.array(TAILS) * count, 1, len(peaks)) - 1
    return [float(value) for value in np.interp(ranks, np.arange(len(peaks)), peaks)]


def level(known: Calibration, found: dict[str, Found], allowed: float) -> float:
    """The lowest level (by 0.01) at which no more alerts than allowed are raised."""
    low, high = 1.0, 8.0
    while high - low > 0.01:
        middle = (low + high) / 2
        tried = Calibration(**{**vars(known), "level": middle})
        loud = sum(raised(*found[kind], tried.levels((kind,))[0]) for kind in TYPES)
        low, high = (middle, high) if loud > allowed else (low, middle)
    return round(high, 3)


def raised(keys: NDArray[np.int64], at: Floats, evidence: Floats, from_: float) -> int:
    """How many alerts that makes, a key quiet for QUIET_S after each."""
    loud = np.flatnonzero(evidence >= from_)
    last: dict[float, float] = {}
    count = 0
    for row in loud:
        if at[row] - last.get(keys[row], -NEVER) >= QUIET_S:
            last[keys[row]] = at[row]
            count += 1
    return count


def learn(events: Events, by_hour: tuple[float, ...]) -> Habit:
    """The population's habit, by medians: half of the keys may be odd and it stays."""
    logs = pd.Series(np.log(events.amount + 1.0)).groupby(events.key)
    spans = pd.Series(events.at).groupby(events.key).agg(["min", "max", "count"])
    means, often = logs.mean(), spans["count"] >= 5
    within = logs.std()[often].median() if often.any() else logs.mean().std()
    between = 1.4826 * (means - means.median()).abs().median()
    gap = ((spans["max"] - spans["min"]) / (spans["count"] - 1).clip(lower=1))[often]
    whole = float(spans["max"].max() - spans["min"].min())
    gap_s = float(gap.median()) if often.any() else whole * len(spans) / max(len(events.at), 1)
    return Habit(float(means.median()), float(between), float(within), max(gap_s, 1.0), by_hour)


def hours(at: Floats) -> tuple[float, ...]:
    """Events of each hour of the day beside the mean hour; an hour that no day reached is taken for a mean one."""
    hour = (at // 3600).astype(np.int64)
    counts = np.bincount(hour % 24, minlength=24)
    reached = np.arange(hour.min(), hour.max() + 1)[:24] % 24 if len(hour) else np.arange(24)
    beside = np.ones(24)
    beside[reached] = counts[reached] / max(counts[reached].mean(), 1.0)
    return tuple(np.round(beside, 4).tolist())


def as_events(events: pd.DataFrame, terminal: bool) -> Events:
    """Frames' columns as arrays, keyed by customer or by terminal; events without the key are left out."""
    rows = events[events["terminal"].notna()] if terminal else events
    codes = {name: pd.factorize(rows[name])[0].astype(np.int64) for name in ("customer_id", "terminal", "location")}
    key, other = ("terminal", "customer_id") if terminal else ("customer_id", "terminal")

    def numbers(name: str) -> Floats:
        return np.asarray(rows[name], dtype=np.float64)

    return Events(
        key=codes[key],
        at=numbers("transaction_at"),
        amount=numbers("amount"),
        balance=numbers("balance"),
        north=numbers("latitude"),
        east=numbers("longitude"),
        id=np.zeros(len(rows), "S24"),
        place=codes["location"],
        other=codes[other],
    )
