"""Rolling-origin backtest (Tashman 2000): forecasts from many past days, using only the days before.

Two origins are one horizon apart, so each method forecasts every tested day once.
"""

import numpy as np
import pandas as pd

from jobs.forecast.daily_history import SERIES, WEEK, DailyHistory, fill_gaps
from jobs.forecast.forecast_methods import METHODS, forecast
from jobs.forecast.prediction_intervals import add_backtest_intervals


def run_backtest(history: DailyHistory, seed: int) -> pd.DataFrame:
    """Test all methods on all series.

    Returns:
        Rows of the table forecast_backtest, without the days whose value is unknown.

    """
    parts = [_test_method(history, series, method, seed) for series in SERIES for method in METHODS]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(scaled_error=(rows["actual"] - rows["forecast"]).abs() / rows["scale"])


def _test_method(history: DailyHistory, series: str, method: str, seed: int) -> pd.DataFrame:
    """Return all tests of one series and method, with intervals."""
    values, ahead = history.days[series], history.horizon
    parts = [
        pd.DataFrame(
            {
                "series": series,
                "method": method,
                "test": number,
                "origin_date": values.index[origin - 1],
                "transaction_date": values.index[origin : origin + ahead],
                "horizon": np.arange(1, ahead + 1),
                "actual": values.iloc[origin : origin + ahead].to_numpy(),
                "scale": error_scale(values.iloc[:origin]),
                "forecast": forecast(method, values.iloc[:origin], ahead, seed),
            }
        )
        for number, origin in enumerate(history.origins, 1)
    ]
    return add_backtest_intervals(pd.concat(parts, ignore_index=True).dropna(subset=["actual"]))


def error_scale(known: pd.Series) -> float:
    """Return the mean change from one week to the next in the known days, or 1.0 if nothing changes.

    Errors are divided by it, so they are in units of the seasonal naive's one-week error before the test (Hyndman and
    Koehler 2006).
    """
    values = fill_gaps(known).to_numpy()
    return float(np.abs(values[WEEK:] - values[:-WEEK]).mean()) or 1.0
