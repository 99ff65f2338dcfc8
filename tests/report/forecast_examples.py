"""Example rows of the forecast tables.

Gradient boosting is best for transactions, the naive method for amounts. NO_FORECAST has too short a history.
"""

from datetime import date, timedelta

import pandas as pd

BOUNDS = ("low_80", "high_80", "low_95", "high_95")
DAYS = pd.DataFrame(
    [(date(2016, 7, 1) + timedelta(day), 1 + day % 7, 100 + day, 5000.0) for day in range(70)],
    columns=["transaction_date", "weekday", "transactions", "amount"],
)
AHEAD = pd.DataFrame(
    [
        ("transactions", date(2016, 9, 9), 1, "gradient_boosting", 110.0, 100.0, 120.0, 90.0, 130.0),
        ("transactions", date(2016, 9, 10), 2, "gradient_boosting", 130.0, 115.0, 145.0, 105.0, 160.0),
        ("amount", date(2016, 9, 9), 1, "seasonal_naive", 4000.0, 3000.0, 5000.0, 2000.0, 6000.0),
        ("amount", date(2016, 9, 10), 2, "seasonal_naive", 4500.0, 3500.0, 5500.0, 2500.0, 6500.0),
    ],
    columns=["series", "transaction_date", "horizon", "method", "forecast", *BOUNDS],
)
TESTED = pd.DataFrame(
    [
        ("transactions", "gradient_boosting", 1, date(2016, 6, 20), 1, 99.0, 95.0),
        ("transactions", "gradient_boosting", 2, date(2016, 9, 8), 1, 169.0, 165.0),
        ("transactions", "seasonal_naive", 2, date(2016, 9, 8), 1, 169.0, 150.0),
        ("amount", "seasonal_naive", 2, date(2016, 9, 8), 1, 5000.0, 5100.0),
    ],
    columns=["series", "method", "test", "transaction_date", "horizon", "actual", "forecast"],
)
SCORES = pd.DataFrame(
    [
        ("transactions", "gradient_boosting", 1, True, 0.60, 0.50, 0.70, 0.040, 0.50, 0.40, 0.60, 0.81, 0.96),
        ("transactions", "exponential_smoothing", 2, False, 0.90, 0.80, 1.00, 0.060, 0.75, 0.60, 0.90, 0.79, 0.95),
        ("transactions", "seasonal_naive", 3, False, 1.20, 1.00, 1.40, 0.080, 1.00, 1.00, 1.00, 0.80, 0.94),
        ("amount", "seasonal_naive", 1, True, 0.95, 0.85, 1.05, 0.200, 1.00, 1.00, 1.00, 0.82, 0.97),
        ("amount", "exponential_smoothing", 2, False, 0.97, 0.86, 1.10, 0.210, 1.02, 0.95, 1.10, 0.80, 0.95),
        ("amount", "gradient_boosting", 3, False, 1.10, 0.99, 1.22, 0.230, 1.16, 1.05, 1.30, 0.70, 0.90),
    ],
    columns=[
        "series",
        "method",
        "rank",
        "published",
        "mase",
        "mase_low",
        "mase_high",
        "smape",
        "error_to_naive",
        "error_to_naive_low",
        "error_to_naive_high",
        "coverage_80",
        "coverage_95",
    ],
).assign(tests=8, days=16, interval_days=8, sum_ratio=0.98)
_DECISION_COLUMNS = [
    "series",
    "method",
    "reason",
    "first_day",
    "last_day",
    "span_days",
    "seen_days",
    "horizon",
    "tests",
]
DECISIONS = pd.DataFrame(
    [
        ("transactions", "gradient_boosting", None, date(2016, 7, 1), date(2016, 9, 8), 70, 70, 2, 8),
        ("amount", "seasonal_naive", None, date(2016, 7, 1), date(2016, 9, 8), 70, 70, 2, 8),
    ],
    columns=_DECISION_COLUMNS,
).assign(later_mase=[0.65, 1.0])
REASON = "Transactions exist on 38 of the 82 days from 1 Aug 2016 to 21 Oct 2016, which is too short for a forecast."
TOO_SHORT = pd.DataFrame(
    [
        (series, None, REASON, date(2016, 8, 1), date(2016, 10, 21), 82, 38, 0, 0)
        for series in ("transactions", "amount")
    ],
    columns=_DECISION_COLUMNS,
).assign(later_mase=float("nan"))
FORECAST = {
    "daily_volume": DAYS,
    "volume_forecast": AHEAD,
    "forecast_backtest": TESTED,
    "forecast_scores": SCORES,
    "forecast_decisions": DECISIONS,
}
NO_FORECAST = {
    **{name: table.head(0) for name, table in FORECAST.items() if name != "daily_volume"},
    "daily_volume": DAYS,
    "forecast_decisions": TOO_SHORT,
}
