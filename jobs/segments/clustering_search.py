"""The search: try every feature space, algorithm and number of clusters on one sample, with the same measures."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from sklearn import config_context
from threadpoolctl import threadpool_limits

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import ALGORITHMS, Algorithm, Fit, Ints
from jobs.segments.feature_spaces import Floats, Space, all_spaces, common_space

KS = range(2, 11)
PARALLEL_SPACES = 2
SAMPLE = 2_000  # customers on whom the candidates, and the null data, are measured
MEASURES = (
    "silhouette",
    "silhouette_common",
    "within",
    "davies_bouldin",
    "smallest_share",
    "stability",
    "membership",
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
        within: mean squared distance to the centre, in `space`.
        davies_bouldin: Davies-Bouldin index in `space`.
        smallest_share: share of the rows in the smallest cluster.
        stability: mean adjusted Rand index between clusterings of disjoint halves.
        membership: mean probability of the most likely cluster; NaN unless the algorithm is a mixture.
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
    membership: float
    seconds: float


@dataclass(frozen=True)
class Partition:
    """A fit with the cluster of each row, its silhouettes and its stability: what a null search measures, too."""

    fit: Fit
    labels: Ints
    silhouette: float
    silhouette_common: float
    stability: float


def search(customers: pd.DataFrame, usable: Sequence[str], seed: int, ks: Sequence[int] = KS) -> list[Clustering]:
    """Fit and measure all candidates.

    Two spaces run in parallel, each limited to one thread. So every machine computes the same digits.

    Args:
        customers: complete customers with columns FEATURES.
        usable: the features that can be used.
        seed: seed of the fits and of the random halves.
        ks: the numbers of clusters.

    """

    def search_space(space: Space) -> list[Clustering]:
        with single_threaded():  # the limits belong to the thread that sets them
            rows = space.transform(customers)
            own_distances = quality.distances(rows)
            return [
                measured(space, algorithm, k, rows, one)
                for algorithm, fit in ALGORITHMS.items()
                for k, one in partitions(rows, fit, ks, own_distances, common_distances, seed).items()
            ]

    with threadpool_limits(1), ThreadPoolExecutor(PARALLEL_SPACES) as pool:
        common_distances = quality.distances(common_space(customers, usable).transform(customers))
        return list(chain.from_iterable(pool.map(search_space, all_spaces(customers, usable))))


@contextmanager
def single_threaded() -> Iterator[None]:
    """Limit the numerical libraries to one thread, and skip scikit-learn's checks of values known to be good."""
    with threadpool_limits(1), config_context(assume_finite=True, skip_parameter_validation=True):
        yield


def partitions(
    rows: Floats, fit: Algorithm, ks: Sequence[int], own_distances: Floats, common_distances: Floats | None, seed: int
) -> dict[int, Partition]:
    """Fit one algorithm in one space for each number of clusters that isn't larger than the number of distinct rows.

    Args:
        rows: the customers in the space.
        fit: a value of ALGORITHMS.
        ks: the numbers of clusters.
        own_distances: distance matrix in the space.
        common_distances: distance matrix of the same customers in the common space; without it the silhouette there is
            NaN.
        seed: seed of the fits and of the random halves.

    """
    distinct_rows = len(np.unique(rows, axis=0))
    possible = [k for k in ks if k <= distinct_rows]
    fits = fit(rows, possible, seed)
    stability = quality.stability(rows, fit, possible, seed)
    labels = {k: one.labels(rows) for k, one in fits.items()}
    own = quality.silhouettes(own_distances, [*labels.values()])
    common = [np.nan] * len(own)
    if common_distances is not None:
        common = quality.silhouettes(common_distances, [*labels.values()])
    return {
        k: Partition(fits[k], labels[k], own_silhouette, common_silhouette, stability[k])
        for k, own_silhouette, common_silhouette in zip(possible, own, common, strict=True)
    }


def measured(space: Space, algorithm: str, k: int, rows: Floats, one: Partition) -> Clustering:
    """Return a partition of the rows with all measures; the rows are in the space."""
    return Clustering(
        space=space,
        algorithm=algorithm,
        k=k,
        centres=one.fit.centres,
        silhouette=one.silhouette,
        silhouette_common=one.silhouette_common,
        within=quality.within(rows, one.fit.centres, one.labels),
        davies_bouldin=quality.davies_bouldin(rows, one.labels),
        smallest_share=quality.smallest_share(one.labels, k),
        stability=one.stability,
        membership=one.fit.membership(rows),
        seconds=one.fit.seconds,
    )
