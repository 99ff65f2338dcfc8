"""The published centres, fitted by Spark's MLlib on up to FITTED customers in the space that the search chose.

One partition in the order of a hash: so the same centres come out on a laptop and on a cluster.
"""

import numpy as np
from pyspark.ml.clustering import BisectingKMeans, KMeans
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.segments.algorithms import nearest
from jobs.segments.clustering_search import Clustering
from jobs.segments.customer_samples import sample
from jobs.segments.quality import smallest_share, within
from jobs.segments.selection_rule import SMALLEST
from jobs.segments.spaces import Floats, Space

FITTED = 200_000
STARTS = 5  # at most; mostly the first is good enough
WORSE = 1.03  # times the error of the clustering that the search had found, up to which a fit is good enough


def final_centres(customers: DataFrame, chosen: Clustering, points: Floats, seed: int) -> Floats:
    """The centres, in the chosen space: the first of several seeded starts that is good enough.

    If none is, the centres that the search found.

    Args:
        customers: all of them.
        chosen: what the search found.
        points: its sample, in its space; the fits are compared on it.
        seed: of the first start.

    """
    rows = vectors(customers, chosen.space).cache()
    try:
        for start in range(seed, seed + STARTS):
            centres = _fit(rows, chosen, start)
            if good_enough(centres, chosen, points):
                return centres
    finally:
        rows.unpersist()
    return chosen.centres


def good_enough(centres: Floats, chosen: Clustering, points: Floats) -> bool:
    """True if the error is near that of the search, and no cluster is too small where the search had none such."""
    labels = nearest(points, centres)
    thin = chosen.smallest_share >= SMALLEST > smallest_share(labels, chosen.k)
    return not thin and within(points, centres, labels) <= WORSE * chosen.within


def vectors(customers: DataFrame, space: Space) -> DataFrame:
    """Column `features`: up to FITTED customers of whom all features are known, in the space."""
    complete = customers.where(" AND ".join(f"{name} IS NOT NULL" for name in space.names))
    few = sample(complete.select("customer_id", *space.names), "customer_id", FITTED)
    return few.select(array_to_vector(F.array(*[scale.column() for scale in space.scales])).alias("features"))


def _fit(rows: DataFrame, chosen: Clustering, seed: int) -> Floats:
    algorithm = KMeans if chosen.algorithm == "k-means" else BisectingKMeans
    return np.array(algorithm(k=chosen.k, seed=seed, maxIter=30).fit(rows).clusterCenters())
