"""Rates with Wilson's 95 % confidence interval."""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

SIGNIFICANCE = 0.05


def with_rate(counted: pd.DataFrame, positives: str, total: str) -> pd.DataFrame:
    """Add the rate `positives / total` and its Wilson score interval (1927, JASA 22, 209-212).

    Args:
        counted: any columns; few rows: counts by group, not records.
        positives: name of the column with the number of positive rows.
        total: name of the column with the number of rows.

    Returns:
        The rows with rate, rate_low and rate_high from 0 to 1. All three are NaN where the total is 0 or the number of
        positives is unknown.

    """
    happened, trials = counted[positives].to_numpy("float64"), counted[total].to_numpy("float64")
    trials = np.where(trials > 0, trials, np.nan)
    low, high = proportion_confint(happened, trials, alpha=SIGNIFICANCE, method="wilson")
    # rounding can move an end of the interval slightly below 0 or above 1
    return counted.assign(rate=happened / trials, rate_low=np.clip(low, 0, 1), rate_high=np.clip(high, 0, 1))
