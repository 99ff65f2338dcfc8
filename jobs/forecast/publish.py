"""Forecast the coming days by the method that won the backtest, with intervals as wide as its errors there.

Reads: daily_volume, forecast_backtest, forecast_decisions. Writes: volume_forecast.
"""

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.forecast.history import History, history
from jobs.forecast.intervals import BOUNDS, bounded
from jobs.forecast.methods import forecast

COLUMNS = ("series", "transaction_date", "horizon", "method", "forecast", *BOUNDS)


def main(job: Job) -> None:
    """Publish the forecast; no rows for a series without a winner."""
    known = history(job.read("daily_volume").toPandas())
    decided = job.read("forecast_decisions").where("method IS NOT NULL").orderBy("series").toPandas()
    money = {name: F.col(name).cast("double") for name in ("actual", "forecast")}
    tested = job.read("forecast_backtest").withColumns(money).toPandas()
    parts = [
        ahead(known, series, method, days, tested, job.settings.seed)
        for series, method, days in decided[["series", "method", "horizon"]].itertuples(index=False)
    ]
    nothing = pd.DataFrame(columns=list(COLUMNS))
    job.rows_in |= {"days": known.seen}
    publish(job, "volume_forecast", pd.concat(parts) if parts else nothing)


def ahead(known: History, series: str, method: str, days: int, tested: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The rows of volume_forecast of one series.

    Args:
        known: the days to learn from.
        series: what to forecast.
        method: how.
        days: how far.
        tested: the rows of forecast_backtest, whose errors give the intervals.
        seed: of the method.

    """
    values = known.days[series]
    coming = pd.DataFrame(
        {
            **{"series": series, "transaction_date": values.index[-1] + pd.to_timedelta(np.arange(1, days + 1), "D")},
            **{"horizon": np.arange(1, days + 1), "method": method},
            "forecast": forecast(method, values, days, seed),
        }
    )
    earlier = tested[(tested["series"] == series) & (tested["method"] == method)]
    return bounded(coming, earlier)[list(COLUMNS)]
