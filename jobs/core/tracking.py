"""Tracked experiments: MLflow's server on the stack, an SQLite file under `var` in the embedded home."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

import mlflow
from mlflow.exceptions import MlflowException

from jobs.core.errors import BankError
from jobs.core.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")
_ONE = Lock()  # steps run two at a time, and the first to come makes the store


def use_experiment(settings: Settings, name: str) -> str:
    """Point MLflow at this home's store; returns the id of the experiment, which is made if it is not there.

    Give the id to every run: MLflow keeps a current experiment for the process, where another step may be at work.

    Raises:
        BankError: MLflow does not answer.

    """
    folder = None if settings.mlflow else (settings.var.resolve() / "mlflow" / name).as_uri()
    with _ONE:
        mlflow.set_tracking_uri(settings.mlflow_url)
        mlflow.set_registry_uri(settings.mlflow_url)
        try:
            found = mlflow.get_experiment_by_name(name)
            return str(found.experiment_id if found else mlflow.create_experiment(name, artifact_location=folder))
        except MlflowException as error:
            raise BankError(
                f"MLflow does not answer at {settings.mlflow_url} ({error}); start it, run again"
            ) from error


def needs_mlflow(function: Callable[P, R]) -> Callable[P, R]:
    """Turn an error of MLflow into a BankError, of which a person sees the sentence."""

    @wraps(function)
    def wrapped(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return function(*arguments, **named)
        except MlflowException as error:
            raise BankError(f"MLflow: {error}. What is published stays; mend or start it, and run again") from error

    return wrapped
