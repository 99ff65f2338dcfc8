"""The backtest in MLflow's experiment `forecast`: a run a night, below it a run for each series and method.

It uses the client and names every run: the fluent interface keeps its current run for the whole process, where
another stage may be at work.
"""

import math
import time
from collections.abc import Mapping

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

EXPERIMENT = "forecast"
NAMES = ("series", "method", "published")


def track(
    experiment: str, title: str, scores: pd.DataFrame, decisions: pd.DataFrame, about: Mapping[str, object]
) -> None:
    """Log a finished night.

    Args:
        experiment: id of the experiment.
        title: name of the night's run.
        scores: the rows of forecast_scores.
        decisions: the rows of forecast_decisions.
        about: what the night ran with, as parameters of its run.

    """
    client = MlflowClient()
    night = client.create_run(experiment, run_name=title).info.run_id
    try:
        for row in scores.to_dict("records"):
            _log_method(client, experiment, night, {str(key): value for key, value in row.items()})
        metrics = {f"{row['series']}_later_mase": row["later_mase"] for row in decisions.to_dict("records")}
        _log(client, night, about, metrics, {})
        for name, rows in (("scores", scores), ("decisions", decisions)):
            client.log_text(night, rows.to_csv(index=False), f"{name}.csv")
    except BaseException:
        client.set_terminated(night, "FAILED")
        raise
    client.set_terminated(night)


def _log_method(client: MlflowClient, experiment: str, night: str, row: Mapping[str, object]) -> None:
    name = f"{row['series']} {row['method']}"
    run = client.create_run(experiment, run_name=name, tags={MLFLOW_PARENT_RUN_ID: night}).info.run_id
    metrics = {key: value for key, value in row.items() if key not in NAMES}
    _log(client, run, {key: row[key] for key in NAMES[:2]}, metrics, {"published": str(row["published"])})
    client.set_terminated(run)


def _log(
    client: MlflowClient,
    run: str,
    params: Mapping[str, object],
    metrics: Mapping[str, object],
    tags: Mapping[str, str],
) -> None:
    """Log all at once; figures that are not there (not a number) are left out."""
    now = round(1000 * time.time())
    known = {key: number for key, value in metrics.items() if not math.isnan(number := float(str(value)))}
    client.log_batch(
        run,
        metrics=[Metric(key, value, now, 0) for key, value in known.items()],
        params=[Param(key, str(value)) for key, value in params.items()],
        tags=[RunTag(key, value) for key, value in tags.items()],
    )
