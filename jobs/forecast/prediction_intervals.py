"""Prediction intervals as wide as the errors of earlier forecasts.

Split conformal prediction (Lei et al. 2018) on the log scale: half the width is a quantile of the distances between
actual and forecast in earlier tests, separately for each week ahead because errors grow with the horizon. The level
holds only if the future resembles the past, so coverage is measured on tests whose errors weren't used.
"""

import math

import numpy as np
import pandas as pd

from jobs.forecast.daily_history import WEEK

LEVELS = (80, 95)
"""Levels of the intervals in per cent."""

BOUNDS = [f"{side}_{level}" for level in LEVELS for side in ("low", "high")]
CALIBRATION_TESTS = 4
"""Tests whose errors must be known before there are intervals."""

LARGEST = 1e15  # DECIMAL(18,2) holds it


def add_backtest_intervals(tests: pd.DataFrame) -> pd.DataFrame:
    """Add BOUNDS to each test of one series and method, from the errors of the tests before it.

    Args:
        tests: columns test (number from 1), horizon, actual and forecast.

    Returns:
        The rows with BOUNDS; NaN for the first CALIBRATION_TESTS tests.

    """
    parts = [add_intervals(part, tests[tests["test"] < test]) for test, part in tests.groupby("test")]
    rows = pd.concat(parts)
    rows.loc[rows["test"] <= CALIBRATION_TESTS, BOUNDS] = np.nan
    return rows


def add_intervals(forecasts: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Add BOUNDS to forecasts from the errors of earlier ones.

    Args:
        forecasts: columns horizon and forecast.
        earlier: columns horizon, actual and forecast.

    """
    distances = (np.log1p(earlier["actual"]) - np.log1p(earlier["forecast"])).abs()
    weeks, logs = (forecasts["horizon"] - 1) // WEEK, np.log1p(forecasts["forecast"])
    by_week = {week: part.to_numpy() for week, part in distances.groupby((earlier["horizon"] - 1) // WEEK)}
    rows = forecasts.copy()
    for level in LEVELS:
        half = weeks.map({week: half_width(part, level / 100) for week, part in by_week.items()}).astype(float)
        rows[f"low_{level}"] = np.expm1(logs - half).clip(lower=0)
        rows[f"high_{level}"] = np.expm1(logs + half).clip(upper=LARGEST)
    return rows


def half_width(distances: np.ndarray, level: float) -> float:
    """Return the smallest distance that covers a share `level` of the distances and one more; NaN if too few."""
    rank = math.ceil((len(distances) + 1) * level - 1e-9)
    return float(np.sort(distances)[rank - 1]) if rank <= len(distances) else math.nan
