"""The forecast methods, the simplest first.

The statistical methods forecast each city on its own, on the log scale and without calendar effects, which are added
again. All parameters are estimated anew every REFIT_TESTS tests; in between, the fitted models get the new days.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsforecast.models import AutoETS, DynamicOptimizedTheta

from jobs.forecast.calendar_effects import CalendarFit, fit_calendar, log_volume
from jobs.forecast.daily_history import BANK, WEEK, fill_gaps
from jobs.forecast.gradient_boosting import GradientBoosting

Floats = NDArray[np.float64]
NAIVE, COMBINATION = "seasonal_naive", "combination"
STATISTICAL: dict[str, Callable[[object], Any]] = {
    "exponential_smoothing": lambda city: AutoETS(season_length=WEEK, model="AZA" if city == BANK else "ANA"),
    "theta": lambda city: DynamicOptimizedTheta(season_length=WEEK, decomposition_type="additive"),
}
"""Models of statsforecast: ETS with additive errors and weekdays, an automatic trend for the bank and none for its
cities, whose trends are small beside their noise; and the dynamic optimised theta method."""

BOOSTING = "gradient_boosting"
METHODS = (NAIVE, *STATISTICAL, BOOSTING, COMBINATION)
REFIT_TESTS = 8
"""Tests after which all parameters are estimated anew."""


@dataclass
class Forecaster:
    """Forecasts one series of all cities from growing histories."""

    seed: int
    calls: int = 0
    fitted: dict[tuple[object, object], Any] = field(default_factory=dict)
    boosting: GradientBoosting | None = None

    def forecast(self, known: pd.DataFrame, horizon: int) -> dict[str, pd.DataFrame]:
        """Forecast the days after the known ones with every method; no value is below zero.

        Args:
            known: one row per day, which may have gaps, and one column per city.
            horizon: days ahead.

        Returns:
            By method, one row per coming day and one column per city.

        """
        filled = fill_gaps(known)
        calendar = fit_calendar(log_volume(filled), horizon)
        is_refit = self.calls % REFIT_TESTS == 0
        self.calls += 1
        effects = calendar.effects.iloc[len(known) :]
        logs: dict[str, Any] = {
            name: effects + self._statistical(name, calendar, horizon, is_refit) for name in STATISTICAL
        }
        logs[BOOSTING] = effects + self._boosting(calendar, horizon, is_refit)
        logs[COMBINATION] = sum(logs.values()) / len(logs)
        week = filled.to_numpy()[-WEEK:]
        naive = pd.DataFrame(np.resize(week, (horizon, week.shape[1])), effects.index, effects.columns)
        forecasts: dict[str, Any] = {NAIVE: naive, **{name: np.expm1(values) for name, values in logs.items()}}
        return {name: forecasts[name].clip(lower=0.0) for name in METHODS}

    def _statistical(self, name: str, calendar: CalendarFit, horizon: int, is_refit: bool) -> pd.DataFrame:
        effects = calendar.effects
        plain = calendar.clean - effects.iloc[: len(calendar.clean)]
        means = {}
        for city in plain:
            values = np.ascontiguousarray(plain[city].to_numpy(dtype=float))
            if is_refit:
                self.fitted[name, city] = STATISTICAL[name](city).fit(values)
                means[city] = self.fitted[name, city].predict(horizon)["mean"]
            else:
                means[city] = self.fitted[name, city].forward(values, horizon)["mean"]
        return pd.DataFrame(means, index=effects.index[-horizon:])

    def _boosting(self, calendar: CalendarFit, horizon: int, is_refit: bool) -> pd.DataFrame:
        plain = calendar.clean - calendar.effects.iloc[: len(calendar.clean)]
        if is_refit or self.boosting is None:
            self.boosting = GradientBoosting.fit(plain, self.seed)
        return self.boosting.predict(plain, horizon)
