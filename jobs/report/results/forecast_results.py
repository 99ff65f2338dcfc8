"""The block `forecast` of results.json."""

from typing import Any

from jobs.report.records import records
from jobs.report.report_tables import ReportTables

_BOUNDS = ("low_80", "high_80", "low_95", "high_95")


def forecast(tables: ReportTables) -> dict[str, dict[str, Any]]:
    """Return for each series its status, the method, the scores of all methods and the forecast days.

    The status is `forecast`, or `not forecast` with a `reason`.
    """
    return {row.series: _series(tables, row) for row in records(tables.rows("forecast_decisions"))}


def _series(tables: ReportTables, decision: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of forecast_decisions
    history = {"days": int(decision.span_days), "days_with_transactions": int(decision.seen_days)}
    if decision.reason:
        return {
            "status": "not forecast",
            "reason": str(decision.reason),
            **history,
            "method": None,
            "forecast_days": [],
        }
    scores = tables.rows("forecast_scores", series=decision.series)
    days = tables.rows("volume_forecast", series=decision.series)
    return {
        "status": "forecast",
        "reason": None,
        **history,
        "method": str(decision.method),
        "horizon": int(decision.horizon),
        "tests": int(decision.tests),
        "later_mase": float(decision.later_mase),
        "methods": {row.method: _scores(row) for row in records(scores)},
        "forecast_days": [_day(row) for row in records(days.sort_values("horizon") if len(days) else days)],
    }


def _scores(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of forecast_scores
    return {
        "mase": float(row.mase),
        "mase_ci": [float(row.mase_low), float(row.mase_high)],
        "smape": float(row.smape),
        "sum_ratio": _known(row.sum_ratio),
        "error_to_naive": _known(row.error_to_naive),
        "error_to_naive_ci": [_known(row.error_to_naive_low), _known(row.error_to_naive_high)],
        "coverage_80": _known(row.coverage_80),
        "coverage_95": _known(row.coverage_95),
        "days": int(row.days),
        "interval_days": int(row.interval_days),
    }


def _day(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of volume_forecast
    bounds = {name: float(getattr(row, name)) for name in _BOUNDS}
    return {"date": str(row.transaction_date), "forecast": float(row.forecast), **bounds}


def _known(value: float) -> float | None:
    """Replace NaN with null."""
    return float(value) if value == value else None
