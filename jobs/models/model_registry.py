"""MLflow's model registry: registered versions, and which of them is the champion.

A version becomes champion by one call that moves the alias `champion`, so a killed run leaves the old champion in
place. Each promoted version stores the number of the version it replaced, which is the way back.
"""

import logging
import os
from collections.abc import Mapping
from importlib import metadata
from tempfile import TemporaryDirectory
from typing import Any

import mlflow
import pandas as pd
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from pyspark.ml import PipelineModel

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as input_fingerprint
from jobs.core.settings import Settings
from jobs.core.tracking import TrackedRun, needs_mlflow, use_experiment
from jobs.models.scoring_config import ScoringConfig

CHAMPION = "champion"
REPLACED = "replaced"
DISMISSED = "dismissed"
SCORING_CONFIG_FILES = ("scoring_config.json", "card.json")
"""Artefact with the scoring config: its name, and the name that version 0.1.0 gave it."""

NOT_FOUND_CODES = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")  # no such model; no such alias
NOT_FOUND_STATUS = 404
PACKAGES = [f"{name}=={metadata.version(name)}" for name in ("mlflow", "pyspark", "xgboost-cpu", "pandas", "numpy")]
logging.getLogger("py4j").setLevel(logging.ERROR)


class ModelLostError(BankError):
    """A version that MLflow no longer has, or whose files are missing; running again doesn't bring it back."""


def connect(settings: Settings) -> mlflow.MlflowClient:
    """Return a client of the MLflow that the settings name."""
    experiment(settings)
    return mlflow.MlflowClient()


def experiment(settings: Settings) -> str:
    """Return the id of the experiment `models`."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    return use_experiment(settings, "models")


def fingerprint(job: Job, *parts: object) -> str:
    """Return the fingerprint of the inputs, the champion (a rollback changes it without a new table) and `parts`."""
    found = champion(connect(job.settings), job.step.arguments["use_case"])
    return input_fingerprint(job, found.version if found else "", *parts)


def log_model(
    settings: Settings, run: TrackedRun, model: PipelineModel, example: pd.DataFrame, scores: pd.DataFrame
) -> None:
    """Attach a Spark model to a run as `model`, with its signature and an input example."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/model"
        mlflow.spark.save_model(
            model,
            path,
            signature=infer_signature(example, scores),
            input_example=example,
            pip_requirements=PACKAGES,
            dfs_tmpdir=_staging(settings),
        )
        run.log_folder(path, "model")


def register(client: mlflow.MlflowClient, run_id: str, name: str) -> int:
    """Register the run's model as the next version; returns its number."""
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    uri = client.get_run(run_id).info.artifact_uri
    return int(client.create_model_version(name, f"{uri}/model", run_id).version)


def champion(client: mlflow.MlflowClient, name: str) -> ModelVersion | None:
    """Return the champion's version, or None.

    Raises:
        BankError: MLflow doesn't answer.

    """
    try:
        return client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException as error:
        if error.error_code in NOT_FOUND_CODES:
            return None
        raise BankError(f"MLflow doesn't answer ({error}); nothing was changed. Start it and run again") from error


def registered_version(client: mlflow.MlflowClient, name: str, number: int) -> ModelVersion:
    """Return the version with this number, even if there are newer ones.

    A training that is killed after it registered its model leaves a newer version without results, which no step may
    use. Hence the table `challengers` says which version is next, not the registry.

    Raises:
        BankError: MLflow doesn't have the version, for example because its store was lost.

    """
    try:
        return client.get_model_version(name, str(number))
    except MlflowException as error:
        raise BankError(_lost(name, number, error)) from error


def versions(client: mlflow.MlflowClient, name: str) -> list[ModelVersion]:
    """Return all registered versions, the newest first."""
    found = client.search_model_versions(f"name = '{name}'")
    return sorted(found, key=lambda version: -int(version.version))


def promote(client: mlflow.MlflowClient, name: str, number: int) -> None:
    """Make a version the champion and store which one it replaced. Does nothing if it's the champion already."""
    old = champion(client, name)
    if old and int(old.version) == number:
        return
    client.set_model_version_tag(name, str(number), REPLACED, str(old.version) if old else "")
    client.set_registered_model_alias(name, CHAMPION, str(number))


@needs_mlflow
def rollback(client: mlflow.MlflowClient, name: str) -> tuple[int, int]:
    """Make the version that the champion replaced champion again.

    Returns:
        The dismissed version and the restored one.

    Raises:
        BankError: there's no champion, or none before it.

    """
    dismissed = champion(client, name)
    if dismissed is None:
        raise BankError(f"{name} has no champion yet: bankstack run models")
    if not (restored := dismissed.tags.get(REPLACED, "")):
        raise BankError(f"{name}: version {dismissed.version} is the first champion; there is none to go back to")
    client.set_model_version_tag(name, str(dismissed.version), DISMISSED, "true")
    client.set_registered_model_alias(name, CHAMPION, restored)
    return int(dismissed.version), int(restored)


def load(
    settings: Settings, client: mlflow.MlflowClient, name: str, number: int
) -> tuple[PipelineModel, ScoringConfig]:
    """Load a version's model and scoring config.

    Raises:
        ModelLostError: MLflow no longer has it.
        BankError: it can't be read now.

    """
    try:
        config = load_scoring_config(client, name, number)
        model = mlflow.spark.load_model(f"models:/{name}/{number}", dfs_tmpdir=_staging(settings))
    except (MlflowException, OSError, TypeError) as error:
        if is_lost(error):
            raise ModelLostError(_lost(name, number, error)) from error
        raise BankError(
            f"version {number} of {name} can't be read ({error}); nothing was changed, run again"
        ) from error
    return model, config


def load_champion(settings: Settings, name: str) -> tuple[int, PipelineModel, ScoringConfig]:
    """Load the champion.

    Returns:
        Its version, model and scoring config.

    Raises:
        BankError: there's none yet, or it can't be read.

    """
    client = connect(settings)
    found = champion(client, name)
    if found is None:
        raise BankError(f"{name} has no champion yet: bankstack run models")
    return int(found.version), *load(settings, client, name, int(found.version))


def load_scoring_config(client: mlflow.MlflowClient, name: str, number: int) -> ScoringConfig:
    """Load a version's scoring config, also one that version 0.1.0 wrote."""
    run_id = str(client.get_model_version(name, str(number)).run_id)
    present = {artifact.path for artifact in client.list_artifacts(run_id)}
    file = next((file for file in SCORING_CONFIG_FILES if file in present), SCORING_CONFIG_FILES[0])
    content: Mapping[str, Any] = mlflow.artifacts.load_dict(f"{client.get_run(run_id).info.artifact_uri}/{file}")
    return ScoringConfig.from_dict(content)


def is_lost(error: Exception) -> bool:
    """Return True if files are missing or were written by other code; False if only the server is unavailable."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    code = getattr(error, "error_code", None)
    is_missing = isinstance(error, FileNotFoundError) or "No such file" in str(error)
    is_incompatible = isinstance(error, TypeError)  # the scoring config has other fields
    return is_incompatible or is_missing or code in NOT_FOUND_CODES or status == NOT_FOUND_STATUS


def _lost(name: str, number: int, error: Exception) -> str:
    return (
        f"MLflow doesn't have version {number} of {name} ({error}): train again: "
        f"bankstack run models.train_{name} --force"
    )


def _staging(settings: Settings) -> str:
    return f"{settings.lake_url}/staging/mlflow"
