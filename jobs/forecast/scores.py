"""Which method was nearest in the backtest, how near, and how sure that is.

MASE: the mean of the scaled errors (Hyndman and Koehler 2006). sMAPE: the mean of 2|a-f|/(|a|+|f|) (Makridakis 1993).
Intervals are by bootstrap of whole tests, for the days of one test miss together.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.forecast.intervals import CALIBRATION, LEVELS
from jobs.forecast.methods import METHODS, NAIVE

Floats = NDArray[np.float64]
DRAWS = 2_000
SCORED = (
    *("series", "method", "rank", "published", "tests", "days", "mase", "mase_low", "mase_high"),
    *("smape", "sum_ratio"),
    *("error_to_naive", "error_to_naive_low", "error_to_naive_high", "interval_days", "coverage_80", "coverage_95"),
)
TAILS = (2.5, 97.5)


def scores(backtest: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row for each series and method: the columns of forecast_scores, the best method of a series first."""
    parts = [_of_series(rows, seed) for _, rows in backtest.groupby("series", sort=False)]
    return pd.concat(parts, ignore_index=True)


def _of_series(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    errors = by_test(rows)
    drawn = np.random.default_rng(seed).integers(0, len(errors), (DRAWS, len(errors)))
    naive = errors[NAIVE].to_numpy()
    parts = [
        {
            **{"series": rows["series"].iloc[0], "method": method},
            **_accuracy(rows[rows["method"] == method]),
            **_with_interval("mase", errors[method].to_numpy(), np.ones_like(naive), drawn),
            **_with_interval("error_to_naive", errors[method].to_numpy(), naive, drawn),
        }
        for method in METHODS
    ]
    ranked = pd.DataFrame(parts).sort_values("mase", kind="stable", ignore_index=True)
    return ranked.assign(rank=ranked.index + 1, published=ranked.index == 0)[list(SCORED)]


def by_test(rows: pd.DataFrame) -> pd.DataFrame:
    """The mean scaled error of each test (the index) by each method (the columns), of one series."""
    return rows.pivot_table(index="test", columns="method", values="scaled_error")


def _accuracy(rows: pd.DataFrame) -> dict[str, float]:
    actual, forecast = rows["actual"], rows["forecast"]
    size = actual.abs() + forecast.abs()
    smape = (2 * (actual - forecast).abs()).div(size.where(size > 0, 1.0)).mean()
    drawn = rows.dropna(subset=[f"low_{level}" for level in LEVELS])
    covered = {level: drawn["actual"].between(drawn[f"low_{level}"], drawn[f"high_{level}"]) for level in LEVELS}
    coverages = {f"coverage_{level}": float(inside.mean()) for level, inside in covered.items()}
    totals = (np.array([forecast.sum()]), np.array([actual.sum()]))
    counts = {"tests": rows["test"].nunique(), "days": len(rows), "interval_days": len(drawn)}
    return {**counts, "smape": smape, "sum_ratio": float(_ratio(*totals)[0]), **coverages}


def _with_interval(name: str, errors: Floats, against: Floats, drawn: NDArray[np.int64]) -> dict[str, float]:
    """The mean error in units of another mean, with the 95 % interval of tests drawn anew; 1 for none of both."""
    low, high = np.percentile(_ratio(errors[drawn].mean(axis=1), against[drawn].mean(axis=1)), TAILS)
    mean = float(_ratio(errors.mean(keepdims=True), against.mean(keepdims=True))[0])
    return {name: mean, f"{name}_low": float(low), f"{name}_high": float(high)}


def _ratio(values: Floats, against: Floats) -> Floats:
    """Values by others; where the others are none, 1 if these are none too, else not a number."""
    return np.where(against > 0, values / np.where(against > 0, against, 1.0), np.where(values > 0, np.nan, 1.0))


def chosen_before(rows: pd.DataFrame) -> float:
    """MASE of one series if at each test the method had been chosen by the tests before it alone.

    The winner's own figure flatters it a little, since it was chosen by that figure; this one does not.
    """
    errors = by_test(rows)[list(METHODS)]
    best = errors.expanding().mean().shift().iloc[CALIBRATION:].idxmin(axis=1)
    return float(np.mean([errors.at[test, method] for test, method in best.items()]))
