"""The baseline: the set-up of the known public analysis, for comparison.

It clusters transactions instead of customers, by standardised balance, amount and age without any treatment, into
BASELINE_K clusters with k-means.
"""

import time
from collections.abc import Iterable

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from sklearn.cluster import KMeans

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import Fit
from jobs.segments.clustering_search import Clustering, measured, partitions, single_threaded
from jobs.segments.feature_spaces import MONEY, Floats, Scale, Space
from jobs.segments.sampling import as_doubles, sample_by_hash

BASELINE = "baseline"
BASELINE_K = 6
BASELINE_ROWS = 20_000
BASELINE_STARTS = 5
BASELINE_FEATURES = (*MONEY, "age")


def sample_transactions(transactions: DataFrame) -> pd.DataFrame:
    """Sample up to BASELINE_ROWS transactions with known balance and age.

    Returns:
        Columns transaction_id, balance, amount_mean (the amount of the transaction) and age in fractional years, as in
        the public analysis.

    """
    fractional_age = F.months_between("transaction_date", "birth_date") / 12
    rows = transactions.withColumns({"age": fractional_age, "amount_mean": F.col("amount")})
    complete = rows.where("age IS NOT NULL AND balance IS NOT NULL")
    wanted = complete.select("transaction_id", *as_doubles(BASELINE_FEATURES))
    return sample_by_hash(wanted, "transaction_id", BASELINE_ROWS).toPandas()


def fit_baseline(rows: pd.DataFrame, common: Space | None, seed: int) -> Clustering | None:
    """Fit the baseline and measure it like every other clustering.

    Args:
        rows: the result of `sample_transactions`.
        common: the customers' common space; the silhouette there is NaN without it, or if it has features that single
            transactions lack.
        seed: seed of the fit and of the random halves.

    Returns:
        The clustering, or None if there are fewer than BASELINE_K distinct rows.

    """
    if len(rows.drop_duplicates(list(BASELINE_FEATURES))) < BASELINE_K:
        return None
    space = Space("transactions", "raw", tuple(_raw_scale(name, rows) for name in BASELINE_FEATURES))
    points = space.transform(rows)
    comparable = common if common and {*common.feature_names} <= {*BASELINE_FEATURES} else None
    own_distances = quality.distances(points)
    common_distances = quality.distances(comparable.transform(rows)) if comparable else None
    with single_threaded():
        found = partitions(points, random_k_means, [BASELINE_K], own_distances, common_distances, seed)[BASELINE_K]
        return measured(space, BASELINE, BASELINE_K, points, found)


def random_k_means(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """scikit-learn's k-means: the best of BASELINE_STARTS random starts, which outliers may attract."""
    return {k: _fit(KMeans(k, n_init=BASELINE_STARTS, random_state=seed), rows) for k in ks}


def _fit(model: KMeans, rows: Floats) -> Fit:
    started = time.monotonic()
    centres = np.asarray(model.fit(rows).cluster_centers_)
    return Fit(centres, time.monotonic() - started)


def _raw_scale(name: str, rows: pd.DataFrame) -> Scale:
    """Standardise only: the limits are the extremes, so nothing is clipped."""
    values = rows[name].to_numpy(dtype=float)
    low, high = float(np.min(values)), float(np.max(values))
    deviation = float(values.std()) or 1.0
    return Scale(name, "raw", low, high, mean=float(values.mean()), deviation=deviation)
