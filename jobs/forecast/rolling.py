"""The backtest: forecasts from many past days, each made with nothing but what was known on that day.

Rolling origin (Tashman 2000): the origins are a horizon apart, so every tested day is forecast once by each method.
"""

import numpy as np
import pandas as pd

from jobs.forecast.history import SERIES, WEEK, History, filled
from jobs.forecast.intervals import measured
from jobs.forecast.methods import METHODS, forecast


def backtest(known: History, seed: int) -> pd.DataFrame:
    """All tests of all series and methods, in order.

    Returns:
        series, method, test (number from 1), origin_date (the last day known), transaction_date, horizon (days ahead),
        actual, forecast, scale, scaled_error, and the bounds of `intervals`. Days that are not known are left out.

    """
    parts = [replayed(known, series, method, seed) for series in SERIES for method in METHODS]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(scaled_error=(rows["actual"] - rows["forecast"]).abs() / rows["scale"])


def replayed(known: History, series: str, method: str, seed: int) -> pd.DataFrame:
    """The tests of one series and method, with intervals."""
    values, ahead = known.days[series], known.horizon
    parts = [
        pd.DataFrame(
            {
                **{"series": series, "method": method, "test": number, "origin_date": values.index[origin - 1]},
                **{"transaction_date": values.index[origin : origin + ahead], "horizon": np.arange(1, ahead + 1)},
                **{"actual": values.iloc[origin : origin + ahead].to_numpy(), "scale": scale(values.iloc[:origin])},
                "forecast": forecast(method, values.iloc[:origin], ahead, seed),
            }
        )
        for number, origin in enumerate(known.origins, 1)
    ]
    return measured(pd.concat(parts, ignore_index=True).dropna(subset=["actual"]))


def scale(known: pd.Series) -> float:
    """What errors are divided by: the mean change from one week to the next in the known days, or 1 if there is none.

    So an error is in units of the seasonal naive's one-week error before the test (Hyndman and Koehler 2006).
    """
    values = filled(known).to_numpy()
    return float(np.abs(values[WEEK:] - values[:-WEEK]).mean()) or 1.0
