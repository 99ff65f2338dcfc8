"""The set-up of the known public analysis: transactions, not customers, with raw balance, amount and age, k = 6."""

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from threadpoolctl import threadpool_limits

from jobs.segments import quality
from jobs.segments.algorithms import ALGORITHMS, nearest
from jobs.segments.clustering_search import Clustering
from jobs.segments.customer_samples import doubles, sample
from jobs.segments.spaces import FEATURES, Scale, Space

K, ROWS = 6, 20_000
NAME = "baseline"


def transactions_sample(transactions: DataFrame) -> pd.DataFrame:
    """Balance, amount (as amount_mean) and age of up to ROWS complete transactions."""
    age = F.months_between("transaction_date", "birth_date") / 12
    rows = transactions.withColumns({"age": age, "amount_mean": F.col("amount")})
    complete = rows.where("age IS NOT NULL AND balance IS NOT NULL")
    return sample(complete.select("transaction_id", *doubles(FEATURES)), "transaction_id", ROWS).toPandas()


def baseline(rows: pd.DataFrame, common: Space | None, seed: int) -> Clustering | None:
    """That clustering, measured like all others; None where the rows hold fewer than K different ones.

    Args:
        rows: balance, amount_mean and age of transactions.
        common: the common space of the customers; without it the silhouette there is not a number.
        seed: of the fit.

    """
    if len(rows.drop_duplicates(list(FEATURES))) < K:
        return None
    space = Space("transactions", "raw", tuple(_raw(name, rows) for name in FEATURES))
    points = space.applied(rows)
    with threadpool_limits(1):
        (centres, seconds) = ALGORITHMS["k-means"](points, [K], seed)[K]
        labels = nearest(points, centres)
        there = quality.silhouette(quality.distances(common.applied(rows)), labels) if common else np.nan
        return Clustering(
            *(space, NAME, K, centres),
            *(quality.silhouette(quality.distances(points), labels), there),
            *(quality.within(points, centres, labels), quality.davies_bouldin(points, labels)),
            *(quality.smallest_share(labels, K), quality.stability(points, "k-means", {K: labels}, seed)[K], seconds),
        )


def _raw(name: str, rows: pd.DataFrame) -> Scale:
    values = rows[name].to_numpy(dtype=float)
    spread = float(values.std()) or 1.0
    return Scale(name, "winsorised", float(np.min(values)), float(np.max(values)), (), float(values.mean()), spread)
