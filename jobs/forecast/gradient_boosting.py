"""Gradient boosting on calendar and lags: one XGBoost model of all cities, run by mlforecast.

It learns the change of the log volume from one week to the next, because trees can't extrapolate a level or a trend.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMean
from mlforecast.target_transforms import Differences
from xgboost import XGBRegressor

from jobs.forecast.daily_history import WEEK

PARAMETERS = {
    "n_estimators": 120,
    "learning_rate": 0.08,
    "max_depth": 4,
    "subsample": 0.7,
    "colsample_bytree": 0.8,
    "min_child_weight": 20.0,
    "reg_lambda": 2.0,
    "n_jobs": 1,  # sums in a fixed order give the same trees on every machine
}
LAGS = (1, 2, 7, 14, 21, 28)
YEAR = 52 * WEEK
"""Days before a day whose change is a feature, if the history is that long."""


@dataclass
class GradientBoosting:
    """A fitted model."""

    model: MLForecast

    @staticmethod
    def fit(logs: pd.DataFrame, seed: int) -> "GradientBoosting":
        """Fit to log volumes without calendar effects: one row per day without gaps, one column per city."""
        lags = [*LAGS, *([YEAR] if len(logs) > YEAR + 8 * WEEK else [])]
        model = MLForecast(
            models={"boosting": XGBRegressor(**PARAMETERS, random_state=seed)},
            freq="D",
            lags=lags,
            lag_transforms={1: [RollingMean(WEEK), RollingMean(4 * WEEK)]},
            date_features=["dayofweek", "day", "month"],
            target_transforms=[Differences([WEEK])],
            num_threads=1,
        )
        return GradientBoosting(model.fit(_long(logs), static_features=[]))

    def predict(self, logs: pd.DataFrame, horizon: int) -> pd.DataFrame:
        """Forecast the days after `logs`: one row per day, one column per city."""
        found = self.model.predict(horizon, new_df=_long(logs))
        by_city = pd.DataFrame(found).pivot(index="ds", columns="unique_id", values="boosting")
        return by_city[list(logs.columns)]


def _long(logs: pd.DataFrame) -> pd.DataFrame:
    """The table that mlforecast reads: unique_id, ds, y."""
    return pd.DataFrame(
        {
            "unique_id": np.repeat(list(logs.columns), len(logs)),
            "ds": np.tile(logs.index.to_numpy(), logs.shape[1]),
            "y": logs.to_numpy().T.ravel(),
        }
    )
