"""Made-up days, as rows of daily_volume."""

from datetime import date

import numpy as np
import pandas as pd

MONDAY = date(2016, 2, 1)
WEEK = (100.0, 110.0, 120.0, 130.0, 160.0, 140.0, 50.0)


def volume(counts, first=MONDAY, missing=()):
    """Rows of daily_volume with these counts, a day each, and ten rupees a transaction; without the places missing."""
    days = pd.date_range(first, periods=len(counts), freq="D")
    rows = pd.DataFrame({"transaction_date": days.date, "transactions": counts})
    rows["amount"] = 10.0 * rows["transactions"]
    rows["weekday"] = days.weekday + 1
    return rows.drop(index=list(missing)).reset_index(drop=True)


def weekly(days, noise=0.0, seed=3):
    """Counts with a rhythm of the week, times noise."""
    drawn = np.exp(noise * np.random.default_rng(seed).standard_normal(days))
    return np.resize(WEEK, days) * drawn
