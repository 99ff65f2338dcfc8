"""The three forecast methods, the simplest first.

Each is a function of the known days without gaps, the number of days ahead, and the seed.
"""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from threadpoolctl import threadpool_limits

from jobs.forecast.daily_history import WEEK, fill_gaps
from jobs.forecast.gradient_boosting import gradient_boosting

Floats = NDArray[np.float64]
Method = Callable[[pd.Series, int, int], Floats]
ETS_PARAMETERS = {
    "error": "add",
    "trend": "add",
    "damped_trend": True,
    "seasonal": "add",
    "seasonal_periods": WEEK,
    "initialization_method": "heuristic",
}
NAIVE = "seasonal_naive"


def seasonal_naive(values: pd.Series, horizon: int, seed: int) -> Floats:
    """Repeat the last week."""
    return np.resize(values.to_numpy(dtype=float)[-WEEK:], horizon)


def exponential_smoothing(values: pd.Series, horizon: int, seed: int) -> Floats:
    """Smooth level, damped trend and weekday on the log scale: ETS(A,Ad,A) of Hyndman et al. (2008).

    The initial states follow their heuristic, the weights are maximum likelihood estimates. It uses one thread: on
    arrays this small, several threads are ten times slower.
    """
    logs = np.log1p(values.to_numpy(dtype=float))
    model = ETSModel(logs, **ETS_PARAMETERS)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # the backtest rates the best fit found
        return np.asarray(np.expm1(model.fit(disp=False).forecast(horizon)))


METHODS: dict[str, Method] = {
    NAIVE: seasonal_naive,
    "exponential_smoothing": exponential_smoothing,
    "gradient_boosting": gradient_boosting,
}


def forecast(method: str, known: pd.Series, horizon: int, seed: int) -> Floats:
    """Forecast the days after the known ones, which may have gaps; no value is below zero."""
    return np.clip(METHODS[method](fill_gaps(known), horizon, seed), 0.0, None)
