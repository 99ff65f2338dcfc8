"""Records a finished training run: MLflow runs, the registered challenger, and the tables."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyspark
import xgboost
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish, to_spark
from jobs.core.tracking import TrackedRun, tracked_run
from jobs.core.versions import bankstack
from jobs.models import model_plots, model_registry
from jobs.models.candidates import AVERAGED, FittedCandidates, Trial
from jobs.models.scoring_config import ScoringConfig
from jobs.models.use_cases import UseCase, model_inputs


@dataclass(frozen=True)
class TrainingRun:
    """A finished training run.

    Attributes:
        use_case: the use case.
        config: the challenger's scoring config.
        reason: why this challenger was selected.
        model: the challenger.
        fitted: all candidates, fitted on the rows outside the holdout.
        trial: features, parameters and seed.
        tables: rows of each table by name, without partition columns.

    """

    use_case: UseCase
    config: ScoringConfig
    reason: str
    model: PipelineModel
    fitted: FittedCandidates
    trial: Trial
    tables: Mapping[str, pd.DataFrame]

    @property
    def candidates(self) -> list[str]:
        """Names of the candidates, with the average if all its members were fitted."""
        fitted = list(self.fitted.classifiers)
        return [*fitted, "average"] if set(AVERAGED) <= set(fitted) else fitted

    def model_of(self, candidate: str) -> PipelineModel:
        """Return a candidate's model; the challenger's also has XGBoost, which explains it."""
        if candidate == self.config.candidate:
            return self.model
        return self.fitted.bundle(AVERAGED if candidate == "average" else [candidate])

    def metrics_of(self, candidate: str) -> dict[str, float]:
        """Return a candidate's metrics as `<evaluation>.<metric>`, with the interval as `…_low` and `…_high`."""
        rows = self.tables["model_metrics"]
        known = rows[rows["candidate"] == candidate].dropna(subset=["value"])
        metrics: dict[str, float] = {}
        for row in known.to_dict("records"):
            name = f"{row['evaluation']}.{row['metric']}"
            metrics |= {name: float(row["value"]), f"{name}_low": float(row["low"]), f"{name}_high": float(row["high"])}
        return metrics


def record(job: Job, run: TrainingRun, rows: DataFrame) -> None:
    """Log the run to MLflow, register the challenger and publish the tables.

    The row of `challengers` comes last, so a run that is killed before leaves nothing that another step uses.

    Args:
        job: the step.
        run: the training run.
        rows: the training rows, for an input example.

    """
    parent_id, run_ids = _log_runs(job, run, rows)
    client = model_registry.connect(job.settings)
    version = model_registry.register(client, run_ids[run.config.candidate], run.use_case.name)
    partition = {"use_case": run.use_case.name}
    for table, table_rows in run.tables.items():
        publish(job, table, table_rows, {**partition, "version": str(version)})
    config = run.config
    challenger = {
        "candidate": config.candidate,
        "members": list(config.members),
        "version": version,
        "run_id": run_ids[config.candidate],
        "parent_run_id": parent_id,
        "row_count": config.rows,
        "threshold": config.threshold,
        "calibrated": config.slope != 1.0 or config.intercept != 0.0,
        "checksum": config.checksum,
        "trained_on": job.run_date,
        "reason": run.reason,
    }
    publish(job, "challengers", pd.DataFrame([challenger]), partition)


def _log_runs(job: Job, run: TrainingRun, rows: DataFrame) -> tuple[str, dict[str, str]]:
    """Log the training run and a child run for each candidate; returns the parent's id and the children's by name."""
    example = model_inputs(rows, run.use_case, run.config.columns).limit(3).toPandas()
    experiment = model_registry.experiment(job.settings)
    run_ids = {}
    with tracked_run(experiment, f"{run.use_case.name} {job.run_date}", _tags(job, run)) as parent:
        parent.log({"rows": run.config.rows, "columns": len(run.config.columns), "seed": run.trial.seed})
        for name in run.candidates:
            with parent.child(name, _tags(job, run)) as child:
                _log_candidate(job, run, name, child, example)
            run_ids[name] = child.id
    return parent.id, run_ids


def _log_candidate(job: Job, run: TrainingRun, name: str, child: TrackedRun, example: pd.DataFrame) -> None:
    """Log one candidate's parameters, metrics, plots and model; the challenger's run also has its scoring config."""
    parameters = run.trial.parameters.get(name, {"members": ", ".join(AVERAGED)})
    child.log({**parameters, "rows": run.config.rows}, run.metrics_of(name))
    if name in run.fitted.seconds:
        child.log(metrics={"fit_seconds": run.fitted.seconds[name]})
    child.log_figure("calibration.html", model_plots.calibration(run.tables["calibration"], name))
    child.log_figure("profit.html", model_plots.profit(run.tables["profit_curve"], name))
    if name == run.config.candidate:
        child.log_json(model_registry.SCORING_CONFIG_FILES[0], run.config.to_dict())
        child.log_figure("importances.html", model_plots.importances(run.tables["importances"]))
        child.log_figure("shap_values.html", model_plots.shap_values(run.tables["shap_points"]))
    _log_model(job, run, name, child, example)


def _log_model(job: Job, run: TrainingRun, name: str, child: TrackedRun, example: pd.DataFrame) -> None:
    model = run.model_of(name)
    schema = model_inputs(job.read(run.use_case.table), run.use_case, run.config.columns).schema
    predictions = model.transform(to_spark(job.spark, example, schema)).select("prediction").toPandas()
    model_registry.log_model(job.settings, child, model, example, predictions)


def _tags(job: Job, run: TrainingRun) -> dict[str, str]:
    return {
        "use_case": run.use_case.name,
        "data_sha256": run.config.checksum,
        "code": job.fingerprint,
        "bankstack": bankstack(),
        "python": platform.python_version(),
        "pyspark": pyspark.__version__,
        "xgboost": xgboost.__version__,
    }
