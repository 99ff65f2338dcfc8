"""The final fit: the chosen clustering fitted again with Spark's MLlib on up to FITTED customers.

All rows are in one partition ordered by a hash, so a laptop and a cluster compute the same centres.
"""

import numpy as np
from pyspark.ml.clustering import BisectingKMeans, KMeans
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.segments.algorithms import nearest
from jobs.segments.clustering_quality import smallest_share, within
from jobs.segments.clustering_search import Clustering
from jobs.segments.feature_spaces import Floats, Space
from jobs.segments.sampling import sample_by_hash
from jobs.segments.selection_rule import MIN_CLUSTER_SHARE

FITTED = 200_000
MAX_STARTS = 5  # usually the first start is good enough
MAX_ITERATIONS = 30
ERROR_TOLERANCE = 1.03  # a fit is good enough up to this multiple of the error that the search measured


def final_centres(customers: DataFrame, chosen: Clustering, points: Floats, seed: int) -> Floats:
    """Fit the chosen clustering to all customers, with several seeded starts if necessary.

    Args:
        customers: the table customers.
        chosen: the clustering that the search found.
        points: the search's sample in the space of the clustering; the fits are compared on it.
        seed: seed of the first start.

    Returns:
        The centres of the first start that is good enough, or those of the search if none is.

    """
    rows = feature_vectors(customers, chosen.space).cache()
    try:
        for start_seed in range(seed, seed + MAX_STARTS):
            centres = _fit(rows, chosen, start_seed)
            if good_enough(centres, chosen, points):
                return centres
    finally:
        rows.unpersist()
    return chosen.centres


def good_enough(centres: Floats, chosen: Clustering, points: Floats) -> bool:
    """Return True if the error is close to the search's and no cluster became too small.

    A cluster may be too small only if the search had such a cluster as well, which happens with a pinned k.
    """
    labels = nearest(points, centres)
    became_too_small = chosen.smallest_share >= MIN_CLUSTER_SHARE > smallest_share(labels, chosen.k)
    return not became_too_small and within(points, centres, labels) <= ERROR_TOLERANCE * chosen.within


def feature_vectors(customers: DataFrame, space: Space) -> DataFrame:
    """Transform up to FITTED complete customers into the space, as one vector column `features`."""
    complete = customers.where(" AND ".join(f"{name} IS NOT NULL" for name in space.feature_names))
    fitted = sample_by_hash(complete.select("customer_id", *space.feature_names), "customer_id", FITTED)
    transformed = F.array(*[scale.transform_column() for scale in space.scales])
    return fitted.select(array_to_vector(transformed).alias("features"))


def _fit(rows: DataFrame, chosen: Clustering, seed: int) -> Floats:
    algorithm = KMeans if chosen.algorithm == "k-means" else BisectingKMeans
    return np.array(algorithm(k=chosen.k, seed=seed, maxIter=MAX_ITERATIONS).fit(rows).clusterCenters())
