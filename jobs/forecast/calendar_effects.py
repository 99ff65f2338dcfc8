"""Calendar effects: holidays, the days before them, and pay days, as factors on an ordinary day's volume.

A ridge regression of the log volume on the calendar, with weekdays and a piecewise linear trend beside it. It serves
three ends: the statistical methods forecast the volume without calendar effects, days far from the regression are
anomalies, and the effects themselves are published with intervals.
"""

from dataclasses import dataclass
from functools import cache

import holidays
import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray

from jobs.forecast.daily_history import BANK, WEEK

Floats = NDArray[np.float64]
COUNTRY = "IN"
"""Country whose public holidays the package `holidays` names."""
MIN_OCCURRENCES = 2
"""Occurrences of a holiday in the history from which it has an effect of its own."""
OTHER_HOLIDAYS = "other holidays"
EVE = "day before a holiday"
FIRST_DAYS, LAST_DAYS = 10, 3
"""Days at the beginning and at the end of a month that have an effect of their own: salaries are paid around them."""
KNOT_DAYS = 91
"""Days between two bends of the trend."""
PRIOR_DEVIATION = 0.3
"""Expected size of a calendar effect on the log scale; noisy cities keep effects close to zero."""
ANOMALY_DEVIATIONS = 6.0
"""Robust standard deviations from which a day is an anomaly and the forecast doesn't learn from it."""
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True)
class CalendarFit:
    """The regression of several cities; frames have one column per city.

    Attributes:
        effects: log effect of the calendar on each known and coming day.
        clean: log volume of the known days; anomalies are replaced by the regression's value.
        deviations: distance of the log volume from the regression in robust standard deviations.

    """

    effects: pd.DataFrame
    clean: pd.DataFrame
    deviations: pd.DataFrame


def log_volume(values: pd.DataFrame) -> pd.DataFrame:
    """The log of values of which some may be zero; `np.expm1` is its inverse."""
    return pd.DataFrame(np.log1p(values.to_numpy(dtype=float)), values.index, values.columns)


@cache
def _holidays_of(first: int, last: int) -> dict[pd.Timestamp, str]:
    found = holidays.country_holidays(COUNTRY, years=range(first, last + 1))
    return {pd.Timestamp(day): name.split(";")[0].replace(" (estimated)", "") for day, name in sorted(found.items())}


def holiday_names(days: pd.DatetimeIndex) -> pd.Series:
    """The holiday on each day (the index); empty on other days."""
    found = _holidays_of(days[0].year, days[-1].year + 1)
    return pd.Series([found.get(day, "") for day in days], index=days)


def calendar_columns(days: pd.DatetimeIndex, known: int) -> pd.DataFrame:
    """Which calendar effects apply to each day; the first `known` days decide which holidays have their own."""
    names = holiday_names(days)
    occurrences = names.iloc[:known].value_counts()
    own = names.map(occurrences).fillna(0) >= MIN_OCCURRENCES
    columns = pd.get_dummies(names.where(own | (names == ""), OTHER_HOLIDAYS)).drop(columns="", errors="ignore")
    tomorrow = holiday_names(days + pd.Timedelta(days=1)).to_numpy()
    columns[EVE] = (tomorrow != "") & (names == "").to_numpy()
    for day in range(1, FIRST_DAYS + 1):
        columns[f"day {day}"] = days.day == day
    for day in range(LAST_DAYS):
        columns["last day" if day == 0 else f"last day -{day}"] = days.days_in_month - days.day == day
    return columns.astype(float).loc[:, (columns.iloc[:known].sum() > 0).to_numpy()]


def other_columns(days: pd.DatetimeIndex) -> pd.DataFrame:
    """Weekdays and trend, which aren't calendar effects."""
    position = np.arange(len(days), dtype=float)
    knots = np.linspace(0, len(days) - 1, max(2, round(len(days) / KNOT_DAYS) + 1))
    trend = {f"trend {n}": np.interp(position, knots, np.eye(len(knots))[n]) for n in range(len(knots))}
    weekdays = {f"weekday {n}": (days.weekday == n).astype(float) for n in range(1, WEEK)}
    return pd.DataFrame({**trend, **weekdays}, index=days)


def fit_calendar(logs: pd.DataFrame, ahead: int) -> CalendarFit:
    """Fit the known days and extend the calendar effects `ahead` days.

    Args:
        logs: log volume, one row per day without gaps and one column per city.
        ahead: coming days.

    """
    known = len(logs)
    days = pd.date_range(logs.index[0], periods=known + ahead, freq="D")
    calendar, other = calendar_columns(days, known), other_columns(pd.DatetimeIndex(logs.index))
    design = np.hstack([calendar.iloc[:known].to_numpy(), other.to_numpy()])
    is_effect = np.arange(design.shape[1]) < calendar.shape[1]
    values = logs.to_numpy()
    coefficients = _ridge(design, values, np.full(values.shape[1], 1e-3), is_effect)
    deviation = robust_deviation(values - design @ coefficients)
    is_anomaly = np.abs(values - design @ coefficients) > ANOMALY_DEVIATIONS * deviation
    clean = np.where(is_anomaly, design @ coefficients, values)
    coefficients = _ridge(design, clean, (deviation / PRIOR_DEVIATION) ** 2, is_effect)
    fitted = design @ coefficients
    deviations = (values - fitted) / robust_deviation(clean - fitted)
    clean = np.where(np.abs(deviations) > ANOMALY_DEVIATIONS, fitted, values)
    return CalendarFit(
        effects=pd.DataFrame(calendar.to_numpy() @ coefficients[is_effect], index=days, columns=logs.columns),
        clean=pd.DataFrame(clean, index=logs.index, columns=logs.columns),
        deviations=pd.DataFrame(deviations, index=logs.index, columns=logs.columns),
    )


def _ridge(design: Floats, values: Floats, penalty: Floats, is_penalised: NDArray[np.bool_]) -> Floats:
    """Coefficients (columns of the design, cities) with one penalty per city on some of the columns."""
    gram = design.T @ design + 1e-6 * np.eye(design.shape[1])
    penalties = penalty[:, None, None] * np.diag(is_penalised.astype(float))
    return np.asarray(np.linalg.solve(gram + penalties, (design.T @ values).T[:, :, None])[:, :, 0].T)


def robust_deviation(residuals: Floats) -> Floats:
    """Standard deviation of each column, from the median of the distances from the median."""
    distances = np.abs(residuals - np.median(residuals, axis=0))
    return np.maximum(MAD_TO_DEVIATION * np.median(distances, axis=0), 1e-6)


def bank_effects(logs: pd.DataFrame, clean: pd.DataFrame) -> pd.DataFrame:
    """Estimate the calendar effects on the whole bank by least squares, with 95 % intervals.

    The intervals aren't robust to autocorrelation: the days of one effect lie weeks apart, and the trend takes up what
    lasts longer. Robust ones were too narrow for holidays, which occur three times in three years.

    Args:
        logs: log volume of the known days; see `fit_calendar`.
        clean: the same, anomalies replaced.

    Returns:
        effect, kind (holiday or day of the month), days, factor, factor_low, factor_high.

    """
    days = pd.DatetimeIndex(logs.index)
    calendar = calendar_columns(days, len(days))
    usual = (logs[BANK] - clean[BANK]).abs() < 1e-12
    design = pd.concat([calendar, other_columns(days)], axis=1)[usual]
    design = design.loc[:, design.abs().sum() > 0]
    fit = sm.OLS(logs.loc[usual, BANK], design).fit()
    interval = fit.conf_int()
    is_month = calendar.columns.str.contains(r"^day \d|^last day")
    rows = [
        {
            "effect": name,
            "kind": "day of the month" if of_month else "holiday",
            "days": int(calendar[name].sum()),
            "factor": float(np.exp(fit.params[name])),
            "factor_low": float(np.exp(interval.loc[name, 0])),
            "factor_high": float(np.exp(interval.loc[name, 1])),
        }
        for name, of_month in zip(calendar.columns, is_month, strict=True)
        if name in design
    ]
    return pd.DataFrame(rows)
