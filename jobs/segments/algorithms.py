"""Three ways to find k centres. A row belongs to the nearest: all are measured alike, and as they would be used.

scikit-learn's k-means and bisecting k-means; Ward's hierarchy (1963) by SciPy on the first rows, cut at each k.
"""

import time
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import BisectingKMeans, KMeans
from sklearn.metrics import pairwise_distances_argmin

from jobs.segments.spaces import Floats

Ints = NDArray[np.int64]
Centres = dict[int, tuple[Floats, float]]
"""By k: the centres, and the seconds that they took."""
STARTS = 5
WARD_ROWS = 1_500  # a hierarchy takes the square of its rows in memory and time


def k_means(rows: Floats, ks: Iterable[int], seed: int) -> Centres:
    """Lloyd's algorithm, the best of STARTS seeded starts."""
    return {k: _fit(KMeans(k, n_init=STARTS, random_state=seed), rows) for k in ks}


def bisecting_k_means(rows: Floats, ks: Iterable[int], seed: int) -> Centres:
    """Split the cluster with the largest error, again and again (Steinbach, Karypis and Kumar 2000)."""
    return {k: _fit(BisectingKMeans(k, n_init=2, random_state=seed), rows) for k in ks}


def ward(rows: Floats, ks: Iterable[int], seed: int) -> Centres:
    """The hierarchy of the first WARD_ROWS rows, cut at each k."""
    few = rows[:WARD_ROWS]
    started = time.monotonic()
    tree = linkage(few, method="ward")
    seconds = time.monotonic() - started
    return {k: (_means(few, fcluster(tree, k, criterion="maxclust")), seconds) for k in ks}


ALGORITHMS: dict[str, Callable[[Floats, Iterable[int], int], Centres]] = {
    "k-means": k_means,
    "bisecting k-means": bisecting_k_means,
    "Ward": ward,
}
SCALES = ("k-means", "bisecting k-means")
"""Those that Spark's MLlib has, so that they can be fitted to any number of customers and published."""


def nearest(rows: Floats, centres: Floats) -> Ints:
    """The position of each row's nearest centre."""
    return np.asarray(pairwise_distances_argmin(rows, centres))


def _fit(model: KMeans | BisectingKMeans, rows: Floats) -> tuple[Floats, float]:
    started = time.monotonic()
    return np.asarray(model.fit(rows).cluster_centers_), time.monotonic() - started


def _means(rows: Floats, labels: Ints) -> Floats:
    return np.array([rows[labels == label].mean(axis=0) for label in np.unique(labels)])
