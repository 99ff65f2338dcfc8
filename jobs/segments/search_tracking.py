"""The field in MLflow's experiment `segments`: a run a night, below it one for each space and algorithm; k is the step.

It uses the client and names every run: the fluent interface keeps its current run for the whole process, where
another stage may be at work.
"""

import math
import time
from collections.abc import Mapping, Sequence
from itertools import groupby

from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from jobs.segments.clustering_search import MEASURES
from jobs.segments.decision_rows import CLUSTERINGS

EXPERIMENT = "segments"
NAMES = ("features", "treatment", "algorithm")


def track(
    experiment: str,
    title: str,
    rows: Sequence[Sequence[object]],
    decision: Mapping[str, object],
    about: Mapping[str, object],
) -> None:
    """Log a finished night.

    Args:
        experiment: id of the experiment.
        title: name of the night's run.
        rows: the rows of clusterings.
        decision: the row of segment_decisions.
        about: what the night ran with, as parameters of its run.

    """
    client = MlflowClient()
    night = client.create_run(experiment, run_name=title).info.run_id
    try:
        records = sorted((dict(zip(CLUSTERINGS, row, strict=True)) for row in rows), key=_space)
        for names, some in groupby(records, _space):
            _log_curve(client, experiment, night, names, list(some))
        numbers = {key: value for key, value in decision.items() if isinstance(value, int | float)}
        params = [Param(key, str(value)) for key, value in about.items()]
        client.log_batch(night, metrics=_metrics(numbers, 0), params=params)
        client.log_dict(night, dict(decision), "decision.json")
    except BaseException:
        client.set_terminated(night, "FAILED")
        raise
    client.set_terminated(night)


def _log_curve(
    client: MlflowClient, experiment: str, night: str, names: tuple[str, ...], rows: Sequence[Mapping[str, object]]
) -> None:
    run = client.create_run(experiment, run_name=" ".join(names), tags={MLFLOW_PARENT_RUN_ID: night}).info.run_id
    metrics = [
        metric for row in rows for metric in _metrics({name: row[name] for name in MEASURES}, int(str(row["k"])))
    ]
    params = [Param(key, value) for key, value in zip(NAMES, names, strict=True)]
    client.log_batch(run, metrics=metrics, params=params)
    client.set_terminated(run)


def _metrics(figures: Mapping[str, object], step: int) -> list[Metric]:
    """Figures that are not there (not a number) are left out."""
    now, known = round(1000 * time.time()), {key: float(str(value)) for key, value in figures.items()}
    return [Metric(key, value, now, step) for key, value in known.items() if not math.isnan(value)]


def _space(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in NAMES)
