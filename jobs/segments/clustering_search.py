"""The whole field: every space, algorithm and number of clusters, measured alike on one sample of customers."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from sklearn import config_context
from threadpoolctl import threadpool_limits

from jobs.segments import quality
from jobs.segments.algorithms import ALGORITHMS, nearest
from jobs.segments.spaces import Floats, Space, all_spaces, common_space

KS = range(2, 11)
AT_ONCE = 2
SAMPLE = 5_000  # customers on which the field is measured; their order is that of a hash
MEASURES = ("silhouette", "silhouette_common", "within", "davies_bouldin", "smallest_share", "stability", "seconds")


@dataclass(frozen=True)
class Clustering:
    """Centres in a space, with what was measured."""

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
    """Measure the field on complete customers (columns FEATURES).

    Two spaces at a time, and one thread for each: the same digits on every machine.
    """

    def measured(space: Space) -> list[Clustering]:
        # Both are the thread's own: OpenMP's limit as well as scikit-learn's settings.
        with threadpool_limits(1, "openmp"), config_context(assume_finite=True, skip_parameter_validation=True):
            return in_space(space, space.applied(customers), common, seed)

    with threadpool_limits(1), ThreadPoolExecutor(AT_ONCE) as pool:
        common = quality.distances(common_space(customers, usable).applied(customers))
        return list(chain.from_iterable(pool.map(measured, all_spaces(customers, usable))))


def in_space(space: Space, rows: Floats, common: Floats, seed: int) -> list[Clustering]:
    """All algorithms and numbers of clusters in one space; no more clusters than there are different rows."""
    apart, different = quality.distances(rows), len(np.unique(rows, axis=0))
    ks = [k for k in KS if k <= different]
    return [
        clustering
        for algorithm in ALGORITHMS
        for clustering in _of_algorithm(space, algorithm, rows, (apart, common), ks, seed)
    ]


def _of_algorithm(
    space: Space, algorithm: str, rows: Floats, apart: tuple[Floats, Floats], ks: list[int], seed: int
) -> list[Clustering]:
    found = ALGORITHMS[algorithm](rows, ks, seed)
    labels = {k: nearest(rows, centres) for k, (centres, _) in found.items()}
    stable = quality.stability(rows, algorithm, labels, seed)
    return [
        Clustering(
            *(space, algorithm, k, centres),
            *(quality.silhouette(apart[0], labels[k]), quality.silhouette(apart[1], labels[k])),
            *(quality.within(rows, centres, labels[k]), quality.davies_bouldin(rows, labels[k])),
            *(quality.smallest_share(labels[k], k), stable[k], seconds),
        )
        for k, (centres, seconds) in found.items()
    ]
