"""Tests three forecast methods on past days of daily_volume, and chooses the most accurate one of each series.

Reads: daily_volume. Writes: forecast_backtest, forecast_scores, forecast_decisions. Logs to the MLflow experiment
`forecast`.
"""

import math
from importlib.metadata import version

import pandas as pd

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tables import columns
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.forecast.daily_history import SERIES, DailyHistory, daily_history
from jobs.forecast.forecast_methods import ETS_PARAMETERS
from jobs.forecast.forecast_scores import mase_of_earlier_choice, score_methods
from jobs.forecast.forecast_tracking import EXPERIMENT, track
from jobs.forecast.gradient_boosting import ORIGIN_STEP, PARAMETERS, TREES
from jobs.forecast.rolling_origin import run_backtest

PACKAGES = ("statsmodels", "xgboost-cpu", "numpy", "pandas")


@needs_mlflow
def main(job: Job) -> None:
    """Publish the backtest, its scores and the decisions, after they are logged to MLflow."""
    history = daily_history(job.read("daily_volume").toPandas())
    job.rows_in |= {"days": history.seen}
    backtest, scores = evaluate(history, job.settings.seed)
    decisions = decide(history, backtest, scores)
    experiment = use_experiment(job.settings, EXPERIMENT)
    track(experiment, f"{job.run_date}", scores, decisions, run_parameters(job, history))
    publish(job, "forecast_backtest", backtest)
    publish(job, "forecast_scores", scores)
    publish(job, "forecast_decisions", decisions)


def evaluate(history: DailyHistory, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of forecast_backtest and forecast_scores; none if the days can't be forecast."""
    if history.reason:
        return pd.DataFrame(columns=columns("forecast_backtest")), pd.DataFrame(columns=columns("forecast_scores"))
    backtest = run_backtest(history, seed)
    return backtest[columns("forecast_backtest")], score_methods(backtest, seed)


def decide(history: DailyHistory, backtest: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of forecast_decisions, one per series."""
    return pd.DataFrame([_decision(history, series, backtest, scores) for series in SERIES])


def _decision(history: DailyHistory, series: str, backtest: pd.DataFrame, scores: pd.DataFrame) -> dict[str, object]:
    winners = scores[(scores["series"] == series) & (scores["rank"] == 1)]["method"]
    has_winner = not winners.empty
    first, last = (history.days.index[0], history.days.index[-1]) if history.span else (pd.NaT, pd.NaT)
    tests = backtest[backtest["series"] == series]
    return {
        "series": series,
        "method": winners.iloc[0] if has_winner else None,
        "reason": history.reason or None,
        "first_day": first,
        "last_day": last,
        "span_days": history.span,
        "seen_days": history.seen,
        "horizon": history.horizon if has_winner else 0,
        "tests": len(history.origins) if has_winner else 0,
        "later_mase": mase_of_earlier_choice(tests) if has_winner else math.nan,
    }


def run_parameters(job: Job, history: DailyHistory) -> dict[str, object]:
    """Return the parameters of the MLflow run; the fingerprint covers code, arguments, seed and data version."""
    boosting = {**PARAMETERS, "trees": TREES, "origin_step": ORIGIN_STEP}
    return {
        "fingerprint": job.fingerprint,
        "seed": job.settings.seed,
        "days": history.span,
        "days_seen": history.seen,
        "horizon": history.horizon,
        "tests": len(history.origins),
        **{f"boosting_{name}": value for name, value in boosting.items()},
        **{f"smoothing_{name}": value for name, value in ETS_PARAMETERS.items()},
        **{f"{name}_version": version(name) for name in PACKAGES},
    }
