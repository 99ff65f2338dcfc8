"""Clustering algorithms: k-means and Ward by SciPy, bisecting k-means and Gaussian mixtures by scikit-learn.

The numbers of clusters share their work: one Ward tree is cut at every k, and each cut is where k-means starts. So
k-means needs one start, and the same one on every machine. SciPy's k-means has no overhead per call, which matters for
thousands of small fits.
"""

import time
import warnings
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2, vq
from sklearn.cluster import BisectingKMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from jobs.segments.feature_spaces import Floats

Ints = NDArray[np.int64]
WARD_ROWS = 1_000  # Ward needs memory and time quadratic in the number of rows
START_ROWS = 300  # rows of the Ward tree from which k-means starts
K_MEANS_ITERATIONS = 10
MIXTURE_ITERATIONS = 12
MIXTURE_REGULARISATION = 1e-3  # added to the variances, in squared standard deviations of the features


class Fit(NamedTuple):
    """A fitted clustering.

    Attributes:
        centres: one row per cluster, one column per feature.
        seconds: duration of the fit.
        mixture: the mixture whose most likely component is a row's cluster; without one the nearest centre is.

    """

    centres: Floats
    seconds: float
    mixture: GaussianMixture | None = None

    def labels(self, rows: Floats) -> Ints:
        """Return the cluster of each row."""
        return nearest(rows, self.centres) if self.mixture is None else np.asarray(self.mixture.predict(rows))

    def membership(self, rows: Floats) -> float:
        """Return the mean probability of a row's most likely cluster, or NaN without a mixture."""
        return np.nan if self.mixture is None else float(self.mixture.predict_proba(rows).max(axis=1).mean())


Algorithm = Callable[[Floats, Iterable[int], int], dict[int, Fit]]
"""Takes rows, numbers of clusters and a seed; returns a fit for each number of clusters."""


def k_means(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """Lloyd's algorithm, started from the clusters of Ward's hierarchy. It needs no seed."""
    starts = ward(rows[:START_ROWS], ks, seed)
    return {k: _fit_k_means(rows, start.centres) for k, start in starts.items()}


def bisecting_k_means(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """Repeatedly split the cluster with the largest error (Steinbach, Karypis and Kumar 2000)."""
    return {k: _fit_bisecting(rows, k, seed) for k in ks}


def ward(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """Ward's hierarchy (1963) of the first WARD_ROWS rows, cut at each k. It needs no seed."""
    first_rows = rows[:WARD_ROWS]
    started = time.monotonic()
    tree = linkage(first_rows, method="ward")
    seconds = time.monotonic() - started
    return {k: Fit(_cluster_means(first_rows, fcluster(tree, k, criterion="maxclust")), seconds) for k in ks}


def gaussian_mixture(rows: Floats, ks: Iterable[int], seed: int) -> dict[int, Fit]:
    """A mixture of Gaussians with full covariances, fitted by expectation-maximisation from the clusters of k-means."""
    return {k: _fit_mixture(rows, start.centres, seed) for k, start in k_means(rows, ks, seed).items()}


ALGORITHMS: dict[str, Algorithm] = {
    "k-means": k_means,
    "bisecting k-means": bisecting_k_means,
    "Ward": ward,
    "Gaussian mixture": gaussian_mixture,
}
SCALABLE = ("k-means", "bisecting k-means")
"""Algorithms whose model is one centre per segment. Only these are fitted to all customers and published."""


def nearest(rows: Floats, centres: Floats) -> Ints:
    """Return the index of the nearest centre for each row."""
    return np.asarray(vq(rows, centres, check_finite=False)[0])


def _fit_k_means(rows: Floats, start: Floats) -> Fit:
    started = time.monotonic()
    centres, _ = kmeans2(rows, start, K_MEANS_ITERATIONS, minit="matrix", check_finite=False)
    return Fit(centres, time.monotonic() - started)


def _fit_bisecting(rows: Floats, k: int, seed: int) -> Fit:
    started = time.monotonic()
    centres = np.asarray(BisectingKMeans(k, random_state=seed).fit(rows).cluster_centers_)
    return Fit(centres, time.monotonic() - started)


def _fit_mixture(rows: Floats, start: Floats, seed: int) -> Fit:
    started = time.monotonic()
    k, features = start.shape
    error = float(np.mean((rows - start[nearest(rows, start)]) ** 2))
    mixture = GaussianMixture(
        k,
        max_iter=MIXTURE_ITERATIONS,
        reg_covar=MIXTURE_REGULARISATION,
        weights_init=np.full(k, 1 / k),
        means_init=start,
        precisions_init=np.tile(np.eye(features) / max(error, MIXTURE_REGULARISATION), (k, 1, 1)),
        init_params="random_from_data",  # cheap, and replaced by the start above
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(rows)
    return Fit(np.asarray(mixture.means_), time.monotonic() - started, mixture)


def _cluster_means(rows: Floats, labels: Ints) -> Floats:
    return np.array([rows[labels == label].mean(axis=0) for label in np.unique(labels)])
