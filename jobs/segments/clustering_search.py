"""The search: try every feature space, algorithm and number of clusters on one sample, with the same measures."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from sklearn import config_context
from threadpoolctl import threadpool_limits

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import ALGORITHMS, nearest
from jobs.segments.feature_spaces import Floats, Space, all_spaces, common_space

KS = range(2, 11)
PARALLEL_SPACES = 2
SAMPLE = 5_000  # customers on whom the candidates are measured
MEASURES = (
    "silhouette",
    "silhouette_common",
    "within",
    "davies_bouldin",
    "smallest_share",
    "stability",
    "seconds",
)


@dataclass(frozen=True)
class Clustering:
    """One candidate: k centres in a feature space, and its measured quality.

    Attributes:
        space: the feature space of the centres.
        algorithm: a key of ALGORITHMS, or `baseline`.
        k: number of clusters.
        centres: one row per cluster, one column per feature.
        silhouette: mean silhouette in `space`.
        silhouette_common: mean silhouette in the common space.
        within: mean squared distance to the nearest centre, in `space`.
        davies_bouldin: Davies-Bouldin index in `space`.
        smallest_share: share of the rows in the smallest cluster.
        stability: mean adjusted Rand index with clusterings of random halves.
        seconds: duration of the fit.

    """

    space: Space
    algorithm: str
    k: int
    centres: Floats
    silhouette: float
    silhouette_common: float
    within: float
    davies_bouldin: float
    smallest_share: float
    stability: float
    seconds: float


def search(customers: pd.DataFrame, usable: Sequence[str], seed: int) -> list[Clustering]:
    """Fit and measure all candidates.

    Two spaces run in parallel, each limited to one thread. So every machine computes the same digits.

    Args:
        customers: complete customers with columns FEATURES.
        usable: the features that can be used.
        seed: seed of the fits and of the random halves.

    """

    def measure_space(space: Space) -> list[Clustering]:
        # Both limits belong to the thread that sets them, so they are set here and not outside the pool.
        with threadpool_limits(1, "openmp"), config_context(assume_finite=True, skip_parameter_validation=True):
            return search_space(space, space.transform(customers), common_distances, seed)

    with threadpool_limits(1), ThreadPoolExecutor(PARALLEL_SPACES) as pool:
        common_distances = quality.distances(common_space(customers, usable).transform(customers))
        return list(chain.from_iterable(pool.map(measure_space, all_spaces(customers, usable))))


def search_space(space: Space, rows: Floats, common_distances: Floats, seed: int) -> list[Clustering]:
    """Try all algorithms and numbers of clusters in one space, with at most as many clusters as distinct rows.

    Args:
        space: the space.
        rows: the customers in this space.
        common_distances: distance matrix of the same customers in the common space.
        seed: seed of the fits and of the random halves.

    """
    own_distances = quality.distances(rows)
    distinct_rows = len(np.unique(rows, axis=0))
    ks = [k for k in KS if k <= distinct_rows]
    candidates = []
    for algorithm in ALGORITHMS:
        fits = ALGORITHMS[algorithm](rows, ks, seed)
        labels = {k: nearest(rows, fit.centres) for k, fit in fits.items()}
        stability = quality.stability(rows, algorithm, labels, seed)
        candidates += [
            Clustering(
                space=space,
                algorithm=algorithm,
                k=k,
                centres=fit.centres,
                silhouette=quality.silhouette(own_distances, labels[k]),
                silhouette_common=quality.silhouette(common_distances, labels[k]),
                within=quality.within(rows, fit.centres, labels[k]),
                davies_bouldin=quality.davies_bouldin(rows, labels[k]),
                smallest_share=quality.smallest_share(labels[k], k),
                stability=stability[k],
                seconds=fit.seconds,
            )
            for k, fit in fits.items()
        ]
    return candidates
