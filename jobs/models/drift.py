"""Compares today's data and scores with the champion's training data, and warns about drift.

Reads: clients or credit, predictions. Writes: drift, one partition per run date. Compares at most BANK_TRAINING_ROWS
rows.
"""

import pandas as pd
from pyspark.ml import PipelineModel
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow
from jobs.models import model_registry
from jobs.models.folds import content_hash
from jobs.models.psi import psi
from jobs.models.scoring_config import ScoringConfig
from jobs.models.use_cases import USE_CASES, is_positive, model_inputs

MAX_RATE_CHANGE = 0.25
"""Change of the outcome's rate, as a share of the rate in training, from which it's a warning."""


def fingerprint(job: Job) -> str:
    """Return the fingerprint of the inputs, the champion and the warning level."""
    return model_registry.fingerprint(job, job.settings.drift_warning)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the drift of this run date, and warn about each measure that reached its level."""
    use_case = USE_CASES[job.step.arguments["use_case"]]
    version, model, config = model_registry.load_champion(job.settings, use_case.name)
    drift = measure_drift(config, current_rows(job, model, config), job.settings.drift_warning)
    job.warnings = [f"{use_case.name}: {sentence}" for sentence in warning_sentences(drift)]
    partition = {"use_case": use_case.name, "run_date": job.run_date.isoformat()}
    publish(job, "drift", drift.assign(model_version=version), partition)


def current_rows(job: Job, model: PipelineModel, config: ScoringConfig) -> pd.DataFrame:
    """Collect the current clients: the champion's features, `label`, `probability` and `content_hash`."""
    use_case = USE_CASES[config.use_case]
    labelled = job.read(use_case.table).withColumn("label", is_positive(use_case))
    inputs = model_inputs(labelled, use_case, config.columns, keep=(use_case.key, "label"))
    derive = model.stages[0]
    clients = derive.transform(inputs)
    scores = job.read("predictions").where(f"use_case = '{config.use_case}'").select("client_id", "probability")
    scored = clients.join(scores, clients[use_case.key] == scores["client_id"])
    shuffled = scored.orderBy(F.xxhash64(clients[use_case.key], F.lit(job.settings.seed)))
    hashed = content_hash(config.columns).alias("content_hash")
    rows = shuffled.select("label", "probability", hashed, *config.features)
    return rows.limit(job.settings.training_rows).toPandas()


def measure_drift(config: ScoringConfig, rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """Measure the drift of each feature, of the scores and of the outcome.

    Scores are compared on clients that didn't train the champion, because a model is more certain of those that did.

    Args:
        config: the champion's scoring config.
        rows: see `current_rows`.
        level: PSI from which a feature or the scores are a warning.

    Returns:
        Rows of the table drift without `model_version`: measure, column_name, value, level, warn.

    """
    values = [("feature", name, psi(config.reference[name], rows[name])) for name in config.features]
    unseen = rows[rows["content_hash"] < config.holdout_below]
    if len(unseen):
        values.append(("score", "probability", psi(config.scores, unseen["probability"])))
    measures = [(*value, level) for value in values]
    rate_change = float(rows["label"].mean()) - config.positive_rate
    measures.append(("label", "outcome", rate_change, MAX_RATE_CHANGE * config.positive_rate))
    drift = pd.DataFrame(measures, columns=["measure", "column_name", "value", "level"])
    return drift.assign(warn=drift["value"].abs() >= drift["level"])


def warning_sentences(drift: pd.DataFrame) -> list[str]:
    """Return one sentence per warning."""
    return [
        f"{row.column_name} has drifted: {row.measure} {row.value:.3f}, warning level {row.level:.3f}"
        for row in list(drift[drift["warn"]].itertuples())
    ]
