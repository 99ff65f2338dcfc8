"""Gradient boosting on calendar and lag features, by XGBoost (Chen and Guestrin 2016).

One model for all days ahead (the direct strategy of Ben Taieb et al. 2012): each row is a past day seen from an origin
before it, with what was known at the origin. Trees cannot extend a trend, so they learn the log's distance from the
recent level and not the log itself.
"""

import numpy as np
import pandas as pd
import xgboost
from numpy.typing import ArrayLike, NDArray

from jobs.forecast.history import WEEK

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

FEATURES = (
    *("days_ahead", "weekday", "day_of_month", "days_to_month_end", "season_sin", "season_cos"),
    *("weekday_level", "weekday_last", "week_level", "momentum", "year_ago"),
)
LEVEL = 4 * WEEK  # days that make the recent level
YEAR = 52 * WEEK
EVERY = 5  # days between two origins of the training rows: neighbours tell nearly the same
TREES = 100
PARAMETERS: dict[str, float | str] = {
    **{"objective": "reg:squarederror", "tree_method": "hist", "max_depth": 3, "eta": 0.08},
    **{"subsample": 0.7, "colsample_bytree": 0.8, "min_child_weight": 8.0, "lambda": 2.0},
    **{"nthread": 1},  # sums in one order: the same trees on every machine
}


def boosted(values: pd.Series, horizon: int, seed: int) -> Floats:
    """Forecast the `horizon` days after the last of `values`, which has a day an entry and no holes."""
    logs, start = np.log1p(values.to_numpy(dtype=float)), pd.Timestamp(values.index[0])
    origins = np.arange(len(logs) - horizon, LEVEL - 1, -EVERY)
    known, ahead = np.repeat(origins, horizon), np.tile(np.arange(1, horizon + 1), len(origins))
    targets = logs[known + ahead - 1] - mean_before(logs, known, LEVEL)
    rows = xgboost.DMatrix(features(logs, start, known, ahead), targets)
    model = xgboost.train({**PARAMETERS, "seed": seed}, rows, num_boost_round=TREES)
    known, ahead = np.repeat(len(logs), horizon), np.arange(1, horizon + 1)
    predicted = model.predict(xgboost.DMatrix(features(logs, start, known, ahead)))
    return np.asarray(np.expm1(predicted + mean_before(logs, known, LEVEL)), dtype=float)


def features(logs: Floats, start: pd.Timestamp, known: Places, ahead: Places) -> Floats:
    """The columns FEATURES, a row for each pair of days known and days ahead; looks at no day from `known` on."""
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
    return np.column_stack([np.asarray(column, dtype=float) for column in (*calendar, *_lags(logs, known, ahead))])


def _lags(logs: Floats, known: Places, ahead: Places) -> list[Floats]:
    """The last five of FEATURES, each against a recent level; not a number where the data begin too late."""
    level, target = mean_before(logs, known, LEVEL), known + ahead - 1
    same = target - WEEK * -(-ahead // WEEK)  # the last known day of the target's weekday
    weekday = sum((logs[same - WEEK * weeks] for weeks in range(4)), np.zeros(len(same))) / 4
    year_ago = logs[np.maximum(target - YEAR, 0)] - mean_before(logs, known - YEAR, LEVEL)
    momentum = level - mean_before(logs, known - LEVEL, LEVEL)
    return [weekday - level, logs[same] - level, mean_before(logs, known, WEEK) - level, momentum, year_ago]


def mean_before(logs: Floats, ends: Places, days: int) -> Floats:
    """The mean of the `days` entries before each end; not a number where there are fewer."""
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    return np.where(ends >= days, sums[np.maximum(ends, 0)] - sums[np.maximum(ends - days, 0)], np.nan) / days
