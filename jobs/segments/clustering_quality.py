"""Quality measures of a clustering: silhouette (Rousseeuw 1987), Davies-Bouldin (1979), error, sizes and stability."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.metrics import adjusted_rand_score, davies_bouldin_score, pairwise_distances

from jobs.segments.algorithms import Algorithm, Ints
from jobs.segments.feature_spaces import Floats

SPLITS = 2
SILHOUETTE_ROWS = 1_000  # a silhouette compares all pairs of these rows


def distances(rows: Floats) -> Floats:
    """Return the distance matrix of the first SILHOUETTE_ROWS rows. Compute it once and use it for many clusterings."""
    return np.asarray(pairwise_distances(rows[:SILHOUETTE_ROWS]))


def silhouettes(distance_matrix: Floats, labelings: Sequence[Ints]) -> list[float]:
    """Return the mean silhouette of each clustering by Euclidean distances, or NaN if it has only one cluster.

    They equal scikit-learn's `silhouette_score`. One matrix product for all clusterings makes them ten times faster.

    Args:
        distance_matrix: the result of `distances`, n x n.
        labelings: for each clustering the cluster of each row; only the first n are used.

    """
    n = len(distance_matrix)
    members = [np.eye(labels.max() + 1)[labels[:n]] for labels in labelings]
    if not members:
        return []
    sums = distance_matrix @ np.hstack(members)
    parts = np.split(sums, np.cumsum([one.shape[1] for one in members])[:-1], axis=1)
    return [_silhouette(*each) for each in zip(parts, members, labelings, strict=True)]


def _silhouette(sums: Floats, members: Floats, labels: Ints) -> float:
    """The mean silhouette.

    Args:
        sums: sum of the distances of each row to the members of each cluster.
        members: 1 if the row is in the cluster, otherwise 0.
        labels: the cluster of each row.

    """
    rows, sizes = np.arange(len(sums)), members.sum(axis=0)
    clusters = int((sizes > 0).sum())
    if not 1 < clusters < len(rows):
        return np.nan
    measured = labels[: len(rows)]
    own = sums[rows, measured] / np.maximum(sizes[measured] - 1, 1)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[rows, measured] = np.inf
    other = means.min(axis=1)
    larger = np.maximum(np.maximum(own, other), np.finfo(float).tiny)
    return float(np.where(sizes[measured] > 1, (other - own) / larger, 0.0).mean())


def within(rows: Floats, centres: Floats, labels: Ints) -> float:
    """Return the mean squared distance of a row to the centre of its cluster."""
    return float(np.mean(np.sum((rows - centres[labels]) ** 2, axis=1)))


def davies_bouldin(rows: Floats, labels: Ints) -> float:
    """Return the Davies-Bouldin index (smaller is better), or NaN if there is only one cluster."""
    return float(davies_bouldin_score(rows, labels)) if len(set(labels)) > 1 else np.nan


def smallest_share(labels: Ints, k: int) -> float:
    """Return the share of rows in the smallest of k clusters; 0 if a cluster is empty."""
    return float(np.bincount(labels, minlength=k).min() / len(labels))


def stability(rows: Floats, algorithm: Algorithm, ks: Sequence[int], seed: int) -> dict[int, float]:
    """Measure how well clusterings of two disjoint halves agree about all rows.

    Args:
        rows: the rows in their feature space.
        algorithm: a value of ALGORITHMS.
        ks: the numbers of clusters.
        seed: seed of the halves and of the fits.

    Returns:
        For each number of clusters, the mean adjusted Rand index over SPLITS random splits into halves.

    """
    agreement: dict[int, list[float]] = {k: [] for k in ks}
    for halves in disjoint_halves(len(rows), seed):
        first, second = (algorithm(rows[half], ks, seed) for half in halves)
        for k, indexes in agreement.items():
            indexes.append(float(adjusted_rand_score(first[k].labels(rows), second[k].labels(rows))))
    return {k: float(np.mean(indexes)) for k, indexes in agreement.items()}


def disjoint_halves(rows: int, seed: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield SPLITS random splits of the row numbers into two halves without common rows."""
    rng = np.random.default_rng(seed)
    for _ in range(SPLITS):
        shuffled = rng.permutation(rows)
        yield shuffled[: rows // 2], shuffled[rows // 2 :]
