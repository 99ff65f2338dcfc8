"""A few rows of the live tables, as the live charts take them."""

import pandas as pd

_STARTS = pd.date_range("2026-01-31 11:00", periods=4, freq="10min")
TUMBLING = pd.DataFrame(
    {
        "starts": _STARTS,
        "ends": _STARTS + pd.Timedelta(minutes=10),
        "transactions": [100, 190, 4, 50],
        "closed": [True, True, True, False],
        "expected": [100.0, 101.0, 102.0, 103.0],
        "low": [90.0, 91.0, 92.0, 93.0],
        "high": [110.0, 111.0, 112.0, 113.0],
        "anomaly": [None, "surge", "outage", None],
    }
)
SLIDING = pd.DataFrame(
    {
        "starts": _STARTS,
        "ends": _STARTS + pd.Timedelta(hours=1),
        "transactions": [600, 690, 594, 540],
        "closed": [True, True, True, False],
        "mean_balance": [1000.0, 1010.0, 990.0, 1002.4],
    }
)
RATES = pd.DataFrame(
    {
        "finished_at": pd.date_range("2026-01-31 12:00", periods=3, freq="s"),
        "per_second": [1990.0, 2010.0, 900.0],
    }
)
ALERTS = pd.Series({"travel": 3, "amount": 12, "terminal": 1})
EVENTS = pd.DataFrame(
    {
        "event_time": _STARTS,
        "amount": [120.0, 90.0, 48_200.0, 130.0],
        "balance": [9e4, 9e4, 4e4, 4e4],
        "city": ["PUNE", "PUNE", "<b>DELHI</b>", None],
        "alerted": [False, False, True, False],
    }
)
