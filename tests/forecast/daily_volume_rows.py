"""Made-up rows of city_volume."""

from datetime import date

import numpy as np
import pandas as pd

MONDAY = date(2016, 2, 1)
WEEK = (100.0, 110.0, 120.0, 130.0, 160.0, 140.0, 50.0)


def volume(counts, first=MONDAY, missing=(), city="PUNE"):
    """Return rows of one city with these counts, one per day, without the rows at `missing`.

    A transaction has ten rupees, and a balance of 1,000.
    """
    days = pd.date_range(first, periods=len(counts), freq="D")
    rows = pd.DataFrame({"transaction_date": days.date, "city": city, "transactions": counts})
    rows["amount"] = 10.0 * rows["transactions"]
    rows["balances"] = rows["transactions"]
    rows["balance_sum"] = 1000.0 * rows["transactions"]
    return rows.drop(index=list(missing)).reset_index(drop=True)


def weekly(days, noise=0.0, seed=3):
    """Return counts with a weekly pattern and multiplicative noise."""
    factors = np.exp(noise * np.random.default_rng(seed).standard_normal(days))
    return np.resize(WEEK, days) * factors
