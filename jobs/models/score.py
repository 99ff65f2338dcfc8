"""Score all clients with the champion: probability, decision, top reasons, model version.

Reads: clients or credit, model_runs. Writes: predictions, top_clients (those that the report shows).
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.tracking import needs_mlflow
from jobs.models import registry
from jobs.models.explain import with_reasons
from jobs.models.scoring_config import Card, scored
from jobs.models.use_cases import USE_CASES, inputs

SHOWN = 10


def fingerprint(job: Job) -> str:
    """That of the inputs and of the champion, which a rollback changes without a new table."""
    return registry.fingerprint(job)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the predictions of all clients."""
    use_case = USE_CASES[job.step.arguments["use_case"]]
    version, model, card = registry.load_champion(job.settings, use_case.name)
    rows = inputs(job.read(use_case.table), use_case, card.columns, keep=(use_case.key,))
    if rows.isEmpty():
        raise BankError(f"table {use_case.table} is empty: load it first: python -m jobs run ingest.{use_case.table}")
    explained = with_reasons(scored(model, card, rows), model, card, [use_case.key, "probability"])
    partition = {"use_case": use_case.name}
    job.publish("predictions", decided(explained, card, version), partition)
    predictions = job.spark.table(f"{job.settings.database}.predictions").where(f"use_case = '{use_case.name}'")
    job.publish("top_clients", best(predictions).drop("use_case"), partition)


def decided(explained: DataFrame, card: Card, version: int) -> DataFrame:
    """Add what the bank does at the card's threshold, and with which model."""
    return explained.select(
        *("client_id", "probability", "reasons"),
        (F.col("probability") >= card.threshold).alias("act"),
        F.lit(card.threshold).alias("threshold"),
        F.lit(version).alias("model_version"),
    )


def best(predictions: DataFrame) -> DataFrame:
    """The clients with the largest probabilities."""
    return predictions.orderBy(F.desc("probability"), "client_id").limit(SHOWN)
