"""The final fit: the centres of the chosen clustering, moved to the means of up to FITTED customers.

Lloyd's algorithm starts from the centres of the search, so one start is enough. The customers are selected and ordered
by a hash and fitted in one thread, so a laptop and a cluster compute the same centres.
"""

import pandas as pd
from pyspark.sql import DataFrame
from scipy.cluster.vq import kmeans2
from threadpoolctl import threadpool_limits

from jobs.segments.algorithms import nearest
from jobs.segments.clustering_quality import smallest_share, within
from jobs.segments.clustering_search import Clustering
from jobs.segments.feature_spaces import Floats, Space, with_history_only
from jobs.segments.sampling import as_doubles, sample_by_hash
from jobs.segments.selection_rule import MIN_CLUSTER_SHARE

FITTED = 200_000
MAX_ITERATIONS = 20
ERROR_TOLERANCE = 1.03  # a fit is good enough up to this multiple of the error that the search measured


def final_centres(customers: DataFrame, chosen: Clustering, points: Floats) -> Floats:
    """Fit the chosen clustering to up to FITTED customers.

    Args:
        customers: the table customers.
        chosen: the clustering that the search found.
        points: the search's sample in the space of the clustering; the fit is measured on it.

    Returns:
        The fitted centres, or those of the search if the fit is not good enough.

    """
    rows = chosen.space.transform(complete_customers(customers, chosen.space))
    with threadpool_limits(1):
        centres, _ = kmeans2(rows, chosen.centres, MAX_ITERATIONS, minit="matrix", check_finite=False)
    return centres if good_enough(centres, chosen, points) else chosen.centres


def good_enough(centres: Floats, chosen: Clustering, points: Floats) -> bool:
    """Return True if the error is close to the search's and no cluster became too small.

    A cluster may be too small only if the search had such a cluster as well, which happens with a pinned k.
    """
    labels = nearest(points, centres)
    became_too_small = chosen.smallest_share >= MIN_CLUSTER_SHARE > smallest_share(labels, chosen.k)
    return not became_too_small and within(points, centres, labels) <= ERROR_TOLERANCE * chosen.within


def complete_customers(customers: DataFrame, space: Space) -> pd.DataFrame:
    """Collect up to FITTED customers who have all features of the space."""
    complete = with_history_only(customers).where(" AND ".join(f"{name} IS NOT NULL" for name in space.feature_names))
    wanted = complete.select("customer_id", *as_doubles(space.feature_names))
    return sample_by_hash(wanted, "customer_id", FITTED).toPandas()
