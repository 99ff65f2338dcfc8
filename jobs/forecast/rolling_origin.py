"""Rolling-origin backtest (Tashman 2000): forecasts from many past days, using only the days before.

Two origins are one horizon apart, so each method forecasts every tested day once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.forecast.daily_history import WEEK, fill_gaps
from jobs.forecast.forecast_methods import METHODS, Forecaster

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Backtest:
    """Tests of one series; arrays have the shape (tests, days ahead, cities) unless said otherwise.

    Attributes:
        origin_days: last known day of each test.
        cities: the columns, BANK first.
        actual: NaN where unknown.
        scales: mean absolute change from one week to the next in the known days: shape (tests, cities).
        rms_scales: root mean square of these changes: shape (tests, cities).
        forecasts: by method.
        coming: by method, the forecasts of the days after the history: shape (days ahead, cities).

    """

    origin_days: pd.DatetimeIndex
    cities: tuple[str, ...]
    actual: Floats
    scales: Floats
    rms_scales: Floats
    forecasts: dict[str, Floats]
    coming: dict[str, Floats]

    def scaled_errors(self, forecasts: Floats) -> Floats:
        """Absolute errors in units of `scales`; their mean is MASE (Hyndman and Koehler 2006)."""
        return np.asarray(np.abs(self.actual - forecasts) / self.scales[:, None])


def run_backtest(values: pd.DataFrame, origins: Sequence[int], horizon: int, seed: int) -> Backtest:
    """Test all methods on one series of all cities, and forecast the coming days.

    Args:
        values: one row per day and one column per city; NaN where unknown.
        origins: number of days known at each test, the earliest first.
        horizon: days ahead.
        seed: of the methods.

    """
    forecaster = Forecaster(seed)
    found = [forecaster.forecast(values.iloc[:origin], horizon) for origin in origins]
    coming = Forecaster(seed).forecast(values, horizon)
    known = [fill_gaps(values.iloc[:origin]).to_numpy() for origin in origins]
    changes = [days[WEEK:] - days[:-WEEK] for days in known]
    return Backtest(
        origin_days=pd.DatetimeIndex([values.index[origin - 1] for origin in origins]),
        cities=tuple(values.columns),
        actual=np.stack([values.iloc[origin : origin + horizon].to_numpy() for origin in origins]),
        scales=np.stack([_or_one(np.abs(change).mean(axis=0)) for change in changes]),
        rms_scales=np.stack([_or_one(np.sqrt((change**2).mean(axis=0))) for change in changes]),
        forecasts={name: np.stack([one[name].to_numpy() for one in found]) for name in METHODS},
        coming={name: coming[name].to_numpy() for name in METHODS},
    )


def _or_one(scales: Floats) -> Floats:
    """Replace zeros, of a city in which nothing changes."""
    return np.where(scales > 0, scales, 1.0)


def backtest_rows(test: Backtest, forecasts: Floats, bounds: dict[str, Floats], cities: Sequence[int]) -> pd.DataFrame:
    """Return rows of forecast_backtest without the days whose value is unknown.

    Args:
        test: the backtest.
        forecasts: of one method, reconciled or not.
        bounds: their intervals.
        cities: positions of the cities to return.

    Returns:
        All columns of the table but series, method and reconciliation.

    """
    tests, horizon = test.actual.shape[:2]
    ahead = np.tile(np.arange(1, horizon + 1), tests)
    origin = np.repeat(test.origin_days, horizon)
    parts = [
        pd.DataFrame(
            {
                "city": test.cities[city],
                "test": np.repeat(np.arange(1, tests + 1), horizon),
                "origin_date": origin,
                "transaction_date": origin + pd.to_timedelta(ahead, "D"),
                "horizon": ahead,
                "actual": test.actual[:, :, city].ravel(),
                "forecast": forecasts[:, :, city].ravel(),
                **{bound: values[:, :, city].ravel() for bound, values in bounds.items()},
                "scale": np.repeat(test.scales[:, city], horizon),
                "rms_scale": np.repeat(test.rms_scales[:, city], horizon),
                "scaled_error": test.scaled_errors(forecasts)[:, :, city].ravel(),
            }
        )
        for city in cities
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["actual"])
