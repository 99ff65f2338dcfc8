"""Made-up rows of daily_volume."""

from datetime import date

import numpy as np
import pandas as pd

MONDAY = date(2016, 2, 1)
WEEK = (100.0, 110.0, 120.0, 130.0, 160.0, 140.0, 50.0)


def volume(counts, first=MONDAY, missing=()):
    """Return rows with these counts, one per day, and ten rupees per transaction, without the rows at `missing`."""
    days = pd.date_range(first, periods=len(counts), freq="D")
    rows = pd.DataFrame({"transaction_date": days.date, "transactions": counts})
    rows["amount"] = 10.0 * rows["transactions"]
    rows["weekday"] = days.weekday + 1
    return rows.drop(index=list(missing)).reset_index(drop=True)


def weekly(days, noise=0.0, seed=3):
    """Return counts with a weekly pattern and multiplicative noise."""
    factors = np.exp(noise * np.random.default_rng(seed).standard_normal(days))
    return np.resize(WEEK, days) * factors
