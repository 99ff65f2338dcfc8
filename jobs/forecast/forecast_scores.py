"""Scores of the backtest: how accurate each method was for the whole bank, and how certain that is.

MASE is the mean of the scaled errors and RMSSE the root mean square of errors scaled by the root mean square of weekly
changes (Hyndman and Koehler 2006). sMAPE is the mean of 2|a-f|/(|a|+|f|) (Makridakis 1993). The pinball loss averages
five quantiles, which approximates the CRPS (Gneiting and Ranjan 2011), in the units of MASE. The bootstrap of the
intervals draws whole tests, because the errors of one test are correlated.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.core.tables import columns
from jobs.forecast.forecast_methods import METHODS, NAIVE
from jobs.forecast.prediction_intervals import CALIBRATION_TESTS, LEVELS

Floats = NDArray[np.float64]
DRAWS = 2_000
TAILS = (2.5, 97.5)
"""Percentiles of the 95 % interval."""
QUANTILES = {"low_95": 0.025, "low_80": 0.1, "forecast": 0.5, "high_80": 0.9, "high_95": 0.975}
"""Quantile that each column forecasts."""


def score_methods(backtest: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the rows of forecast_scores of one series, the best method first.

    Args:
        backtest: rows of forecast_backtest about the whole bank, before reconciliation.
        seed: seed of the bootstrap.

    """
    errors = errors_by_test(backtest)
    draws = np.random.default_rng(seed).integers(0, len(errors), (DRAWS, len(errors)))
    naive = errors[NAIVE].to_numpy()
    parts = [
        {
            "series": backtest["series"].iloc[0],
            "method": method,
            **_accuracy(backtest[backtest["method"] == method]),
            **_with_interval("mase", errors[method].to_numpy(), np.ones_like(naive), draws),
            **_with_interval("error_to_naive", errors[method].to_numpy(), naive, draws),
        }
        for method in METHODS
    ]
    ranked = pd.DataFrame(parts).sort_values("mase", kind="stable", ignore_index=True)
    return ranked.assign(rank=ranked.index + 1, published=ranked.index == 0)[columns("forecast_scores")]


def errors_by_test(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scaled error of each test (the index) and method (the columns) of one series."""
    return rows.pivot_table(index="test", columns="method", values="scaled_error")


def _accuracy(rows: pd.DataFrame) -> dict[str, float]:
    actual, forecast = rows["actual"], rows["forecast"]
    size = actual.abs() + forecast.abs()
    with_interval = rows.dropna(subset=[f"low_{level}" for level in LEVELS])
    return {
        "tests": rows["test"].nunique(),
        "days": len(rows),
        "interval_days": len(with_interval),
        "rmsse": float(np.sqrt((((actual - forecast) / rows["rms_scale"]) ** 2).mean())),
        "smape": (2 * (actual - forecast).abs()).div(size.where(size > 0, 1.0)).mean(),
        "sum_ratio": float(_ratio(np.array([forecast.sum()]), np.array([actual.sum()]))[0]),
        "pinball": _pinball(with_interval),
        **{f"coverage_{level}": _coverage(with_interval, level) for level in LEVELS},
    }


def _pinball(rows: pd.DataFrame) -> float:
    """Twice the mean pinball loss of QUANTILES in units of the scale: the median's alone would be MASE."""
    losses = []
    for column, quantile in QUANTILES.items():
        above = rows["actual"] - rows[column]
        losses.append(2 * np.maximum(quantile * above, (quantile - 1) * above) / rows["scale"])
    return float(pd.concat(losses).mean())


def _coverage(rows: pd.DataFrame, level: int) -> float:
    return float(rows["actual"].between(rows[f"low_{level}"], rows[f"high_{level}"]).mean())


def _with_interval(name: str, errors: Floats, reference: Floats, draws: NDArray[np.int64]) -> dict[str, float]:
    """Return the mean error divided by the mean reference, and its 95 % interval over the drawn tests."""
    low, high = np.percentile(_ratio(errors[draws].mean(axis=1), reference[draws].mean(axis=1)), TAILS)
    mean = float(_ratio(errors.mean(keepdims=True), reference.mean(keepdims=True))[0])
    return {name: mean, f"{name}_low": float(low), f"{name}_high": float(high)}


def _ratio(values: Floats, reference: Floats) -> Floats:
    """Divide values by a reference. Zero by zero is 1, and any other value by zero is NaN."""
    is_defined = reference > 0
    return np.where(is_defined, values / np.where(is_defined, reference, 1.0), np.where(values > 0, np.nan, 1.0))


def mase_of_earlier_choice(rows: pd.DataFrame) -> float:
    """Return the MASE of one series if each test had used the method with the lowest MASE in the tests before.

    The winner's own MASE is slightly optimistic, because the winner was chosen by it; this one isn't.
    """
    errors = errors_by_test(rows)[list(METHODS)]
    best = errors.expanding().mean().shift().iloc[CALIBRATION_TESTS:].idxmin(axis=1)
    return float(np.mean([errors.at[test, method] for test, method in best.items()]))
