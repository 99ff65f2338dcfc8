"""Compare tonight's data and scores with what the champion was trained on, and warn.

Reads: clients or credit, predictions. Writes: drift, one partition a night. On at most BANK_TRAINING_ROWS rows.
"""

import pandas as pd
from pyspark.ml import PipelineModel
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.rows import publish
from jobs.core.tracking import needs_mlflow
from jobs.models import registry
from jobs.models.card import Card
from jobs.models.folds import place
from jobs.models.problems import PROBLEMS, inputs, is_positive
from jobs.models.stability import psi


def fingerprint(job: Job) -> str:
    """That of the inputs, of the champion, whose training data is the measure, and of the level that warns."""
    return registry.fingerprint(job, job.settings.drift_warning)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the night's drift, with a warning for what moved."""
    problem = PROBLEMS[job.step.arguments["problem"]]
    version, model, card = registry.load_champion(job.settings, problem.name)
    found = measured(card, tonight(job, model, card), job.settings.drift_warning)
    job.warnings = [f"{problem.name}: {said}" for said in in_words(found)]
    partition = {"problem": problem.name, "run_date": job.run_date.isoformat()}
    publish(job, "drift", found.assign(model_version=version), partition)


def tonight(job: Job, model: PipelineModel, card: Card) -> pd.DataFrame:
    """Features as the champion derives them, `label`, `probability` and `place` of the clients."""
    problem = PROBLEMS[card.problem]
    labelled = job.read(problem.table).withColumn("label", is_positive(problem))
    rows = model.stages[0].transform(inputs(labelled, problem, card.columns, keep=(problem.key, "label")))
    given = job.read("predictions").where(f"problem = '{card.problem}'").select("client_id", "probability")
    joined = rows.join(given, rows[problem.key] == given["client_id"])
    order = F.xxhash64(rows[problem.key], F.lit(job.settings.seed))
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
