"""Tests the methods on the past of one series, and forecasts its coming days by the most accurate one."""

import pandas as pd
from threadpoolctl import threadpool_limits

from jobs.forecast.calendar_effects import bank_effects, fit_calendar, log_volume
from jobs.forecast.daily_history import BANK, SUMMED, DailyHistory, fill_gaps
from jobs.forecast.forecast_methods import METHODS, REFIT_TESTS
from jobs.forecast.forecast_scores import mase_of_earlier_choice, score_methods
from jobs.forecast.gradient_boosting import PARAMETERS
from jobs.forecast.prediction_intervals import backtest_intervals
from jobs.forecast.published_forecast import UNRECONCILED, Published, daily_rows, publish_method, weekly_rows
from jobs.forecast.rolling_origin import Backtest, backtest_rows, run_backtest
from jobs.forecast.volume_anomalies import find_anomalies

Decision = dict[str, object]
"""The columns of forecast_decisions that say how a forecast was chosen."""


def method_parameters() -> dict[str, object]:
    """Return the parameters of the methods, for MLflow."""
    boosting = {f"boosting_{name}": value for name, value in PARAMETERS.items()}
    return {"methods": " ".join(METHODS), "refit_tests": REFIT_TESTS, **boosting}


def forecast_and_decide(history: DailyHistory, series: str, seed: int) -> tuple[Decision, dict[str, pd.DataFrame]]:
    """Return the decision about one series, and the rows of the other tables of `forecast.backtest`."""
    with threadpool_limits(1):  # sums in a fixed order give the same results on every machine
        values = history.values[series]
        test = run_backtest(values, history.origins, history.horizon, seed)
        tested = _rows_of_methods(test).assign(series=series, reconciliation=UNRECONCILED)
        scores = score_methods(tested, seed)
        method = str(scores["method"].iloc[0])
        published = publish_method(test, method, series in SUMMED)
        weekly, weekly_coverage = weekly_rows(series, test, published) if series in SUMMED else (pd.DataFrame(), {})
        logs = log_volume(fill_gaps(values))
        calendar = fit_calendar(logs, 0)
        effects, anomalies = bank_effects(logs[[BANK]], calendar.clean[[BANK]]), find_anomalies(values, calendar)
    decision = {
        "method": method,
        "reconciliation": published.reconciliation,
        "horizon": history.horizon,
        "tests": len(history.origins),
        "cities": len(test.cities) - 1,
        "later_mase": mase_of_earlier_choice(tested),
        **weekly_coverage,
    }
    return decision, {
        "forecast_backtest": pd.concat([tested, _published_rows(test, published, series, method)], ignore_index=True),
        "forecast_scores": scores,
        "forecast_reconciliation": published.scores.assign(series=series, method=method),
        "volume_forecast": daily_rows(series, method, test, published),
        "weekly_forecast": weekly,
        "calendar_effects": effects.assign(series=series),
        "volume_anomalies": anomalies.assign(series=series),
    }


def _rows_of_methods(test: Backtest) -> pd.DataFrame:
    """Rows of forecast_backtest about the whole bank, of all methods before reconciliation."""
    parts = [
        backtest_rows(test, forecasts, backtest_intervals(test.actual[:, :, :1], forecasts[:, :, :1]), [0]).assign(
            method=method
        )
        for method, forecasts in test.forecasts.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _published_rows(test: Backtest, published: Published, series: str, method: str) -> pd.DataFrame:
    """Rows of forecast_backtest about the reconciled forecasts of bank and cities; none if nothing was reconciled."""
    if published.reconciliation == UNRECONCILED:
        return pd.DataFrame()
    rows = backtest_rows(test, published.forecasts, published.bounds, range(len(test.cities)))
    return rows.assign(series=series, method=method, reconciliation=published.reconciliation)
