"""Tracked experiments: MLflow's server on the stack, an SQLite file under `var` in the embedded home."""

import mlflow

from jobs.core.settings import Settings


def use_experiment(settings: Settings, name: str) -> str:
    """Point MLflow at this home's store and at the experiment, which is made if it is not there; returns its id."""
    mlflow.set_tracking_uri(settings.mlflow_url)
    mlflow.set_registry_uri(settings.mlflow_url)
    if not settings.mlflow and mlflow.get_experiment_by_name(name) is None:
        mlflow.create_experiment(name, artifact_location=(settings.var.resolve() / "mlflow" / name).as_uri())
    return str(mlflow.set_experiment(name).experiment_id)
