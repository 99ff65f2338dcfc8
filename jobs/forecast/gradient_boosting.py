"""Gradient boosting on calendar and lag features with XGBoost (Chen and Guestrin 2016).

One model forecasts all days ahead (the direct strategy of Ben Taieb et al. 2012). Each training row is a past day seen
from an earlier origin, with what was known at the origin. Trees can't extrapolate a trend, so they learn the log's
distance from the recent level instead of the log itself.
"""

import numpy as np
import pandas as pd
import xgboost
from numpy.typing import ArrayLike, NDArray

from jobs.forecast.daily_history import WEEK

Floats = NDArray[np.float64]
Days = NDArray[np.int64]

FEATURES = (
    "days_ahead",
    "weekday",
    "day_of_month",
    "days_to_month_end",
    "season_sin",
    "season_cos",
    "weekday_level",
    "weekday_last",
    "week_level",
    "momentum",
    "year_ago",
)
LEVEL_DAYS = 4 * WEEK
"""Days whose mean is the recent level."""

YEAR = 52 * WEEK
ORIGIN_STEP = 5
"""Days between two origins of the training rows: rows of neighbouring origins are nearly the same."""

TREES = 100
PARAMETERS: dict[str, float | str] = {
    "objective": "reg:squarederror",
    "tree_method": "hist",
    "max_depth": 3,
    "eta": 0.08,
    "subsample": 0.7,
    "colsample_bytree": 0.8,
    "min_child_weight": 8.0,
    "lambda": 2.0,
    "nthread": 1,  # sums in a fixed order give the same trees on every machine
}


def gradient_boosting(values: pd.Series, horizon: int, seed: int) -> Floats:
    """Forecast the `horizon` days after the last one of `values`, which has one entry per day and no gaps."""
    logs, start = np.log1p(values.to_numpy(dtype=float)), pd.Timestamp(values.index[0])
    origins = np.arange(len(logs) - horizon, LEVEL_DAYS - 1, -ORIGIN_STEP)
    known, ahead = np.repeat(origins, horizon), np.tile(np.arange(1, horizon + 1), len(origins))
    targets = logs[known + ahead - 1] - mean_before(logs, known, LEVEL_DAYS)
    rows = xgboost.DMatrix(feature_matrix(logs, start, known, ahead), targets)
    model = xgboost.train({**PARAMETERS, "seed": seed}, rows, num_boost_round=TREES)
    known, ahead = np.repeat(len(logs), horizon), np.arange(1, horizon + 1)
    predicted = model.predict(xgboost.DMatrix(feature_matrix(logs, start, known, ahead)))
    return np.asarray(np.expm1(predicted + mean_before(logs, known, LEVEL_DAYS)), dtype=float)


def feature_matrix(logs: Floats, start: pd.Timestamp, known: Days, ahead: Days) -> Floats:
    """Build the features.

    Args:
        logs: log of each day's value.
        start: the first day.
        known: number of days known at the origin of each row; later days aren't used.
        ahead: days from the origin to the day that the row forecasts.

    Returns:
        Shape (rows, len(FEATURES)).

    """
    days = start + pd.to_timedelta(known + ahead - 1, unit="D")
    angle = 2 * np.pi * days.dayofyear / 365.25
    calendar: list[ArrayLike] = [
        ahead,
        days.weekday,
        days.day,
        days.days_in_month - days.day,
        np.sin(angle),
        np.cos(angle),
    ]
    lags = _lag_features(logs, known, ahead)
    return np.column_stack([np.asarray(column, dtype=float) for column in (*calendar, *lags)])


def _lag_features(logs: Floats, known: Days, ahead: Days) -> list[Floats]:
    """Return the last five of FEATURES, each relative to a recent level; NaN where the data start too late."""
    level, target = mean_before(logs, known, LEVEL_DAYS), known + ahead - 1
    same_weekday = target - WEEK * -(-ahead // WEEK)  # the last known day with the target's weekday
    weekday = sum((logs[same_weekday - WEEK * weeks] for weeks in range(4)), np.zeros(len(target))) / 4
    year_ago = logs[np.maximum(target - YEAR, 0)] - mean_before(logs, known - YEAR, LEVEL_DAYS)
    momentum = level - mean_before(logs, known - LEVEL_DAYS, LEVEL_DAYS)
    return [weekday - level, logs[same_weekday] - level, mean_before(logs, known, WEEK) - level, momentum, year_ago]


def mean_before(logs: Floats, ends: Days, days: int) -> Floats:
    """Return the mean of the `days` entries before each end; NaN where there are fewer."""
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    return np.where(ends >= days, sums[np.maximum(ends, 0)] - sums[np.maximum(ends - days, 0)], np.nan) / days
