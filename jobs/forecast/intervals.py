"""How wide a forecast's interval must be, by what earlier forecasts missed.

Split conformal prediction (Lei et al. 2018) on the log: half the width is the quantile of the distances between actual
and forecast in earlier tests, taken for each week ahead by itself, since later weeks miss by more. It promises its
level only if the future is like the past, so the coverage is measured on tests whose errors it had not seen.
"""

import math

import numpy as np
import pandas as pd

from jobs.forecast.history import WEEK

LEVELS = (80, 95)  # per cent
BOUNDS = [f"{side}_{level}" for level in LEVELS for side in ("low", "high")]
CALIBRATION = 4  # tests whose errors must be known before an interval is drawn
LARGEST = 1e15  # what DECIMAL(18,2) holds


def measured(tests: pd.DataFrame) -> pd.DataFrame:
    """Add BOUNDS to each test of one series and method, from the tests before it; none for the first CALIBRATION.

    Args:
        tests: columns test (number from 1), horizon, actual, forecast.

    """
    parts = [bounded(part, tests[tests["test"] < test]) for test, part in tests.groupby("test")]
    rows = pd.concat(parts)
    rows.loc[rows["test"] <= CALIBRATION, BOUNDS] = np.nan
    return rows


def bounded(forecasts: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Add BOUNDS to forecasts (horizon, forecast) from what earlier ones (horizon, actual, forecast) missed."""
    distances = (np.log1p(earlier["actual"]) - np.log1p(earlier["forecast"])).abs()
    weeks, logs = (forecasts["horizon"] - 1) // WEEK, np.log1p(forecasts["forecast"])
    missed = {week: part.to_numpy() for week, part in distances.groupby((earlier["horizon"] - 1) // WEEK)}
    rows = forecasts.copy()
    for level in LEVELS:
        half = weeks.map({week: half_width(part, level / 100) for week, part in missed.items()}).astype(float)
        rows[f"low_{level}"] = np.expm1(logs - half).clip(lower=0)
        rows[f"high_{level}"] = np.expm1(logs + half).clip(upper=LARGEST)
    return rows


def half_width(distances: np.ndarray, level: float) -> float:
    """The smallest distance that covers the level among one more draw; not a number if there are too few."""
    place = math.ceil((len(distances) + 1) * level - 1e-9)
    return float(np.sort(distances)[place - 1]) if place <= len(distances) else math.nan
