"""The three ways to forecast, each a function of the days known, the days ahead and the seed; the simplest first."""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from threadpoolctl import threadpool_limits

from jobs.forecast.boosting import boosted
from jobs.forecast.history import WEEK, filled

Floats = NDArray[np.float64]
Method = Callable[[pd.Series, int, int], Floats]
ETS = {
    **{"error": "add", "trend": "add", "damped_trend": True, "seasonal": "add", "seasonal_periods": WEEK},
    **{"initialization_method": "heuristic"},
}
NAIVE = "seasonal_naive"


def seasonal_naive(values: pd.Series, horizon: int, seed: int) -> Floats:
    """The last week again and again."""
    return np.resize(values.to_numpy(dtype=float)[-WEEK:], horizon)


def exponential_smoothing(values: pd.Series, horizon: int, seed: int) -> Floats:
    """Level, damped trend and weekday, smoothed on the log: ETS(A,Ad,A) of Hyndman et al. (2008).

    The first states are by their heuristic, the weights by maximum likelihood. One thread: on arrays this small
    several are ten times slower.
    """
    logs = np.log1p(values.to_numpy(dtype=float))
    model = ETSModel(logs, **ETS)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # the best found is tested like any other
        return np.asarray(np.expm1(model.fit(disp=False).forecast(horizon)))


METHODS: dict[str, Method] = {
    NAIVE: seasonal_naive,
    "exponential_smoothing": exponential_smoothing,
    "gradient_boosting": boosted,
}


def forecast(method: str, known: pd.Series, horizon: int, seed: int) -> Floats:
    """Forecast the days after the known ones (holes allowed) by the method; nothing below zero."""
    return np.clip(METHODS[method](filled(known), horizon, seed), 0.0, None)
