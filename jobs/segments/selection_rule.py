"""The rule by which one clustering of the field is published.

Of those that scale to all customers (k-means, bisecting k-means), whose smallest cluster holds at least SMALLEST of the
customers and whose stability is at least STABLE, the best silhouette in its own space; those with a number of clusters
that people can act on (USEFUL) go first. A pinned number of clusters (BANK_SEGMENTS_K) goes before all of that.
"""

from collections.abc import Sequence

import numpy as np

from jobs.segments.algorithms import SCALES
from jobs.segments.clustering_search import Clustering

SMALLEST, STABLE = 0.02, 0.8
USEFUL = range(4, 9)


def verdict(clustering: Clustering) -> str:
    """Why a clustering may not be published, in a few words; nothing if it may."""
    if clustering.algorithm not in SCALES:
        return "shows the hierarchy, does not scale"
    if clustering.smallest_share < SMALLEST:
        return "smallest cluster too small"
    return "" if clustering.stability >= STABLE else "not stable"


def in_order(field: Sequence[Clustering], pinned: int = 0) -> list[Clustering]:
    """The field, what the rule likes best first."""
    return sorted(field, key=lambda one: (*_worse(one, pinned), -np.nan_to_num(one.silhouette, nan=-1.0)))


def choose(field: Sequence[Clustering], pinned: int = 0) -> Clustering | None:
    """The one to publish, or None if none holds the rule; of a pinned k the best, even if it does not."""
    ranked = in_order(field, pinned)
    able = [one for one in ranked if one.algorithm in SCALES and pinned in (0, one.k)]
    best = able[0] if able else None
    return best if best and (pinned or not verdict(best)) else None


def given_up(field: Sequence[Clustering], chosen: Clustering, pinned: int = 0) -> str:
    """The choice in words, with what was given up for it."""
    able = [one for one in field if not verdict(one)]
    told = (
        f"Of {len(field)} clusterings {len(able)} hold the rule (smallest cluster at least {SMALLEST:.0%}, stability "
    )
    told += f"at least {STABLE}). "
    if pinned and (fault := verdict(chosen)):
        told += f"BANK_SEGMENTS_K pins {pinned} clusters; the best of these breaks the rule: {fault}. "
    elif pinned:
        told += f"BANK_SEGMENTS_K pins {pinned} clusters. "
    best = max(field, key=lambda one: np.nan_to_num(one.silhouette, nan=-1.0))
    if best is not chosen:
        fault = verdict(best) or (
            f"{pinned} are pinned" if pinned and best.k != pinned else "too few or too many to act on"
        )
        told += f"The best silhouette of all, {best.silhouette:.3f} ({_words(best)}), was given up: {fault}. "
    if not able:
        return told.strip()
    common = max(able, key=lambda one: np.nan_to_num(one.silhouette_common, nan=-1.0))
    return told + f"In the common space {_words(common)} is best with {common.silhouette_common:.3f}."


def refused(field: Sequence[Clustering], pinned: int = 0) -> str:
    """Why nothing of the field is published, as a sentence."""
    if not field:
        return "Without their extremes all customers are alike, so no segments are published."
    if pinned:
        return (
            f"BANK_SEGMENTS_K pins {pinned} clusters, but without their extremes only {max(one.k for one in field)} "
            "kinds of customers differ, so no segments are published. BANK_SEGMENTS_K=0 lets the rule choose."
        )
    near = in_order(field)[0]
    return (
        f"None of {len(field)} clusterings has a smallest cluster of {SMALLEST:.0%} and a stability of {STABLE}: the "
        f"customers form no clear groups, so no segments are published. Nearest: {_words(near)} with "
        f"{near.smallest_share:.1%} and {near.stability:.2f}. BANK_SEGMENTS_K pins a number all the same."
    )


def _worse(one: Clustering, pinned: int) -> tuple[bool, ...]:
    of_pinned = bool(pinned) and one.k != pinned
    return one.algorithm not in SCALES, of_pinned, bool(verdict(one)), one.k not in USEFUL


def _words(one: Clustering) -> str:
    return f"{one.algorithm} of {one.space.name}, k = {one.k}"
