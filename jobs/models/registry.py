"""MLflow: what a night tried, the registered models, and which version is the champion.

A version becomes champion by one call that moves the alias, so a killed run leaves the old one in place. Each promoted
version carries the number of the one that it replaced: that is the way back.
"""

import logging
import os
from importlib import metadata
from tempfile import TemporaryDirectory

import mlflow
import pandas as pd
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from pyspark.ml import PipelineModel

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as of_inputs
from jobs.core.settings import Settings
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.models.scoring_config import Card

CHAMPION, REPLACED, DISMISSED = "champion", "replaced", "dismissed"
NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")  # no such model; no such alias
PACKAGES = [f"{name}=={metadata.version(name)}" for name in ("mlflow", "pyspark", "xgboost-cpu", "pandas", "numpy")]
_GONE = 404
for _name in ("mlflow", "alembic", "py4j"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class ModelLost(BankError):
    """A version that MLflow knows no more, or whose files are not there: it cannot come back by itself."""


def connect(settings: Settings) -> mlflow.MlflowClient:
    """A client of this home's MLflow."""
    experiment(settings)
    return mlflow.MlflowClient()


def experiment(settings: Settings) -> str:
    """The id of the experiment `models`."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    return use_experiment(settings, "models")


def fingerprint(job: Job, *asked: object) -> str:
    """That of the inputs, of the champion, which a rollback changes without a new table, and of these settings."""
    found = champion(connect(job.settings), job.step.arguments["use_case"])
    return of_inputs(job, found.version if found else "", *asked)


def log_model(settings: Settings, model: PipelineModel, example: pd.DataFrame, scores: pd.DataFrame) -> None:
    """Keep a Spark model with its signature and an input example in the active run, as `model`."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/model"
        mlflow.spark.save_model(
            model,
            path,
            signature=infer_signature(example, scores),
            input_example=example,
            pip_requirements=PACKAGES,
            dfs_tmpdir=f"{settings.lake_url}/staging/mlflow",
        )
        mlflow.log_artifacts(path, "model")


def register(client: mlflow.MlflowClient, run_id: str, name: str) -> int:
    """Make the run's model the next version of the registered model; returns its number."""
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    uri = client.get_run(run_id).info.artifact_uri
    return int(client.create_model_version(name, f"{uri}/model", run_id).version)


def champion(client: mlflow.MlflowClient, name: str) -> ModelVersion | None:
    """The version that is champion, or None.

    Raises:
        BankError: MLflow does not say.

    """
    try:
        return client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException as error:
        if error.error_code in NOT_THERE:
            return None
        raise BankError(f"MLflow does not answer ({error}); nothing was changed. Start it and run again") from error


def newest(client: mlflow.MlflowClient, name: str, version: int) -> ModelVersion:
    """A version as MLflow knows it.

    Raises:
        BankError: it does not, as after a loss of its store.

    """
    try:
        return client.get_model_version(name, str(version))
    except MlflowException as error:
        raise BankError(
            f"MLflow does not have version {version} of {name} ({error}): train anew: "
            f"python -m jobs run models.train_{name} --force"
        ) from error


def promote(client: mlflow.MlflowClient, name: str, version: int) -> None:
    """Make a version the champion; it notes which one it replaced. Nothing is done twice."""
    old = champion(client, name)
    if old and int(old.version) == version:
        return
    client.set_model_version_tag(name, str(version), REPLACED, str(old.version) if old else "")
    client.set_registered_model_alias(name, CHAMPION, str(version))


@needs_mlflow
def rollback(client: mlflow.MlflowClient, name: str) -> tuple[int, int]:
    """Make the version that the champion replaced champion again; returns both numbers, the dismissed one first.

    Raises:
        BankError: there is no champion, or none before it.

    """
    now = champion(client, name)
    if now is None:
        raise BankError(f"{name} has no champion yet: python -m jobs run models")
    if not (before := now.tags.get(REPLACED, "")):
        raise BankError(f"{name}: version {now.version} is the first champion; there is none to go back to")
    client.set_model_version_tag(name, str(now.version), DISMISSED, "true")
    client.set_registered_model_alias(name, CHAMPION, before)
    return int(now.version), int(before)


def load(settings: Settings, client: mlflow.MlflowClient, name: str, version: int) -> tuple[PipelineModel, Card]:
    """A version's model and its card.

    Raises:
        ModelLost: MLflow does not have it any more.
        BankError: it cannot be read now.

    """
    try:
        its_card = card(client, name, version)
        model = mlflow.spark.load_model(f"models:/{name}/{version}", dfs_tmpdir=f"{settings.lake_url}/staging/mlflow")
    except (MlflowException, OSError, TypeError) as error:
        if is_lost(error):
            raise ModelLost(
                f"MLflow does not have version {version} of {name} ({error}): train anew: "
                f"python -m jobs run models.train_{name} --force"
            ) from error
        raise BankError(
            f"version {version} of {name} cannot be read ({error}); nothing was changed, run again"
        ) from error
    return model, its_card


def load_champion(settings: Settings, name: str) -> tuple[int, PipelineModel, Card]:
    """The champion's version, model and card.

    Raises:
        BankError: there is none yet, or it cannot be read.

    """
    client = connect(settings)
    found = champion(client, name)
    if found is None:
        raise BankError(f"{name} has no champion yet: python -m jobs run models")
    return int(found.version), *load(settings, client, name, int(found.version))


def is_lost(error: Exception) -> bool:
    """Whether the files are not there, or are of a code that wrote other ones; not: whether a server is away."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    code = getattr(error, "error_code", None)
    missing = isinstance(error, FileNotFoundError) or "No such file" in str(error)
    return isinstance(error, TypeError) or code in NOT_THERE or status == _GONE or missing


def versions(client: mlflow.MlflowClient, name: str) -> list[ModelVersion]:
    """All registered versions, the newest first."""
    found = client.search_model_versions(f"name = '{name}'")
    return sorted(found, key=lambda version: -int(version.version))


def card(client: mlflow.MlflowClient, name: str, version: int) -> Card:
    """A version's card."""
    run_id = str(client.get_model_version(name, str(version)).run_id)
    return Card(**mlflow.artifacts.load_dict(f"{client.get_run(run_id).info.artifact_uri}/card.json"))
