"""The baseline: the set-up of the known public analysis, for comparison.

It clusters transactions instead of customers, by standardised balance, amount and age without any treatment, into
BASELINE_K clusters with k-means.
"""

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from threadpoolctl import threadpool_limits

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import ALGORITHMS, nearest
from jobs.segments.clustering_search import Clustering
from jobs.segments.feature_spaces import FEATURES, Scale, Space
from jobs.segments.sampling import as_doubles, sample_by_hash

BASELINE = "baseline"
BASELINE_K = 6
BASELINE_ROWS = 20_000


def sample_transactions(transactions: DataFrame) -> pd.DataFrame:
    """Sample up to BASELINE_ROWS transactions with known balance and age.

    Returns:
        Columns transaction_id, balance, amount_mean (the amount of the transaction) and age in fractional years, as in
        the public analysis.

    """
    fractional_age = F.months_between("transaction_date", "birth_date") / 12
    rows = transactions.withColumns({"age": fractional_age, "amount_mean": F.col("amount")})
    complete = rows.where("age IS NOT NULL AND balance IS NOT NULL")
    wanted = complete.select("transaction_id", *as_doubles(FEATURES))
    return sample_by_hash(wanted, "transaction_id", BASELINE_ROWS).toPandas()


def fit_baseline(rows: pd.DataFrame, common: Space | None, seed: int) -> Clustering | None:
    """Fit the baseline and measure it like every other clustering.

    Args:
        rows: the result of `sample_transactions`.
        common: the customers' common space; without it the silhouette in that space is NaN.
        seed: seed of the fit and of the random halves.

    Returns:
        The clustering, or None if there are fewer than BASELINE_K distinct rows.

    """
    if len(rows.drop_duplicates(list(FEATURES))) < BASELINE_K:
        return None
    space = Space("transactions", "raw", tuple(_raw_scale(name, rows) for name in FEATURES))
    points = space.transform(rows)
    with threadpool_limits(1):
        centres, seconds = ALGORITHMS["k-means"](points, [BASELINE_K], seed)[BASELINE_K]
        labels = nearest(points, centres)
        in_common_space = quality.distances(common.transform(rows)) if common else None
        return Clustering(
            space=space,
            algorithm=BASELINE,
            k=BASELINE_K,
            centres=centres,
            silhouette=quality.silhouette(quality.distances(points), labels),
            silhouette_common=np.nan if in_common_space is None else quality.silhouette(in_common_space, labels),
            within=quality.within(points, centres, labels),
            davies_bouldin=quality.davies_bouldin(points, labels),
            smallest_share=quality.smallest_share(labels, BASELINE_K),
            stability=quality.stability(points, "k-means", {BASELINE_K: labels}, seed)[BASELINE_K],
            seconds=seconds,
        )


def _raw_scale(name: str, rows: pd.DataFrame) -> Scale:
    """Standardise only: the limits are the extremes, so nothing is clipped."""
    values = rows[name].to_numpy(dtype=float)
    low, high = float(np.min(values)), float(np.max(values))
    deviation = float(values.std()) or 1.0
    return Scale(name, "raw", low, high, mean=float(values.mean()), deviation=deviation)
