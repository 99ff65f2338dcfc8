"""Log the clustering search to MLflow.

One parent run per training run, and below it one run per feature space and algorithm, with the number of clusters as
the step of its metrics.

Uses the client and passes the id of every run: MLflow's fluent interface keeps one current run per process, and another
step may be using it.
"""

import math
import time
from collections.abc import Mapping, Sequence
from itertools import groupby

from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from jobs.segments.clustering_search import MEASURES

EXPERIMENT = "segments"
GROUP = ("features", "treatment", "algorithm")
"""Columns of clusterings that identify one child run."""


def track(
    experiment: str,
    title: str,
    clusterings: Sequence[Mapping[str, object]],
    decision: Mapping[str, object],
    parameters: Mapping[str, object],
) -> None:
    """Log a finished search.

    Args:
        experiment: id of the experiment.
        title: name of the parent run.
        clusterings: the rows of clusterings.
        decision: the row of segment_decisions.
        parameters: parameters of the parent run.

    """
    client = MlflowClient()
    parent = client.create_run(experiment, run_name=title).info.run_id
    try:
        for names, group in groupby(sorted(clusterings, key=_group), _group):
            _log_curve(client, experiment, parent, names, list(group))
        numbers = {key: value for key, value in decision.items() if isinstance(value, int | float)}
        params = [Param(key, str(value)) for key, value in parameters.items()]
        client.log_batch(parent, metrics=_metrics(numbers, 0), params=params)
        client.log_dict(parent, dict(decision), "decision.json")
    except BaseException:
        client.set_terminated(parent, "FAILED")
        raise
    client.set_terminated(parent)


def _log_curve(
    client: MlflowClient, experiment: str, parent: str, names: tuple[str, ...], rows: Sequence[Mapping[str, object]]
) -> None:
    run = client.create_run(experiment, run_name=" ".join(names), tags={MLFLOW_PARENT_RUN_ID: parent}).info.run_id
    metrics = [
        metric for row in rows for metric in _metrics({name: row[name] for name in MEASURES}, int(str(row["k"])))
    ]
    params = [Param(key, value) for key, value in zip(GROUP, names, strict=True)]
    client.log_batch(run, metrics=metrics, params=params)
    client.set_terminated(run)


def _metrics(values: Mapping[str, object], step: int) -> list[Metric]:
    """The values as metrics; NaN is left out."""
    now, known = round(1000 * time.time()), {key: float(str(value)) for key, value in values.items()}
    return [Metric(key, value, now, step) for key, value in known.items() if not math.isnan(value)]


def _group(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in GROUP)
