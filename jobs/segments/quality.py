"""How good a clustering is: silhouette (Rousseeuw 1987), Davies-Bouldin (1979), error, smallest cluster, stability."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.metrics import adjusted_rand_score, davies_bouldin_score, pairwise_distances, silhouette_score

from jobs.segments.algorithms import ALGORITHMS, Ints, nearest
from jobs.segments.spaces import Floats

RESAMPLES = 5
MEASURED = 1_500  # rows of which all pairs are compared for a silhouette


def distances(rows: Floats) -> Floats:
    """All distances among the first MEASURED rows, taken once for many clusterings."""
    return np.asarray(pairwise_distances(rows[:MEASURED]))


def silhouette(apart: Floats, labels: Ints) -> float:
    """The mean silhouette by Euclidean distances; not a number where there is only one cluster."""
    seen = labels[: len(apart)]
    return float(silhouette_score(apart, seen, metric="precomputed")) if 1 < len(set(seen)) < len(seen) else np.nan


def within(rows: Floats, centres: Floats, labels: Ints) -> float:
    """The mean squared distance of a row to its centre."""
    return float(np.mean(np.sum((rows - centres[labels]) ** 2, axis=1)))


def davies_bouldin(rows: Floats, labels: Ints) -> float:
    """The index, smaller is better; not a number where there is only one cluster."""
    return float(davies_bouldin_score(rows, labels)) if len(set(labels)) > 1 else np.nan


def smallest_share(labels: Ints, k: int) -> float:
    """Share of the smallest of k clusters; 0 if one has no rows."""
    return float(np.bincount(labels, minlength=k).min() / len(labels))


def stability(rows: Floats, algorithm: str, found: Mapping[int, Ints], seed: int) -> dict[int, float]:
    """By k the mean adjusted Rand index between the clustering of all rows and those learned from random halves.

    Args:
        rows: in their space.
        algorithm: one of ALGORITHMS.
        found: the labels of all rows, by k.
        seed: of the halves and of the fits.

    """
    agreed: dict[int, list[float]] = {k: [] for k in found}
    for half in halves(len(rows), seed):
        for k, (centres, _) in ALGORITHMS[algorithm](rows[half], list(found), seed).items():
            agreed[k].append(float(adjusted_rand_score(found[k], nearest(rows, centres))))
    return {k: float(np.mean(values)) for k, values in agreed.items()}


def halves(rows: int, seed: int) -> Sequence[Ints]:
    """RESAMPLES random halves of the row numbers."""
    dice = np.random.default_rng(seed)
    return [dice.permutation(rows)[: max(rows // 2, 1)] for _ in range(RESAMPLES)]
