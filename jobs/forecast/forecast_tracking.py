"""Logs the backtest to MLflow: one run per backtest, and below it one run per series and method.

It uses MlflowClient and passes run ids: MLflow's fluent functions have one current run per process, where other stages
may be running.
"""

import math
import time
from collections.abc import Mapping

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

EXPERIMENT = "forecast"
NOT_METRICS = ("series", "method", "published")


def track(
    experiment: str, title: str, scores: pd.DataFrame, decisions: pd.DataFrame, parameters: Mapping[str, object]
) -> None:
    """Log a finished backtest.

    Args:
        experiment: id of the experiment.
        title: name of the run.
        scores: rows of forecast_scores.
        decisions: rows of forecast_decisions.
        parameters: parameters of the run.

    """
    client = MlflowClient()
    parent = client.create_run(experiment, run_name=title).info.run_id
    try:
        for row in scores.to_dict("records"):
            _log_method(client, experiment, parent, {str(key): value for key, value in row.items()})
        metrics = {f"{row['series']}_later_mase": row["later_mase"] for row in decisions.to_dict("records")}
        _log(client, parent, parameters, metrics, {})
        for name, rows in (("scores", scores), ("decisions", decisions)):
            client.log_text(parent, rows.to_csv(index=False), f"{name}.csv")
    except BaseException:
        client.set_terminated(parent, "FAILED")
        raise
    client.set_terminated(parent)


def _log_method(client: MlflowClient, experiment: str, parent: str, row: Mapping[str, object]) -> None:
    name = f"{row['series']} {row['method']}"
    run = client.create_run(experiment, run_name=name, tags={MLFLOW_PARENT_RUN_ID: parent}).info.run_id
    parameters = {"series": row["series"], "method": row["method"]}
    metrics = {key: value for key, value in row.items() if key not in NOT_METRICS}
    _log(client, run, parameters, metrics, {"published": str(row["published"])})
    client.set_terminated(run)


def _log(
    client: MlflowClient,
    run: str,
    params: Mapping[str, object],
    metrics: Mapping[str, object],
    tags: Mapping[str, str],
) -> None:
    """Log everything in one call, without metrics that are NaN."""
    now = round(1000 * time.time())
    known = {key: number for key, value in metrics.items() if not math.isnan(number := float(str(value)))}
    client.log_batch(
        run,
        metrics=[Metric(key, value, now, 0) for key, value in known.items()],
        params=[Param(key, str(value)) for key, value in params.items()],
        tags=[RunTag(key, value) for key, value in tags.items()],
    )
