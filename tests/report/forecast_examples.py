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
        ("transactions", "", date(2016, 9, 9), 1, None, "gradient_boosting", 110.0, 100.0, 120.0, 90.0, 130.0),
        (
            "transactions",
            "",
            date(2016, 9, 10),
            2,
            "Eid al-Adha",
            "gradient_boosting",
            130.0,
            115.0,
            145.0,
            105.0,
            160.0,
        ),
        ("transactions", "PUNE", date(2016, 9, 9), 1, None, "gradient_boosting", 60.0, 50.0, 70.0, 40.0, 80.0),
        ("amount", "", date(2016, 9, 9), 1, None, "seasonal_naive", 4000.0, 3000.0, 5000.0, 2000.0, 6000.0),
        ("amount", "", date(2016, 9, 10), 2, "Eid al-Adha", "seasonal_naive", 4500.0, 3500.0, 5500.0, 2500.0, 6500.0),
    ],
    columns=["series", "city", "transaction_date", "horizon", "holiday", "method", "forecast", *BOUNDS],
).assign(reconciliation="mint", mean=lambda rows: 1.02 * rows["forecast"])
TESTED = pd.DataFrame(
    [
        ("transactions", "gradient_boosting", "mint", 1, date(2016, 6, 20), 1, 99.0, 95.0),
        ("transactions", "gradient_boosting", "mint", 2, date(2016, 9, 8), 1, 169.0, 165.0),
        ("transactions", "gradient_boosting", "none", 2, date(2016, 9, 8), 1, 169.0, 164.0),
        ("transactions", "seasonal_naive", "none", 2, date(2016, 9, 8), 1, 169.0, 150.0),
        ("amount", "seasonal_naive", "mint", 2, date(2016, 9, 8), 1, 5000.0, 5100.0),
    ],
    columns=["series", "method", "reconciliation", "test", "transaction_date", "horizon", "actual", "forecast"],
).assign(city="")
WEEKS = pd.DataFrame(
    [
        (series, city, date(2016, 9, 9), date(2016, 9, 15), total, 0.9 * total, 1.1 * total, 0.8 * total, 1.2 * total)
        for city, share in (("", 1.0), ("PUNE", 0.75), ("DELHI", 0.25))
        for series, total in (("transactions", 800.0 * share), ("amount", 30_000.0 * share))
    ],
    columns=["series", "city", "first_day", "last_day", "total", *BOUNDS],
)
EFFECTS = pd.DataFrame(
    [
        ("Diwali", "holiday", 3, 0.55, 0.50, 0.60),
        ("Holi", "holiday", 3, 0.70, 0.64, 0.76),
        ("Good Friday", "holiday", 1, 0.90, 0.60, 1.20),
        ("day 1", "day of the month", 36, 1.25, 1.20, 1.30),
        ("day 2", "day of the month", 36, 1.10, 1.05, 1.15),
    ],
    columns=["effect", "kind", "days", "factor", "factor_low", "factor_high"],
).assign(series="transactions")
ANOMALIES = pd.DataFrame(
    [
        ("", "outage", date(2016, 8, 10), date(2016, 8, 10), 40.0, 120.0, -2 / 3, True),
        ("PUNE", "level shift", date(2016, 8, 20), date(2016, 9, 8), 65.0, 100.0, -0.35, False),
    ],
    columns=["city", "kind", "first_day", "last_day", "actual", "expected", "change", "excluded"],
).assign(series="transactions")
RECONCILED = pd.DataFrame(
    [
        ("transactions", "none", "bank", 0, 56, 0.60, 0.55, 0.81, 0.96, False),
        ("transactions", "none", "city", 2, 112, 0.80, 0.75, 0.80, 0.95, False),
        ("transactions", "mint", "bank", 0, 56, 0.58, 0.54, 0.80, 0.95, True),
        ("transactions", "mint", "city", 2, 112, 0.79, 0.74, 0.82, 0.96, True),
    ],
    columns=[
        "series",
        "reconciliation",
        "level",
        "cities",
        "days",
        "mase",
        "rmsse",
        "coverage_80",
        "coverage_95",
        "published",
    ],
).assign(method="gradient_boosting")
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
).assign(tests=8, days=16, interval_days=8, sum_ratio=0.98, rmsse=0.7, pinball=0.3)
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
).assign(later_mase=[0.65, 1.0], reconciliation="mint", cities=2, weekly_coverage_80=0.81, weekly_coverage_95=0.95)
DEFAULTS = pd.DataFrame(
    [("defaults", None, "Loan defaults aren't forecast.", None, None, 0, 0, 0, 0)], columns=_DECISION_COLUMNS
).assign(
    later_mase=float("nan"),
    reconciliation=None,
    cities=0,
    weekly_coverage_80=float("nan"),
    weekly_coverage_95=float("nan"),
)
DECISIONS = pd.concat([DECISIONS, DEFAULTS], ignore_index=True)
REASON = "Transactions exist on 38 of the 82 days from 1 Aug 2016 to 21 Oct 2016, which is too short for a forecast."
TOO_SHORT = pd.DataFrame(
    [
        (series, None, REASON, date(2016, 8, 1), date(2016, 10, 21), 82, 38, 0, 0)
        for series in ("transactions", "amount")
    ],
    columns=_DECISION_COLUMNS,
).assign(later_mase=float("nan"), reconciliation=None, cities=0)
FORECAST = {
    "daily_volume": DAYS,
    "volume_forecast": AHEAD,
    "forecast_backtest": TESTED,
    "forecast_scores": SCORES,
    "forecast_decisions": DECISIONS,
    "weekly_forecast": WEEKS,
    "calendar_effects": EFFECTS,
    "volume_anomalies": ANOMALIES,
    "forecast_reconciliation": RECONCILED,
}
NO_FORECAST = {
    **{name: table.head(0) for name, table in FORECAST.items() if name != "daily_volume"},
    "daily_volume": DAYS,
    "forecast_decisions": TOO_SHORT,
}
