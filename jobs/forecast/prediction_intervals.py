"""Prediction intervals as wide as the errors of earlier forecasts.

Split conformal prediction (Lei et al. 2018) on the log scale: half the width is a quantile of the distances between
actual and forecast in earlier tests, separately for each city and, of daily values, for each week ahead, because errors
grow with the horizon. The level holds only if the future resembles the past, so coverage is measured on tests whose
errors weren't used.
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
    parts = [
        intervals(forecasts[test], actual[:test], forecasts[:test], group)
        if test >= CALIBRATION_TESTS
        else dict.fromkeys(BOUNDS, np.full(forecasts[test].shape, np.nan))
        for test in range(len(actual))
    ]
    return {bound: np.stack([part[bound] for part in parts]) for bound in BOUNDS}


def intervals(coming: Floats, actual: Floats, forecasts: Floats, group: int = WEEK) -> dict[str, Floats]:
    """Return BOUNDS of coming values from the errors of earlier tests.

    Args:
        coming: forecasts, shape (days, cities).
        actual: of earlier tests, shape (tests, days, cities); NaN where unknown.
        forecasts: the same shape.
        group: days whose errors are taken together.

    """
    distances, logs = np.abs(np.log1p(actual) - np.log1p(forecasts)), np.log1p(coming)
    bounds = {bound: np.full(coming.shape, np.nan) for bound in BOUNDS}
    for start in range(0, len(coming), group):
        days = slice(start, start + group)
        earlier = distances[:, days].reshape(-1, coming.shape[1])
        for level in LEVELS:
            half = np.array([half_width(column[~np.isnan(column)], level / 100) for column in earlier.T])
            bounds[f"low_{level}"][days] = np.clip(np.expm1(logs[days] - half), 0, None)
            bounds[f"high_{level}"][days] = np.clip(np.expm1(logs[days] + half), None, LARGEST)
    return bounds


def half_width(distances: Floats, level: float) -> float:
    """Return the smallest distance that covers a share `level` of the distances and one more; NaN if too few."""
    rank = math.ceil((len(distances) + 1) * level - 1e-9)
    return float(np.partition(distances, rank - 1)[rank - 1]) if rank <= len(distances) else math.nan


def coverage(actual: Floats, bounds: dict[str, Floats], level: int) -> float:
    """Return the share of known values inside their intervals, of those that have one; NaN if there are none."""
    low, high = bounds[f"low_{level}"], bounds[f"high_{level}"]
    counted = ~(np.isnan(low) | np.isnan(actual))
    if not counted.any():
        return math.nan
    return float(((actual >= low) & (actual <= high))[counted].mean())
