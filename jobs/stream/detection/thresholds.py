"""Thresholds: the anomaly score from which an alert is worth the fraud team's time, per alert type."""

import json
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.stream.detection.key_history import PopulationProfile

Floats = NDArray[np.float64]
MIN_SCORES = {"amount": 3.0, "velocity": 3.0, "travel": 0.1, "draining": 1.0, "terminal": 4.0}
"""Lower scores are not anomalous, however little of the alert budget is used."""
TAIL_FREQUENCIES = tuple(10.0 ** -np.arange(1.0, 4.6, 0.5))
"""Incidents per event for which the anomaly score is stored."""
MAX_RARITY = 12.0


@dataclass(frozen=True)
class Thresholds:
    """Everything that detection learns from reference events."""

    customer: PopulationProfile
    terminal: PopulationProfile
    tails: dict[str, list[float]]
    """Per alert type, the anomaly scores that are reached with TAIL_FREQUENCIES."""
    level: float
    """-log10 of a frequency: anything rarer raises an alert."""
    budget: float
    """Alerts per 1,000 events."""
    events: int
    """Number of reference events."""

    def of_types(self, types: tuple[str, ...]) -> Floats:
        """The anomaly score from which each alert type raises an alert."""
        return np.array([max(self._score_at_level(type_), MIN_SCORES[type_]) for type_ in types])

    def _score_at_level(self, type_: str) -> float:
        return float(_interpolate(self.level, -np.log10(TAIL_FREQUENCIES), np.array(self.tails[type_])))

    def rarity(self, type_: str, anomaly_score: float) -> float:
        """The score of an alert: -log10 of how often such an anomaly score occurs, from 0 to MAX_RARITY."""
        rarity = _interpolate(anomaly_score, np.array(self.tails[type_]), -np.log10(TAIL_FREQUENCIES))
        return round(float(np.clip(rarity, 0.0, MAX_RARITY)), 3)

    def to_json(self) -> str:
        """Serialise the thresholds."""
        return json.dumps(asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> "Thresholds":
        """Restore serialised thresholds."""
        saved = json.loads(text)
        profiles = {
            role: PopulationProfile(**{**saved[role], "by_hour": tuple(saved[role]["by_hour"])})
            for role in ("customer", "terminal")
        }
        return Thresholds(**{**saved, **profiles})


def _interpolate(value: float, xs: Floats, ys: Floats) -> float:
    """Interpolate linearly; above the last point, extrapolate with the slope of the last two intervals."""
    if value <= xs[-1]:
        return float(np.interp(value, xs, ys))
    slope = (ys[-1] - ys[-3]) / max(xs[-1] - xs[-3], 1e-6)
    return float(ys[-1] + slope * (value - xs[-1]))
