"""Quality measures of a clustering: silhouette (Rousseeuw 1987), Davies-Bouldin (1979), error, sizes and stability."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.metrics import adjusted_rand_score, davies_bouldin_score, pairwise_distances, silhouette_score

from jobs.segments.algorithms import ALGORITHMS, Ints, nearest
from jobs.segments.feature_spaces import Floats

RESAMPLES = 5
SILHOUETTE_ROWS = 1_500  # a silhouette compares all pairs of these rows


def distances(rows: Floats) -> Floats:
    """Return the distance matrix of the first SILHOUETTE_ROWS rows. Compute it once and use it for many clusterings."""
    return np.asarray(pairwise_distances(rows[:SILHOUETTE_ROWS]))


def silhouette(distance_matrix: Floats, labels: Ints) -> float:
    """Return the mean silhouette by Euclidean distances, or NaN if there is only one cluster.

    Args:
        distance_matrix: the result of `distances`, n x n.
        labels: cluster of each row; only the first n are used.

    """
    measured = labels[: len(distance_matrix)]
    clusters = len(set(measured))
    if not 1 < clusters < len(measured):
        return np.nan
    return float(silhouette_score(distance_matrix, measured, metric="precomputed"))


def within(rows: Floats, centres: Floats, labels: Ints) -> float:
    """Return the mean squared distance of a row to the centre of its cluster."""
    return float(np.mean(np.sum((rows - centres[labels]) ** 2, axis=1)))


def davies_bouldin(rows: Floats, labels: Ints) -> float:
    """Return the Davies-Bouldin index (smaller is better), or NaN if there is only one cluster."""
    return float(davies_bouldin_score(rows, labels)) if len(set(labels)) > 1 else np.nan


def smallest_share(labels: Ints, k: int) -> float:
    """Return the share of rows in the smallest of k clusters; 0 if a cluster is empty."""
    return float(np.bincount(labels, minlength=k).min() / len(labels))


def stability(rows: Floats, algorithm: str, labels_by_k: Mapping[int, Ints], seed: int) -> dict[int, float]:
    """Measure how well clusterings of random halves agree with the clustering of all rows.

    Args:
        rows: the rows in their feature space.
        algorithm: a key of ALGORITHMS.
        labels_by_k: for each number of clusters, the labels of all rows.
        seed: seed of the random halves and of the fits.

    Returns:
        For each number of clusters, the mean adjusted Rand index.

    """
    agreement: dict[int, list[float]] = {k: [] for k in labels_by_k}
    for half in random_halves(len(rows), seed):
        for k, fit in ALGORITHMS[algorithm](rows[half], list(labels_by_k), seed).items():
            agreement[k].append(float(adjusted_rand_score(labels_by_k[k], nearest(rows, fit.centres))))
    return {k: float(np.mean(indexes)) for k, indexes in agreement.items()}


def random_halves(rows: int, seed: int) -> Sequence[Ints]:
    """Draw RESAMPLES random halves of the row numbers."""
    rng = np.random.default_rng(seed)
    return [rng.permutation(rows)[: max(rows // 2, 1)] for _ in range(RESAMPLES)]
