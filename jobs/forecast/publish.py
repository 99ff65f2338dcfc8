"""Forecasts the coming days with the method that won the backtest; its errors there give the intervals.

Reads: daily_volume, forecast_backtest, forecast_decisions. Writes: volume_forecast.
"""

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tables import columns
from jobs.forecast.daily_history import DailyHistory, daily_history
from jobs.forecast.forecast_methods import forecast
from jobs.forecast.prediction_intervals import add_intervals


def main(job: Job) -> None:
    """Publish the forecast; a series without a winner has no rows."""
    history = daily_history(job.read("daily_volume").toPandas())
    decisions = job.read("forecast_decisions").where("method IS NOT NULL").orderBy("series").toPandas()
    amounts = {name: F.col(name).cast("double") for name in ("actual", "forecast")}
    backtest = job.read("forecast_backtest").withColumns(amounts).toPandas()
    parts = [
        forecast_series(history, series, method, horizon, backtest, job.settings.seed)
        for series, method, horizon in decisions[["series", "method", "horizon"]].itertuples(index=False)
    ]
    no_forecast = pd.DataFrame(columns=columns("volume_forecast"))
    job.rows_in |= {"days": history.seen}
    publish(job, "volume_forecast", pd.concat(parts) if parts else no_forecast)


def forecast_series(
    history: DailyHistory, series: str, method: str, horizon: int, backtest: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Return the rows of volume_forecast of one series.

    Args:
        history: the days to learn from.
        series: "transactions" or "amount".
        method: name of the method.
        horizon: days ahead.
        backtest: rows of forecast_backtest, whose errors give the intervals.
        seed: seed of the method.

    """
    values = history.days[series]
    ahead = np.arange(1, horizon + 1)
    forecasts = pd.DataFrame(
        {
            "series": series,
            "transaction_date": values.index[-1] + pd.to_timedelta(ahead, "D"),
            "horizon": ahead,
            "method": method,
            "forecast": forecast(method, values, horizon, seed),
        }
    )
    earlier = backtest[(backtest["series"] == series) & (backtest["method"] == method)]
    return add_intervals(forecasts, earlier)[columns("volume_forecast")]
