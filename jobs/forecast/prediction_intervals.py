"""Prediction intervals as wide as the errors of earlier forecasts.

Split conformal prediction (Lei et al. 2018) on the log scale: half the width is a quantile of the distances between
actual and forecast in earlier tests, separately for each city and, of daily values, for each week ahead, because errors
grow with the horizon. If the intervals of a test covered too many of its days, the next ones use a lower quantile, and
the reverse (adaptive conformal inference, Gibbs and Candès 2021): errors shrink as the history grows. Each test's
coverage is measured with intervals from the tests before it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from jobs.forecast.daily_history import WEEK

Floats = NDArray[np.float64]
LEVELS = (80, 95)
"""Levels of the intervals in per cent."""

BOUNDS = [f"{side}_{level}" for level in LEVELS for side in ("low", "high")]
CALIBRATION_TESTS = 4
"""Tests whose errors must be known before there are intervals."""

ADAPTATION = 0.5
"""How much of a test's excess coverage the next quantile makes up for."""

LARGEST = 1e15  # DECIMAL(18,2) holds it


def backtest_intervals(actual: Floats, forecasts: Floats, group: int = WEEK) -> dict[str, Floats]:
    """Return BOUNDS of each test from the errors of the tests before it.

    Args:
        actual: shape (tests, days, cities); NaN where unknown.
        forecasts: the same shape.
        group: days whose errors are taken together.

    Returns:
        By bound, the same shape; NaN for the first CALIBRATION_TESTS tests.

    """
    tested, _ = _adapt(actual, forecasts, group)
    return {bound: np.stack([test[bound] for test in tested]) for bound in BOUNDS}


def intervals(coming: Floats, actual: Floats, forecasts: Floats, group: int = WEEK) -> dict[str, Floats]:
    """Return BOUNDS of coming values from the errors of earlier tests.

    Args:
        coming: forecasts, shape (days, cities).
        actual: of earlier tests, shape (tests, days, cities); NaN where unknown.
        forecasts: the same shape.
        group: days whose errors are taken together.

    """
    _, quantiles = _adapt(actual, forecasts, group)
    return _bounds(coming, actual, forecasts, quantiles, group)


def _adapt(actual: Floats, forecasts: Floats, group: int) -> tuple[list[dict[str, Floats]], dict[int, Floats]]:
    """Return the bounds of each test, and the quantiles for the days after the last one, by level: shape (cities)."""
    quantiles = {level: np.full(actual.shape[2], level / 100) for level in LEVELS}
    tested = []
    for test, days in enumerate(actual):
        if test < CALIBRATION_TESTS:
            tested.append(dict.fromkeys(BOUNDS, np.full(days.shape, np.nan)))
            continue
        bounds = _bounds(forecasts[test], actual[:test], forecasts[:test], quantiles, group)
        tested.append(bounds)
        for level in LEVELS:
            for city in range(days.shape[1]):
                of_city = {bound: values[:, city] for bound, values in bounds.items()}
                covered = coverage(days[:, city], of_city, level)
                if not math.isnan(covered):
                    quantiles[level][city] += ADAPTATION * (level / 100 - covered)
    return tested, quantiles


def _bounds(
    coming: Floats, actual: Floats, forecasts: Floats, quantiles: dict[int, Floats], group: int
) -> dict[str, Floats]:
    """See `intervals`; `quantiles` of the distances by level, one per city."""
    distances, logs = np.abs(np.log1p(actual) - np.log1p(forecasts)), np.log1p(coming)
    bounds = {bound: np.full(coming.shape, np.nan) for bound in BOUNDS}
    for start in range(0, len(coming), group):
        days = slice(start, start + group)
        earlier = distances[:, days].reshape(-1, coming.shape[1])
        for level in LEVELS:
            half = np.array(
                [
                    half_width(column[~np.isnan(column)], level / 100, quantile)
                    for column, quantile in zip(earlier.T, quantiles[level], strict=True)
                ]
            )
            bounds[f"low_{level}"][days] = np.clip(np.expm1(logs[days] - half), 0, None)
            bounds[f"high_{level}"][days] = np.clip(np.expm1(logs[days] + half), None, LARGEST)
    return bounds


def half_width(distances: Floats, level: float, quantile: float | None = None) -> float:
    """Return the smallest distance that covers a share `quantile` of the distances and one more.

    NaN if there are too few distances for `level`, which is also the quantile by default. A higher quantile than the
    distances allow gives their largest.
    """
    number = len(distances)
    if math.ceil((number + 1) * level - 1e-9) > number:
        return math.nan
    rank = math.ceil((number + 1) * (level if quantile is None else quantile) - 1e-9)
    rank = min(max(rank, 1), number)
    return float(np.partition(distances, rank - 1)[rank - 1])


def coverage(actual: Floats, bounds: dict[str, Floats], level: int) -> float:
    """Return the share of known values inside their intervals, of those that have one; NaN if there are none."""
    low, high = bounds[f"low_{level}"], bounds[f"high_{level}"]
    counted = ~(np.isnan(low) | np.isnan(actual))
    if not counted.any():
        return math.nan
    return float(((actual >= low) & (actual <= high))[counted].mean())
