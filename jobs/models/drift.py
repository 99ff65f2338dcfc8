"""Compare tonight's data and scores with what the champion was trained on, and warn.

Reads: clients or credit, predictions. Writes: drift, one partition a night. On at most BANK_TRAINING_ROWS rows.
"""

import pandas as pd
from pyspark.ml import PipelineModel
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow
from jobs.models import registry
from jobs.models.folds import place
from jobs.models.psi import psi
from jobs.models.scoring_config import Card
from jobs.models.use_cases import USE_CASES, inputs, is_positive


def fingerprint(job: Job) -> str:
    """That of the inputs, of the champion, whose training data is the measure, and of the level that warns."""
    return registry.fingerprint(job, job.settings.drift_warning)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the night's drift, with a warning for what moved."""
    use_case = USE_CASES[job.step.arguments["use_case"]]
    version, model, card = registry.load_champion(job.settings, use_case.name)
    found = measured(card, tonight(job, model, card), job.settings.drift_warning)
    job.warnings = [f"{use_case.name}: {said}" for said in in_words(found)]
    partition = {"use_case": use_case.name, "run_date": job.run_date.isoformat()}
    publish(job, "drift", found.assign(model_version=version), partition)


def tonight(job: Job, model: PipelineModel, card: Card) -> pd.DataFrame:
    """Features as the champion derives them, `label`, `probability` and `place` of the clients."""
    use_case = USE_CASES[card.use_case]
    labelled = job.read(use_case.table).withColumn("label", is_positive(use_case))
    rows = model.stages[0].transform(inputs(labelled, use_case, card.columns, keep=(use_case.key, "label")))
    given = job.read("predictions").where(f"use_case = '{card.use_case}'").select("client_id", "probability")
    joined = rows.join(given, rows[use_case.key] == given["client_id"])
    order = F.xxhash64(rows[use_case.key], F.lit(job.settings.seed))
    chosen = joined.orderBy(order).select("label", "probability", place(card.columns).alias("place"), *card.features)
    return chosen.limit(job.settings.training_rows).toPandas()


def in_words(found: pd.DataFrame) -> list[str]:
    """A sentence for each row that warns."""
    return [
        f"{row.column_name} moved: {row.measure} {row.value:.3f}, from {row.level:.3f} on a warning"
        for row in list(found[found["warn"]].itertuples())
    ]


def measured(card: Card, rows: pd.DataFrame, level: float) -> pd.DataFrame:
    """PSI of each feature and of the scores, and how far the rate of the outcome moved, each with its warning level."""
    found = [("feature", name, psi(card.reference[name], rows[name])) for name in card.features]
    unseen = rows[rows["place"] < card.holdout_below]  # a model is surer of what it was trained on
    if len(unseen):
        found.append(("score", "probability", psi(card.scores, unseen["probability"])))
    table = pd.DataFrame(found, columns=["measure", "column_name", "value"]).assign(level=level)
    shift = pd.DataFrame(
        [("label", "outcome", float(rows["label"].mean()) - card.positive_rate, card.positive_rate / 4)]
    )
    shift.columns = ["measure", "column_name", "value", "level"]
    both = pd.concat([table, shift], ignore_index=True)
    return both.assign(warn=both["value"].abs() >= both["level"])
