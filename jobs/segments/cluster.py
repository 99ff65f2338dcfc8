"""Search for the best clustering, compare it with data without groups, fit it to all customers, and publish its model.

If no clustering is better than those of data without groups, the tables say so and hold no model.

Reads: customers, and transactions for the baseline. Writes: clusterings, segment_decisions, segment_model,
segment_dendrogram, segment_letters. It reads the previous segment_letters first, so that segments keep their letters.
Logs to the MLflow experiment `segments`.
"""

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as input_fingerprint
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow, use_experiment
from jobs.segments import selection_rule
from jobs.segments.algorithms import nearest
from jobs.segments.baseline import fit_baseline, sample_transactions
from jobs.segments.clustering_search import KS, Clustering, search
from jobs.segments.decision_rows import PublishedClustering, clustering_rows, decision_row
from jobs.segments.dendrogram import dendrogram_rows
from jobs.segments.feature_spaces import Floats, Space, common_space
from jobs.segments.final_fit import final_centres
from jobs.segments.null_search import search_null
from jobs.segments.sampling import read_own_table
from jobs.segments.search_sample import Sample, collect_sample
from jobs.segments.search_tracking import EXPERIMENT, track
from jobs.segments.segment_letters import assign_letters, updated_letters


def fingerprint(job: Job) -> str:
    """Return the fingerprint of the inputs and of the pinned number of clusters."""
    return input_fingerprint(job, job.settings.segments_k)


@needs_mlflow
def main(job: Job) -> None:
    """Track the search in MLflow, then publish its results and the model.

    Raises:
        BankError: BANK_SEGMENTS_K is out of range. All tables stay as they are.

    """
    pinned, seed = job.settings.segments_k, job.settings.seed
    _check_pinned(pinned)
    customers = job.read("customers")
    sample = collect_sample(customers)
    job.rows_in |= {"customers": sample.customers}

    candidates = [] if sample.reason else search(sample.rows, sample.usable, seed, KS)
    bars = search_null(job.spark, sample.rows, sample.usable, seed, KS) if candidates else {}
    chosen = selection_rule.choose(candidates, bars, pinned)
    previous_letters = read_own_table(job, "segment_letters").toPandas()
    published = fit_chosen(job, customers, sample, chosen, previous_letters) if chosen else None
    common = common_space(sample.rows, sample.usable) if candidates else None
    baseline = fit_baseline(sample_transactions(job.read("transactions")), common, seed)

    tried = clustering_rows(candidates, chosen, baseline, bars, pinned)
    decision = decision_row(sample, candidates, published, bars, pinned)
    experiment = use_experiment(job.settings, EXPERIMENT)
    track(experiment, f"{job.run_date}", tried, decision, _run_parameters(job, sample))

    letters = updated_letters(published.model, previous_letters) if published else previous_letters
    publish(job, "clusterings", _table("clusterings", tried))
    publish(job, "segment_dendrogram", dendrogram_of(sample, chosen))
    publish(job, "segment_model", published.model if published else _table("segment_model", []))
    publish(job, "segment_letters", letters)
    publish(job, "segment_decisions", _table("segment_decisions", [decision]))


def fit_chosen(
    job: Job, customers: DataFrame, sample: Sample, chosen: Clustering, previous_letters: pd.DataFrame
) -> PublishedClustering:
    """Fit the chosen clustering to all customers and give its segments letters."""
    points = chosen.space.transform(sample.rows)
    centres = largest_first(points, final_centres(customers, chosen, points))
    typical = typical_values(chosen.space, centres, sample.rows)
    letters = assign_letters(chosen.space, typical, previous_letters)
    return PublishedClustering(chosen, sample, centres, model_rows(chosen, centres, typical, letters))


def largest_first(points: Floats, centres: Floats) -> Floats:
    """Sort the centres by their number of points, largest first, and drop centres without points."""
    members = np.bincount(nearest(points, centres), minlength=len(centres))
    order = np.argsort(-members, kind="stable")
    return centres[order][members[order] > 0]


def typical_values(space: Space, centres: Floats, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the medians of each segment's customers in original units, one row per centre.

    Args:
        space: the space of the centres.
        centres: one row per segment; each is the nearest to some of the rows.
        rows: the sample, in original units.

    """
    labels = nearest(space.transform(rows), centres)
    return rows[space.feature_names].groupby(labels).median()


def model_rows(chosen: Clustering, centres: Floats, typical: pd.DataFrame, letters: list[str]) -> pd.DataFrame:
    """Return the rows of segment_model: one per segment and feature, sorted by letter.

    Args:
        chosen: the clustering that the search found; its error is the variance around the centres.
        centres: one row per segment.
        typical: medians of the segments in original units, in the same order.
        letters: one per segment, in the same order.

    """
    space = chosen.space
    records = [
        {
            "segment": letter,
            "feature": scale.feature,
            "treatment": scale.treatment,
            "low": scale.low,
            "high": scale.high,
            "knots": scale.knots,
            "mean": scale.mean,
            "deviation": scale.deviation,
            "centre": float(centres[index, column]),
            "variance": chosen.within / len(space.scales),
            "typical": float(typical[scale.feature].iloc[index]),
        }
        for index, letter in sorted(enumerate(letters), key=lambda pair: pair[1])
        for column, scale in enumerate(space.scales)
    ]
    return _table("segment_model", records)


def dendrogram_of(sample: Sample, chosen: Clustering | None) -> pd.DataFrame:
    """Return the rows of segment_dendrogram: Ward's hierarchy in the chosen space, or no rows without a choice."""
    if chosen is None:
        return _table("segment_dendrogram", [])
    return dendrogram_rows(chosen.space.transform(sample.rows))


def _check_pinned(pinned: int) -> None:
    if pinned not in (0, *KS):
        raise BankError(
            f"BANK_SEGMENTS_K is {pinned}, but it must be {KS[0]} to {KS[-1]}, or 0 to let the rule choose. "
            "The published segments stay as they are"
        )


def _run_parameters(job: Job, sample: Sample) -> dict[str, object]:
    """The parameters of the MLflow run; the fingerprint stands for code, arguments, seed and version of the data."""
    return {
        "fingerprint": job.fingerprint,
        "seed": job.settings.seed,
        "pinned": job.settings.segments_k,
        "customers": sample.customers,
        "complete": sample.complete,
        "sampled": len(sample.rows),
    }


def _table(table: str, records: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(records, columns=tables.columns(table))
