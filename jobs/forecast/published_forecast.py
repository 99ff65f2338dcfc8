"""The published forecast of one series: its method reconciled, its intervals, its weekly totals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.forecast.calendar_effects import holiday_names
from jobs.forecast.daily_history import WEEK
from jobs.forecast.prediction_intervals import (
    CALIBRATION_TESTS,
    LEVELS,
    backtest_intervals,
    coverage,
    intervals,
)
from jobs.forecast.reconciliation import RECONCILIATIONS, reconcile
from jobs.forecast.rolling_origin import Backtest

Floats = NDArray[np.float64]
UNRECONCILED = "none"
"""Reconciliation of a series that is forecast for the bank only, and of the base forecasts."""


@dataclass(frozen=True)
class Published:
    """Arrays have the shape (tests, days ahead, cities), those of coming days (days ahead, cities)."""

    reconciliation: str
    forecasts: Floats
    bounds: dict[str, Floats]
    coming: Floats
    coming_bounds: dict[str, Floats]
    mean_ratios: Floats
    """Sum of the bank's actual values / sum of its forecasts: the mean relative to the median. One per test, from the
    tests before it, and the last one for the coming days."""
    scores: pd.DataFrame
    """Rows of forecast_reconciliation without the series."""


def publish_method(test: Backtest, method: str, summed: bool) -> Published:
    """Reconcile the forecasts of one method in the way that was most accurate in the backtest.

    Args:
        test: the backtest.
        method: name of the method.
        summed: whether the bank is the sum of its cities.

    """
    base, errors = test.forecasts[method], test.actual - test.forecasts[method]
    candidates = {UNRECONCILED: base}
    if summed and len(test.cities) > 1:
        candidates |= {name: _reconcile_tests(name, base, errors) for name in RECONCILIATIONS}
    scores = pd.concat([_scores(test, name, forecasts) for name, forecasts in candidates.items()], ignore_index=True)
    coherent = scores[scores["reconciliation"] != UNRECONCILED] if len(candidates) > 1 else scores
    best = str(coherent.groupby("reconciliation")["mase"].mean().idxmin())
    forecasts, coming = candidates[best], test.coming[method]
    if best != UNRECONCILED:
        coming = reconcile(best, coming, errors.reshape(-1, errors.shape[2]))
    return Published(
        reconciliation=best,
        forecasts=forecasts,
        bounds=backtest_intervals(test.actual, forecasts),
        coming=coming,
        coming_bounds=intervals(coming, test.actual, forecasts),
        mean_ratios=_mean_ratios(test.actual[:, :, 0], forecasts[:, :, 0]),
        scores=scores.assign(published=scores["reconciliation"] == best),
    )


def _mean_ratios(actual: Floats, forecasts: Floats) -> Floats:
    """Ratios of the sums of all tests before each test, and of all tests; 1 where there are none. Shape (tests + 1)."""
    known = ~np.isnan(actual)
    sums, forecast_sums = (np.cumsum(np.where(known, values, 0.0).sum(axis=1)) for values in (actual, forecasts))
    ratios = np.divide(sums, forecast_sums, out=np.ones(len(sums)), where=forecast_sums > 0)
    return np.concatenate([[1.0], ratios])


def _reconcile_tests(name: str, base: Floats, errors: Floats) -> Floats:
    """Reconcile each test with the errors of the tests before it; the first test is summed bottom-up."""
    cities = base.shape[2]
    return np.stack(
        [
            reconcile(name if test else RECONCILIATIONS[0], base[test], errors[:test].reshape(-1, cities))
            for test in range(len(base))
        ]
    )


def _scores(test: Backtest, name: str, forecasts: Floats) -> pd.DataFrame:
    """Accuracy and coverage at the level of the bank and of the cities, on the tests that have intervals."""
    bounds = backtest_intervals(test.actual, forecasts)
    scaled, later = test.scaled_errors(forecasts), slice(CALIBRATION_TESTS, None)
    levels = {"bank": slice(0, 1), "city": slice(1, None)} if len(test.cities) > 1 else {"bank": slice(0, 1)}
    squared = ((test.actual - forecasts) / test.rms_scales[:, None]) ** 2
    rows = [
        {
            "reconciliation": name,
            "level": level,
            "cities": len(test.cities[cities]) if level == "city" else 0,
            "days": int((~np.isnan(test.actual[later, :, cities])).sum()),
            "mase": float(np.nanmean(scaled[later, :, cities])),
            "rmsse": float(np.sqrt(np.nanmean(squared[later, :, cities], axis=(0, 1))).mean()),
            **{
                f"coverage_{percent}": coverage(
                    test.actual[:, :, cities], {name: bound[:, :, cities] for name, bound in bounds.items()}, percent
                )
                for percent in LEVELS
            },
        }
        for level, cities in levels.items()
    ]
    return pd.DataFrame(rows)


def daily_rows(series: str, method: str, test: Backtest, published: Published) -> pd.DataFrame:
    """Return the rows of volume_forecast of one series."""
    horizon = len(published.coming)
    days = test.origin_days[-1] + pd.to_timedelta(np.arange(1, horizon + 1) + horizon, "D")
    parts = [
        pd.DataFrame(
            {
                "series": series,
                "city": city,
                "transaction_date": days,
                "horizon": np.arange(1, horizon + 1),
                "holiday": [name or None for name in holiday_names(days)],
                "method": method,
                "reconciliation": published.reconciliation,
                "forecast": published.coming[:, position],
                "mean": published.coming[:, position] * published.mean_ratios[-1],
                **{bound: values[:, position] for bound, values in published.coming_bounds.items()},
            }
        )
        for position, city in enumerate(test.cities)
    ]
    return pd.concat(parts, ignore_index=True)


def weekly_rows(series: str, test: Backtest, published: Published) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the rows of weekly_forecast of one series, and the coverage of the bank's weekly intervals by level."""
    ratios = published.mean_ratios
    actual, past = weekly_sums(test.actual), weekly_sums(published.forecasts) * ratios[:-1, None, None]
    coming = weekly_sums(published.coming[None])[0] * ratios[-1]
    weeks = len(coming)
    bounds = intervals(coming, actual, past, group=weeks)
    tested = {name: bound[:, :, :1] for name, bound in backtest_intervals(actual, past, group=weeks).items()}
    first = test.origin_days[-1] + pd.to_timedelta(np.arange(weeks) * WEEK + len(published.coming) + 1, "D")
    parts = [
        pd.DataFrame(
            {
                "series": series,
                "city": city,
                "first_day": first,
                "last_day": first + pd.Timedelta(days=WEEK - 1),
                "total": coming[:, position],
                **{bound: values[:, position] for bound, values in bounds.items()},
            }
        )
        for position, city in enumerate(test.cities)
    ]
    return pd.concat(parts, ignore_index=True), {
        f"weekly_coverage_{level}": coverage(actual[:, :, :1], tested, level) for level in LEVELS
    }


def weekly_sums(values: Floats) -> Floats:
    """Sum whole weeks: (tests, days, cities) becomes (tests, weeks, cities); NaN where a day is unknown."""
    tests, days, cities = values.shape
    return np.asarray(values.reshape(tests, days // WEEK, WEEK, cities).sum(axis=2))
