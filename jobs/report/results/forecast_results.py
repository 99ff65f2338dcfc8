"""The block `forecast` of results.json."""

from typing import Any

from jobs.report.records import records
from jobs.report.report_tables import ReportTables

_BOUNDS = ("low_80", "high_80", "low_95", "high_95")


def forecast(tables: ReportTables) -> dict[str, dict[str, Any]]:
    """Return for each series its status, method, scores of all methods, forecast days and weeks, and anomalies.

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
    days = tables.rows("volume_forecast", series=decision.series, city="")
    weeks = tables.rows("weekly_forecast", series=decision.series, city="")
    anomalies = tables.rows("volume_anomalies", series=decision.series, city="")
    return {
        "status": "forecast",
        "reason": None,
        **history,
        "method": str(decision.method),
        "horizon": int(decision.horizon),
        "tests": int(decision.tests),
        "later_mase": float(decision.later_mase),
        "reconciliation": str(decision.reconciliation),
        "cities": int(decision.cities),
        "weekly_coverage_80": _known(decision.weekly_coverage_80),
        "weekly_coverage_95": _known(decision.weekly_coverage_95),
        "methods": {row.method: _scores(row) for row in records(scores)},
        "forecast_days": [_day(row) for row in records(days.sort_values("horizon") if len(days) else days)],
        "forecast_weeks": [_week(row) for row in records(weeks.sort_values("first_day") if len(weeks) else weeks)],
        "anomalies": [
            {"kind": row.kind, "first_day": str(row.first_day), "last_day": str(row.last_day), "change": row.change}
            for row in records(anomalies)
        ],
    }


def _scores(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of forecast_scores
    return {
        "mase": float(row.mase),
        "mase_ci": [float(row.mase_low), float(row.mase_high)],
        "rmsse": float(row.rmsse),
        "smape": float(row.smape),
        "pinball": _known(row.pinball),
        "sum_ratio": _known(row.sum_ratio),
        "error_to_naive": _known(row.error_to_naive),
        "error_to_naive_ci": [_known(row.error_to_naive_low), _known(row.error_to_naive_high)],
        "coverage_80": _known(row.coverage_80),
        "coverage_95": _known(row.coverage_95),
        "days": int(row.days),
        "interval_days": int(row.interval_days),
    }


def _day(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of volume_forecast
    value = {
        "forecast": float(row.forecast),
        "mean": float(row.mean),
        "holiday": row.holiday if isinstance(row.holiday, str) else None,
    }
    return {"date": str(row.transaction_date), **value, **_bounds(row)}


def _week(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of weekly_forecast
    days = {"first_day": str(row.first_day), "last_day": str(row.last_day)}
    return {**days, "total": float(row.total), **_bounds(row)}


def _bounds(row: Any) -> dict[str, float | None]:  # noqa: ANN401
    return {name: _known(getattr(row, name)) for name in _BOUNDS}


def _known(value: float) -> float | None:
    """Replace NaN with null."""
    return float(value) if value == value else None
