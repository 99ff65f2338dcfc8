"""Experiment tracking with MLflow: the cluster's server, or an SQLite file under `var` in embedded mode.

Everything goes through MlflowClient with explicit run ids. MLflow's fluent functions keep one current run per process,
and two steps may track at the same time.
"""

import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import mlflow
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from jobs.core.errors import BankError
from jobs.core.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")
_CREATING = Lock()  # two steps may create the store or the experiment at the same time
# Hide "Creating initial MLflow database tables" and the like, and a line of XGBoost for each prediction.
for _name in ("mlflow", "alembic", "XGBoost-PySpark"):
    logging.getLogger(_name).setLevel(logging.ERROR)


def use_experiment(settings: Settings, name: str) -> str:
    """Point MLflow at the configured store and return the id of an experiment, which is created if it is missing.

    Raises:
        BankError: MLflow does not answer.

    """
    folder = None if settings.mlflow else (settings.var.resolve() / "mlflow" / name).as_uri()
    with _CREATING:
        mlflow.set_tracking_uri(settings.mlflow_url)
        mlflow.set_registry_uri(settings.mlflow_url)
        try:
            found = mlflow.get_experiment_by_name(name)
            return str(found.experiment_id if found else mlflow.create_experiment(name, artifact_location=folder))
        except MlflowException as error:
            raise BankError(
                f"MLflow does not answer at {settings.mlflow_url} ({error}). Start it and run again"
            ) from error


@dataclass(frozen=True)
class TrackedRun:
    """A run of an MLflow experiment that is being written."""

    client: mlflow.MlflowClient
    experiment: str
    id: str

    def log(
        self,
        params: Mapping[str, object] | None = None,
        metrics: Mapping[str, object] | None = None,
        tags: Mapping[str, object] | None = None,
        steps: Mapping[int, Mapping[str, object]] | None = None,
    ) -> None:
        """Log everything in one request; metrics without a value (None, NaN) are left out.

        Args:
            params: parameters by name.
            metrics: metrics by name.
            tags: tags by name.
            steps: metrics by step and name, for example by the number of clusters.

        """
        logged = _metrics(metrics or {}, step=0)
        for step, named in (steps or {}).items():
            logged += _metrics(named, step)
        self.client.log_batch(
            self.id,
            metrics=logged,
            params=[Param(key, str(value)) for key, value in (params or {}).items()],
            tags=[RunTag(key, str(value)) for key, value in (tags or {}).items()],
        )

    def log_text(self, name: str, text: str) -> None:
        """Attach a text file."""
        self.client.log_text(self.id, text, name)

    def log_json(self, name: str, content: Mapping[str, object]) -> None:
        """Attach a JSON file; values that JSON can't hold become text."""
        self.client.log_text(self.id, json.dumps(content, indent=2, default=str), name)

    def log_figure(self, name: str, figure: Any) -> None:  # noqa: ANN401
        """Attach a Plotly figure as an HTML file."""
        self.client.log_figure(self.id, figure, name)

    def log_folder(self, folder: str, name: str) -> None:
        """Attach the files of a local folder under a name."""
        self.client.log_artifacts(self.id, folder, name)

    @contextmanager
    def child(self, name: str, tags: Mapping[str, str] | None = None) -> Iterator["TrackedRun"]:
        """A run below this one, which ends with the block."""
        with tracked_run(self.experiment, name, {**(tags or {}), MLFLOW_PARENT_RUN_ID: self.id}) as run:
            yield run


def _metrics(named: Mapping[str, object], step: int) -> list[Metric]:
    """Return the metrics that have a value."""
    now = round(1000 * time.time())
    numbers = {key: float(str(value)) for key, value in named.items() if value is not None}
    return [Metric(key, value, now, step) for key, value in numbers.items() if not math.isnan(value)]


@contextmanager
def tracked_run(experiment: str, name: str, tags: Mapping[str, str] | None = None) -> Iterator[TrackedRun]:
    """A new run, which ends with the block: as FINISHED, or as FAILED if the block raises.

    Args:
        experiment: id of the experiment (see `use_experiment`).
        name: title of the run.
        tags: tags to set at the start.

    """
    client = mlflow.MlflowClient()
    run = TrackedRun(
        client, experiment, str(client.create_run(experiment, run_name=name, tags=dict(tags or {})).info.run_id)
    )
    try:
        yield run
    except BaseException:
        client.set_terminated(run.id, "FAILED")
        raise
    client.set_terminated(run.id)


def needs_mlflow(function: Callable[P, R]) -> Callable[P, R]:
    """Turn an MLflow exception into a BankError, so that the user sees one sentence."""

    @wraps(function)
    def wrapped(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return function(*arguments, **named)
        except MlflowException as error:
            raise BankError(
                f"MLflow: {error}. What is published stays; check MLflow at the address in BANK_MLFLOW and run again"
            ) from error

    return wrapped
