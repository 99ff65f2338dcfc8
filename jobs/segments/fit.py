"""The published centres, fitted by Spark's MLlib on up to FITTED customers in the space that the search chose.

One partition in the order of a hash: so the same centres come out on a laptop and on a cluster.
"""

import numpy as np
from pyspark.ml.clustering import BisectingKMeans, KMeans
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.segments.rows import sample
from jobs.segments.search import Clustering
from jobs.segments.spaces import Floats, Space

FITTED = 200_000
STARTS = 3


def final_centres(customers: DataFrame, chosen: Clustering, seed: int) -> Floats:
    """The centres, in the chosen space: of several seeded starts those with the smallest error."""
    rows = vectors(customers, chosen.space).cache()
    try:
        starts = range(seed, seed + (STARTS if chosen.algorithm == "k-means" else 1))
        fits = [_fit(rows, chosen, start) for start in starts]
    finally:
        rows.unpersist()
    return min(fits, key=lambda fit: fit[0])[1]


def vectors(customers: DataFrame, space: Space) -> DataFrame:
    """Column `features`: up to FITTED customers of whom all features are known, in the space."""
    complete = customers.where(" AND ".join(f"{name} IS NOT NULL" for name in space.names))
    few = sample(complete.select("customer_id", *space.names), "customer_id", FITTED)
    return few.select(array_to_vector(F.array(*[scale.column() for scale in space.scales])).alias("features"))


def _fit(rows: DataFrame, chosen: Clustering, seed: int) -> tuple[float, Floats]:
    """Error and centres of one fit."""
    if chosen.algorithm == "k-means":
        model = KMeans(k=chosen.k, seed=seed, maxIter=50, tol=1e-6, initSteps=4).fit(rows)
        return float(model.summary.trainingCost), np.array(model.clusterCenters())
    bisected = BisectingKMeans(k=chosen.k, seed=seed, maxIter=30).fit(rows)
    return float(bisected.summary.trainingCost), np.array(bisected.clusterCenters())
