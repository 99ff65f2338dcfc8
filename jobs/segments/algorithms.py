"""Clustering algorithms: k-means and bisecting k-means from scikit-learn, and Ward's hierarchy from SciPy.

Each algorithm returns only cluster centres. Every row is then assigned to its nearest centre, because that is how the
published model works; so all algorithms are measured in the same way.
"""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import BisectingKMeans, KMeans
from sklearn.metrics import pairwise_distances_argmin

from jobs.segments.feature_spaces import Floats

Ints = NDArray[np.int64]
K_MEANS_STARTS = 5
BISECTING_STARTS = 2
WARD_ROWS = 1_500  # Ward needs memory and time quadratic in the number of rows


class Fit(NamedTuple):
    """Cluster centres (one row per cluster, one column per feature) and the duration of the fit in seconds."""

    centres: Floats
    seconds: float


Algorithm = Callable[[Floats, Iterable[int], int], dict[int, Fit]]
"""Takes rows, numbers of clusters and a seed; returns a fit for each number of clusters."""


def k_means(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """Lloyd's algorithm: the best of K_MEANS_STARTS seeded starts."""
    return {k: _fit(KMeans(k, n_init=K_MEANS_STARTS, random_state=seed), rows) for k in ks}


def bisecting_k_means(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """Repeatedly split the cluster with the largest error (Steinbach, Karypis and Kumar 2000)."""
    return {k: _fit(BisectingKMeans(k, n_init=BISECTING_STARTS, random_state=seed), rows) for k in ks}


def ward(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """Ward's hierarchy (1963) of the first WARD_ROWS rows, cut at each k. It needs no seed."""
    first_rows = rows[:WARD_ROWS]
    started = time.monotonic()
    tree = linkage(first_rows, method="ward")
    seconds = time.monotonic() - started
    return {k: Fit(_cluster_means(first_rows, fcluster(tree, k, criterion="maxclust")), seconds) for k in ks}


ALGORITHMS: dict[str, Algorithm] = {
    "k-means": k_means,
    "bisecting k-means": bisecting_k_means,
    "Ward": ward,
}
SCALABLE = ("k-means", "bisecting k-means")
"""Algorithms that Spark's MLlib also has. Only these can be fitted to any number of customers and published."""


def nearest(rows: Floats, centres: Floats) -> Ints:
    """Return the index of the nearest centre for each row."""
    return np.asarray(pairwise_distances_argmin(rows, centres))


def _fit(model: KMeans | BisectingKMeans, rows: Floats) -> Fit:
    started = time.monotonic()
    centres = np.asarray(model.fit(rows).cluster_centers_)
    return Fit(centres, time.monotonic() - started)


def _cluster_means(rows: Floats, labels: Ints) -> Floats:
    return np.array([rows[labels == label].mean(axis=0) for label in np.unique(labels)])
