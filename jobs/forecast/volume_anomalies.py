"""Anomalies in the history, by rule: days far from the calendar regression, and lasting shifts of a city's level.

The methods don't learn from single anomalous days. They do learn from the level after a shift.
"""

import numpy as np
import pandas as pd
import ruptures
from numpy.typing import NDArray

from jobs.forecast.calendar_effects import ANOMALY_DEVIATIONS, CalendarFit, robust_deviation
from jobs.forecast.daily_history import BANK

Floats = NDArray[np.float64]
Row = tuple[object, ...]
SHIFT_DAYS = 28
"""Days before and after a shift whose levels are compared, and the shortest time between two shifts."""
MIN_SHIFT = 0.15
"""Size of a level shift relative to the level before it."""
SHIFT_DEVIATIONS = 6.0
"""Size of a level shift in standard errors of the two levels' difference."""
PENALTY = 20.0
"""Penalty of a change point, times the noise's variance and the log of the number of days."""
COLUMNS = ["city", "kind", "first_day", "last_day", "actual", "expected", "change", "excluded"]


def find_anomalies(values: pd.DataFrame, calendar: CalendarFit) -> pd.DataFrame:
    """Return the anomalies of one series as rows of volume_anomalies.

    Args:
        values: one row per day and one column per city; NaN where unknown.
        calendar: the fit to the log of `values`.

    """
    logs, effects = calendar.clean, calendar.effects.iloc[: len(values)]
    rows = [row for city in values for row in _unusual_days(str(city), values[city], calendar)]
    plain = logs - effects
    weekday = plain.groupby(pd.DatetimeIndex(plain.index).weekday).transform("mean") - plain.mean()
    cities = (plain - weekday).drop(columns=BANK)
    for city in cities if cities.shape[1] > 2 else ():  # of two, nobody could say which one shifted
        rows += _level_shifts(str(city), cities[city] - cities.drop(columns=city).mean(axis=1), values[city])
    return pd.DataFrame(rows, columns=COLUMNS)


def _unusual_days(city: str, values: pd.Series, calendar: CalendarFit) -> list[Row]:
    """One row per run of days that are all far above or all far below the regression."""
    deviations, expected = calendar.deviations[city], np.expm1(calendar.clean[city])
    sign = np.sign(deviations).where((deviations.abs() > ANOMALY_DEVIATIONS) & values.notna(), 0)
    runs = (sign != sign.shift()).cumsum()
    rows: list[Row] = []
    for _, days in sign[sign != 0].groupby(runs):
        actual, usual = values[days.index].mean(), expected[days.index].mean()
        kind = "surge" if days.iloc[0] > 0 else "outage"
        rows.append((city, kind, days.index[0], days.index[-1], actual, usual, actual / max(usual, 1e-9) - 1, True))
    return rows


def _level_shifts(city: str, relative: pd.Series, values: pd.Series) -> list[Row]:
    """Shifts of the city's volume relative to the other cities', which cancels seasons, holidays and trends."""
    signal = relative.to_numpy()
    if len(signal) < 3 * SHIFT_DAYS:
        return []
    noise = robust_deviation(np.diff(signal)[:, None])[0] / np.sqrt(2)
    search = ruptures.KernelCPD(kernel="linear", min_size=SHIFT_DAYS).fit(signal)
    rows: list[Row] = []
    for change in search.predict(pen=PENALTY * noise**2 * np.log(len(signal)))[:-1]:
        before, after = signal[change - SHIFT_DAYS : change], signal[change : change + SHIFT_DAYS]
        size = float(np.median(after) - np.median(before))
        if abs(np.expm1(size)) >= MIN_SHIFT and abs(size) >= SHIFT_DEVIATIONS * noise * np.sqrt(2 / SHIFT_DAYS):
            actual = values.iloc[change : change + SHIFT_DAYS].mean()
            first, last = relative.index[change], relative.index[-1]
            rows.append((city, "level shift", first, last, actual, actual / np.exp(size), np.expm1(size), False))
    return rows
