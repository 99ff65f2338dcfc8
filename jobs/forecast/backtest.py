"""Tests the forecast methods on past days of each city, and publishes the coming days by the most accurate one.

Reads: city_volume. Writes: forecast_backtest, forecast_scores, forecast_reconciliation, forecast_decisions,
volume_forecast, weekly_forecast, calendar_effects, volume_anomalies. Logs to the MLflow experiment `forecast`.
"""

import math
from importlib.metadata import version

import pandas as pd
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor

from jobs import pipeline
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tables import columns
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.forecast.daily_history import SERIES, DailyHistory, daily_history
from jobs.forecast.forecast_tracking import EXPERIMENT, track
from jobs.forecast.prediction_intervals import LEVELS

PACKAGES = ("statsforecast", "mlforecast", "xgboost-cpu", "statsmodels", "holidays", "ruptures", "numpy", "pandas")
PROCESSES = 2
DEFAULTS_REASON = (
    "Loan defaults aren't forecast: the credit file has one outcome per client, for a single month, and no dates, so "
    "there is no series."
)
TABLES = pipeline.select(["forecast.backtest"])[0].writes
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
    """Return the rows of all TABLES; several series are forecast at the same time.

    A process takes seconds to start, so none starts for a series that can't be forecast.
    """
    possible = sum(not history.reason(series) for series in SERIES)
    tasks = (delayed(forecast_series)(history, series, seed) for series in SERIES)
    parts = Parallel(n_jobs=max(1, min(possible, processes)))(tasks)
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
    reason = history.reason(series)
    found = dict.fromkeys(TABLES, pd.DataFrame())
    decision = {**_history_columns(history), "series": series, "reason": reason or None}
    if not reason:
        from jobs.forecast.series_forecast import forecast_and_decide  # its libraries take seconds to load

        chosen, rows = forecast_and_decide(history, series, seed)
        found |= rows
        decision |= chosen
    return found | {"forecast_decisions": pd.DataFrame([decision])}


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
    methods = {}
    if any(not history.reason(series) for series in SERIES):
        from jobs.forecast.series_forecast import method_parameters

        methods = method_parameters()
    return {
        "fingerprint": job.fingerprint,
        "seed": job.settings.seed,
        "days": history.span,
        "days_seen": history.seen,
        "horizon": history.horizon,
        "tests": len(history.origins),
        **methods,
        **{f"{name}_version": version(name) for name in PACKAGES},
    }
