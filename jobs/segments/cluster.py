"""Measure the whole field of clusterings, choose one by the rule, fit it to all customers, and keep it as a model.

Reads: customers, transactions (for the baseline). Writes: clusterings, segment_decisions, segment_model,
segment_dendrogram, segment_letters, at which it looks first, so that letters stay. Logs to MLflow: `segments`.
"""

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as of_inputs
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.segments import selection_rule
from jobs.segments.algorithms import nearest
from jobs.segments.baseline import baseline, transactions_sample
from jobs.segments.clustering_search import KS, Clustering, search
from jobs.segments.customer_samples import own
from jobs.segments.decision_rows import CLUSTERINGS, DECISION, Published, decision, field_rows
from jobs.segments.dendrogram import COLUMNS as DENDROGRAM
from jobs.segments.dendrogram import dendrogram
from jobs.segments.fit import final_centres
from jobs.segments.letters import letters, remembered
from jobs.segments.search_sample import Sample, collect
from jobs.segments.search_tracking import EXPERIMENT, track
from jobs.segments.spaces import Floats, Space, common_space

MODEL = ("segment", "feature", "treatment", "low", "high", "knots", "mean", "deviation", "centre", "typical")


def fingerprint(job: Job) -> str:
    """That of the inputs, and of the pinned number of clusters."""
    return of_inputs(job, job.settings.segments_k)


@needs_mlflow
def main(job: Job) -> None:
    """Publish the field, the decision and the model, after they are tracked."""
    customers, pinned, seed = job.read("customers"), job.settings.segments_k, job.settings.seed
    if pinned not in (0, *KS):
        raise BankError(
            f"BANK_SEGMENTS_K is {pinned}; it can be {KS[0]} to {KS[-1]}, or 0 for the rule. All stays as it is"
        )
    known = collect(customers)
    job.rows_in |= {"customers": known.customers}
    field = [] if known.reason else search(known.rows, known.usable, seed)
    chosen = selection_rule.choose(field, pinned)
    before = own(job, "segment_letters").toPandas()
    published = fitted(job, customers, known, chosen, before) if chosen else None
    common = common_space(known.rows, known.usable) if field else None
    reference = baseline(transactions_sample(job.read("transactions")), common, seed)
    rows = field_rows(field, chosen, reference, pinned)
    decided = decision(known, field, published, pinned)
    track(use_experiment(job.settings, EXPERIMENT), f"{job.run_date}", rows, decided, about(job, known))
    publish(job, "clusterings", pd.DataFrame(rows, columns=list(CLUSTERINGS)))
    publish(job, "segment_dendrogram", merges(known, chosen))
    publish(job, "segment_model", published.model if published else pd.DataFrame(columns=list(MODEL)))
    publish(job, "segment_letters", remembered(published.model, before) if published else before)
    publish(job, "segment_decisions", pd.DataFrame([decided], columns=list(DECISION)))


def fitted(job: Job, customers: DataFrame, known: Sample, chosen: Clustering, before: pd.DataFrame) -> Published:
    """The chosen clustering as it is published: fitted to all customers, lettered, measured again."""
    points = chosen.space.applied(known.rows)
    centres = by_size(points, final_centres(customers, chosen, points, job.settings.seed))
    names = letters(chosen.space, centres, before)
    return Published(chosen, known, centres, model_rows(chosen.space, centres, names, known.rows))


def by_size(points: Floats, centres: Floats) -> Floats:
    """The centres, those that most points are nearest to first; one that none is nearest to is dropped."""
    members = np.bincount(nearest(points, centres), minlength=len(centres))
    order = np.argsort(-members, kind="stable")
    return centres[order][members[order] > 0]


def model_rows(space: Space, centres: Floats, names: list[str], rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of segment_model: a row for each segment and feature, segments in the order of their letters."""
    labels = nearest(space.applied(rows), centres)
    found = [
        (
            *(name, scale.feature, scale.treatment, scale.low, scale.high, scale.knots, scale.mean, scale.deviation),
            *(float(centres[place, column]), float(rows.loc[labels == place, scale.feature].median())),
        )
        for place, name in sorted(enumerate(names), key=lambda pair: pair[1])
        for column, scale in enumerate(space.scales)
    ]
    return pd.DataFrame(found, columns=list(MODEL))


def merges(known: Sample, chosen: Clustering | None) -> pd.DataFrame:
    """The rows of segment_dendrogram: Ward's hierarchy in the space that was chosen."""
    if chosen is None:
        return pd.DataFrame(columns=list(DENDROGRAM))
    return dendrogram(chosen.space.applied(known.rows))


def about(job: Job, known: Sample) -> dict[str, object]:
    """What the night ran with; the fingerprint stands for code, arguments, seed and the version of the data."""
    data = {"customers": known.customers, "complete": known.complete, "sampled": len(known.rows)}
    return {"fingerprint": job.fingerprint, "seed": job.settings.seed, "pinned": job.settings.segments_k, **data}
