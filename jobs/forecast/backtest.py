"""Tests the forecast methods on past days of each city, and publishes the coming days by the most accurate one.

Reads: city_volume. Writes: forecast_backtest, forecast_scores, forecast_reconciliation, forecast_decisions,
volume_forecast, weekly_forecast, calendar_effects, volume_anomalies. Logs to the MLflow experiment `forecast`.
"""

import math
from importlib.metadata import version

import pandas as pd
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from threadpoolctl import threadpool_limits

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tables import columns
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.forecast.calendar_effects import bank_effects, fit_calendar, log_volume
from jobs.forecast.daily_history import BANK, SERIES, SUMMED, DailyHistory, daily_history, fill_gaps
from jobs.forecast.forecast_methods import METHODS, REFIT_TESTS
from jobs.forecast.forecast_scores import mase_of_earlier_choice, score_methods
from jobs.forecast.forecast_tracking import EXPERIMENT, track
from jobs.forecast.gradient_boosting import PARAMETERS
from jobs.forecast.prediction_intervals import LEVELS, backtest_intervals
from jobs.forecast.published_forecast import UNRECONCILED, Published, daily_rows, publish_method, weekly_rows
from jobs.forecast.rolling_origin import Backtest, backtest_rows, run_backtest
from jobs.forecast.volume_anomalies import find_anomalies

PACKAGES = ("statsforecast", "mlforecast", "xgboost-cpu", "statsmodels", "holidays", "ruptures", "numpy", "pandas")
PROCESSES = 2
DEFAULTS_REASON = (
    "Loan defaults aren't forecast: the credit file has one outcome per client, for a single month, and no dates, so "
    "there is no series."
)
TABLES = (
    "forecast_backtest",
    "forecast_scores",
    "forecast_reconciliation",
    "forecast_decisions",
    "volume_forecast",
    "weekly_forecast",
    "calendar_effects",
    "volume_anomalies",
)
Tables = dict[str, pd.DataFrame]


@needs_mlflow
def main(job: Job) -> None:
    """Publish all tables, after the scores are logged to MLflow."""
    history = daily_history(job.read("city_volume").toPandas())
    job.rows_in |= {"days": history.seen}
    found = forecast_all(history, job.settings.seed)
    experiment = use_experiment(job.settings, EXPERIMENT)
    parameters = run_parameters(job, history)
    track(experiment, f"{job.run_date}", found["forecast_scores"], found["forecast_decisions"], parameters)
    for table in TABLES:
        publish(job, table, found[table])


def forecast_all(history: DailyHistory, seed: int, processes: int = PROCESSES) -> Tables:
    """Return the rows of all TABLES; several series are forecast at the same time."""
    tasks = (delayed(forecast_series)(history, series, seed) for series in SERIES)
    parts = Parallel(n_jobs=processes)(tasks)
    get_reusable_executor().shutdown()
    decisions = pd.DataFrame([{**_history_columns(history), "series": "defaults", "reason": DEFAULTS_REASON}])
    return {
        name: _join([part[name] for part in parts] + ([decisions] if name == "forecast_decisions" else []), name)
        for name in TABLES
    }


def _join(parts: list[pd.DataFrame], table: str) -> pd.DataFrame:
    rows = [part.reindex(columns=columns(table)) for part in parts if len(part)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns(table))


def forecast_series(history: DailyHistory, series: str, seed: int) -> Tables:
    """Return the rows of all TABLES about one series; only a decision with its reason if it can't be forecast."""
    if reason := history.reason(series):
        decision = {**_history_columns(history), "series": series, "reason": reason}
        return {**dict.fromkeys(TABLES, pd.DataFrame()), "forecast_decisions": pd.DataFrame([decision])}
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
        **_history_columns(history),
        "series": series,
        "method": method,
        "reconciliation": published.reconciliation,
        "horizon": history.horizon,
        "tests": len(history.origins),
        "cities": len(test.cities) - 1,
        "later_mase": mase_of_earlier_choice(tested),
        **weekly_coverage,
    }
    return {
        "forecast_backtest": pd.concat([tested, _published_rows(test, published, series, method)], ignore_index=True),
        "forecast_scores": scores,
        "forecast_reconciliation": published.scores.assign(series=series, method=method),
        "forecast_decisions": pd.DataFrame([decision]),
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


def _history_columns(history: DailyHistory) -> dict[str, object]:
    """The columns of forecast_decisions that describe the history, and the defaults of the others."""
    first, last = (history.days[0], history.days[-1]) if history.span else (pd.NaT, pd.NaT)
    return {
        "method": None,
        "reconciliation": None,
        "reason": None,
        "first_day": first,
        "last_day": last,
        "span_days": history.span,
        "seen_days": history.seen,
        "horizon": 0,
        "tests": 0,
        "cities": 0,
        "later_mase": math.nan,
        **{f"weekly_coverage_{level}": math.nan for level in LEVELS},
    }


def run_parameters(job: Job, history: DailyHistory) -> dict[str, object]:
    """Return the parameters of the MLflow run; the fingerprint covers code, arguments, seed and data version."""
    return {
        "fingerprint": job.fingerprint,
        "seed": job.settings.seed,
        "days": history.span,
        "days_seen": history.seen,
        "horizon": history.horizon,
        "tests": len(history.origins),
        "methods": " ".join(METHODS),
        "refit_tests": REFIT_TESTS,
        **{f"boosting_{name}": value for name, value in PARAMETERS.items()},
        **{f"{name}_version": version(name) for name in PACKAGES},
    }
