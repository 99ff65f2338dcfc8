"""Breaks the bank's daily forecast down to ten minutes, for the stream's windows.

Reads: volume_forecast, intraday_volume. Writes: window_forecast.
"""

import numpy as np
import pandas as pd

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.dimensions import SLOTS
from jobs.forecast.daily_history import BANK

SMOOTHING = 3
"""Slots on each side over which the share of a slot is averaged."""
EVEN_SHARE = 0.02
"""Share of a day's transactions spread evenly: a time of day without past transactions isn't impossible."""
DAY_TYPES = {6: "saturday", 7: "sunday"}
"""Weekdays with a pattern of their own; the others share one."""


def main(job: Job) -> None:
    """Publish the windows of the coming days; none without a forecast."""
    days = job.read("volume_forecast").where(f"series = 'transactions' AND city = '{BANK}'").toPandas()
    intraday = job.read("intraday_volume").toPandas()
    job.rows_in |= {"days": len(days)}
    publish(job, "window_forecast", window_rows(days, intraday))


def window_rows(days: pd.DataFrame, intraday: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of window_forecast.

    Args:
        days: rows of volume_forecast about the bank's transactions.
        intraday: rows of intraday_volume.

    """
    if days.empty or intraday.empty:
        return pd.DataFrame({"transaction_date": [], "slot": [], "expected": []})
    shares = {kind: slot_shares(rows) for kind, rows in intraday.groupby(intraday["weekday"].map(_day_type))}
    usual = slot_shares(intraday)
    dates = pd.to_datetime(days["transaction_date"])
    expected = [
        float(mean) * shares.get(_day_type(weekday), usual)
        for mean, weekday in zip(days["mean"], dates.dt.weekday + 1, strict=True)
    ]
    return pd.DataFrame(
        {
            "transaction_date": np.repeat(days["transaction_date"].to_numpy(), SLOTS),
            "slot": np.tile(np.arange(SLOTS), len(days)),
            "expected": np.concatenate(expected),
        }
    )


def _day_type(weekday: int) -> str:
    return DAY_TYPES.get(int(weekday), "working day")


def slot_shares(intraday: pd.DataFrame) -> np.ndarray:
    """Share of a day's transactions in each slot, smoothed around the clock; sums to 1."""
    counts = intraday.groupby("slot")["transactions"].sum().reindex(range(SLOTS), fill_value=0).to_numpy(dtype=float)
    smooth = sum(np.roll(counts, shift) for shift in range(-SMOOTHING, SMOOTHING + 1)) + 1e-9
    return np.asarray((1 - EVEN_SHARE) * smooth / np.sum(smooth) + EVEN_SHARE / SLOTS)
