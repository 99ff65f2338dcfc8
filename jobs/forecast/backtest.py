"""Test three ways to forecast the daily number and sum of transactions on the days that are past; the nearest wins.

Reads: daily_volume. Writes: forecast_backtest, forecast_scores, forecast_decisions. Logs to MLflow: `forecast`.
"""

import math
from importlib.metadata import version

import pandas as pd

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.forecast.boosting import EVERY, PARAMETERS, TREES
from jobs.forecast.forecast_tracking import EXPERIMENT, track
from jobs.forecast.history import SERIES, History, history
from jobs.forecast.intervals import BOUNDS
from jobs.forecast.methods import ETS
from jobs.forecast.rolling import backtest
from jobs.forecast.scores import SCORED, chosen_before, scores

TESTED = (
    *("series", "method", "test", "origin_date", "transaction_date", "horizon", "actual", "forecast", *BOUNDS),
    *("scale", "scaled_error"),
)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the backtest, its scores and the decisions, after they are tracked."""
    known = history(job.read("daily_volume").toPandas())
    job.rows_in |= {"days": known.seen}
    tested, scored = nothing() if known.reason else everything(known, job.settings.seed)
    decided = decisions(known, tested, scored)
    track(use_experiment(job.settings, EXPERIMENT), f"{job.run_date}", scored, decided, about(job, known))
    publish(job, "forecast_backtest", tested)
    publish(job, "forecast_scores", scored)
    publish(job, "forecast_decisions", decided)


def everything(known: History, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of forecast_backtest and forecast_scores."""
    tested = backtest(known, seed)
    return tested[list(TESTED)], scores(tested, seed)


def nothing() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same without rows, for days that cannot be forecast."""
    return pd.DataFrame(columns=list(TESTED)), pd.DataFrame(columns=list(SCORED))


def decisions(known: History, tested: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """The rows of forecast_decisions, one for each series."""
    return pd.DataFrame([_decision(known, series, tested, scored) for series in SERIES])


def _decision(known: History, series: str, tested: pd.DataFrame, scored: pd.DataFrame) -> dict[str, object]:
    won = scored[(scored["series"] == series) & (scored["rank"] == 1)]["method"]
    first, last = (known.days.index[0], known.days.index[-1]) if known.span else (pd.NaT, pd.NaT)
    return {
        **{"series": series, "method": None if won.empty else won.iloc[0], "reason": known.reason or None},
        **{"first_day": first, "last_day": last, "span_days": known.span, "seen_days": known.seen},
        **{"horizon": 0 if won.empty else known.horizon, "tests": 0 if won.empty else len(known.origins)},
        "later_mase": math.nan if won.empty else chosen_before(tested[tested["series"] == series]),
    }


def about(job: Job, known: History) -> dict[str, object]:
    """What the night ran with; the fingerprint stands for code, arguments, seed and the version of the data."""
    boosting = {f"boosting_{name}": value for name, value in {**PARAMETERS, "trees": TREES, "every": EVERY}.items()}
    smoothing = {f"smoothing_{name}": value for name, value in ETS.items()}
    data = {"days": known.span, "days_seen": known.seen, "horizon": known.horizon, "tests": len(known.origins)}
    packages = {f"{name}_version": version(name) for name in ("statsmodels", "xgboost-cpu", "numpy", "pandas")}
    return {"fingerprint": job.fingerprint, "seed": job.settings.seed, **data, **boosting, **smoothing, **packages}
