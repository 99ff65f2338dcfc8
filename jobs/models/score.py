"""Scores all clients with the champion: probability, decision, strongest reasons and model version.

Reads: clients or credit, model_runs. Writes: predictions, top_clients.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.tracking import needs_mlflow
from jobs.models import model_registry
from jobs.models.explanations import with_reasons
from jobs.models.scoring_config import ScoringConfig, score
from jobs.models.use_cases import USE_CASES, model_inputs

TOP_CLIENTS = 10


def fingerprint(job: Job) -> str:
    """Return the fingerprint of the inputs and the champion, which a rollback changes without a new table."""
    return model_registry.fingerprint(job)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the predictions of all clients."""
    use_case = USE_CASES[job.step.arguments["use_case"]]
    version, model, config = model_registry.load_champion(job.settings, use_case.name)
    rows = model_inputs(job.read(use_case.table), use_case, config.columns, keep=(use_case.key,))
    if rows.isEmpty():
        raise BankError(f"table {use_case.table} is empty: load it first: bankstack run ingest.{use_case.table}")
    explained = with_reasons(score(model, config, rows), model, config, [use_case.key, "probability"])
    partition = {"use_case": use_case.name}
    job.publish("predictions", with_decisions(explained, config, version), partition)
    predictions = job.spark.table(f"{job.settings.database}.predictions").where(f"use_case = '{use_case.name}'")
    job.publish("top_clients", top_clients(predictions).drop("use_case"), partition)


def with_decisions(explained: DataFrame, config: ScoringConfig, version: int) -> DataFrame:
    """Add the bank's decision at the threshold, the threshold, and the model's version."""
    return explained.select(
        "client_id",
        "probability",
        "reasons",
        (F.col("probability") >= config.threshold).alias("act"),
        F.lit(config.threshold).alias("threshold"),
        F.lit(version).alias("model_version"),
    )


def top_clients(predictions: DataFrame) -> DataFrame:
    """Return the clients with the highest probabilities."""
    return predictions.orderBy(F.desc("probability"), "client_id").limit(TOP_CLIENTS)
