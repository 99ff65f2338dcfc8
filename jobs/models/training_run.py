"""What a night leaves behind: explanations, MLflow's runs, the registered challenger, the tables."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pyspark
import xgboost
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish, to_spark
from jobs.core.versions import bankstack
from jobs.models import plots, registry
from jobs.models.candidates import Fitted
from jobs.models.evaluate import AVERAGED, Trial
from jobs.models.explain import permutation, shap_values
from jobs.models.scoring_config import Card
from jobs.models.use_cases import UseCase, inputs

POINTS = 250  # clients drawn in the picture of SHAP values


@dataclass(frozen=True)
class Night:
    """A night's findings; `tables` are the rows for each table by name."""

    use_case: UseCase
    card: Card
    reason: str
    model: PipelineModel
    fitted: Fitted
    trial: Trial
    tables: Mapping[str, pd.DataFrame]


def explanations(
    job: Job, use_case: UseCase, model: PipelineModel, card: Card, holdout: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Rows of importances and shap_points, from rows that the model has not seen."""
    like = inputs(job.read(use_case.table), use_case, card.columns).selectExpr("*", "0D AS label")
    shuffled = permutation(model, card, holdout, like, job.settings.seed)
    rows = to_spark(job.spark, holdout, like.drop("label").schema)
    values, moved = shap_values(model, card, rows)
    mean = pd.Series(np.abs(moved).mean(axis=0), index=list(card.features), name="mean_abs_shap")
    table = shuffled.set_index("column_name").join(mean, how="outer").rename_axis("column_name").reset_index()
    return {"importances": table, "shap_points": _points(values.head(POINTS), moved[:POINTS])}


def _points(values: pd.DataFrame, moved: np.ndarray) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "column_name": name,
                "value": values[name].astype(str).where(values[name].notna(), None),
                "level": pd.to_numeric(values[name], errors="coerce").rank(pct=True),
                "contribution": moved[:, place],
            }
        )
        for place, name in enumerate(values.columns)
    ]
    return pd.concat(parts, ignore_index=True)


def log_night(job: Job, night: Night, rows: DataFrame) -> None:
    """Track the night, register the challenger, publish the tables; the row of the challenger comes last."""
    client = registry.connect(job.settings)
    example = inputs(rows, night.use_case, night.card.columns).limit(3).toPandas()
    title, experiment = f"{night.use_case.name} {job.run_date}", registry.experiment(job.settings)
    with mlflow.start_run(experiment_id=experiment, run_name=title, tags=_tags(job, night)) as parent:
        mlflow.log_params({"rows": night.card.rows, "columns": len(night.card.columns), "seed": night.trial.seed})
        runs = {name: _child(job, night, name, example) for name in _names(night)}
    version = registry.register(client, runs[night.card.candidate], night.use_case.name)
    mine = {"use_case": night.use_case.name}
    for table, found in night.tables.items():
        publish(job, table, found, {**mine, "version": str(version)})
    card = night.card
    row = {
        **{"candidate": card.candidate, "members": list(card.members), "version": version, "reason": night.reason},
        **{"run_id": runs[card.candidate], "parent_run_id": parent.info.run_id, "row_count": card.rows},
        **{"threshold": card.threshold, "calibrated": card.slope != 1.0 or card.intercept != 0.0},
        **{"checksum": card.checksum, "trained_on": job.run_date},
    }
    publish(job, "challengers", pd.DataFrame([row]), mine)


def _records(rows: pd.DataFrame) -> list[Any]:
    return list(rows.itertuples())


def _names(night: Night) -> list[str]:
    tried = list(night.fitted.classifiers)
    return [*tried, "average"] if set(AVERAGED) <= set(tried) else tried


def _child(job: Job, night: Night, name: str, example: pd.DataFrame) -> str:
    """One candidate's run: parameters, figures, plot and model; the challenger's also has the card. Returns its id."""
    metrics = night.tables["model_metrics"]
    experiment = registry.experiment(job.settings)
    with mlflow.start_run(experiment_id=experiment, run_name=name, nested=True, tags=_tags(job, night)) as run:
        parameters = night.trial.parameters.get(name, {"members": ", ".join(AVERAGED)})
        mlflow.log_params({**parameters, "rows": night.card.rows})
        mine = metrics[(metrics["candidate"] == name)].dropna(subset=["value"])
        ends = {"": "value", "_low": "low", "_high": "high"}
        mlflow.log_metrics(
            {
                f"{row.evaluation}.{row.metric}{end}": float(getattr(row, column))
                for row in _records(mine)
                for end, column in ends.items()
            }
        )
        if name in night.fitted.seconds:
            mlflow.log_metric("fit_seconds", night.fitted.seconds[name])
        mlflow.log_figure(plots.calibration(night.tables["calibration"], name), "calibration.html")
        mlflow.log_figure(plots.profit(night.tables["profit_curve"], name), "profit.html")
        if name == night.card.candidate:
            mlflow.log_dict(night.card.to_dict(), "card.json")
            mlflow.log_figure(plots.importances(night.tables["importances"]), "importances.html")
            mlflow.log_figure(plots.shap_values(night.tables["shap_points"]), "shap_values.html")
            _log_model(job, night, night.model, example)
        else:
            _log_model(job, night, night.fitted.bundle(AVERAGED if name == "average" else [name]), example)
        return str(run.info.run_id)


def _log_model(job: Job, night: Night, model: PipelineModel, example: pd.DataFrame) -> None:
    sample = to_spark(
        job.spark, example, inputs(job.read(night.use_case.table), night.use_case, night.card.columns).schema
    )
    outputs = model.transform(sample).select("prediction").toPandas()
    registry.log_model(job.settings, model, example, outputs)


def _tags(job: Job, night: Night) -> dict[str, str]:
    return {
        "use_case": night.use_case.name,
        "data_sha256": night.card.checksum,
        "code": job.fingerprint,
        "bankstack": bankstack(),
        "python": platform.python_version(),
        "pyspark": pyspark.__version__,
        "xgboost": xgboost.__version__,
    }
