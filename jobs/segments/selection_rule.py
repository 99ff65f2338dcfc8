"""The rule that selects the clustering to publish.

1. Only algorithms that scale to all customers qualify (k-means, bisecting k-means).
2. The smallest cluster must hold at least MIN_CLUSTER_SHARE of the customers.
3. The stability must be at least MIN_STABILITY.
4. Numbers of clusters that people can work with (PREFERRED_KS) come first.
5. Among the remaining candidates the best silhouette in its own space wins.

A pinned number of clusters (BANK_SEGMENTS_K) takes precedence over 2 to 4: the best clustering with this number is
published even if it violates the rule.
"""

from collections.abc import Sequence

import numpy as np

from jobs.segments.algorithms import SCALABLE
from jobs.segments.clustering_search import Clustering

MIN_CLUSTER_SHARE = 0.02
MIN_STABILITY = 0.8
PREFERRED_KS = range(4, 9)


def rule_violation(clustering: Clustering) -> str:
    """Return why a clustering must not be published, in a few words, or '' if it meets the rule."""
    if clustering.algorithm not in SCALABLE:
        return "for comparison only, does not scale"
    if clustering.smallest_share < MIN_CLUSTER_SHARE:
        return "smallest cluster too small"
    return "" if clustering.stability >= MIN_STABILITY else "not stable"


def rank(candidates: Sequence[Clustering], pinned: int = 0) -> list[Clustering]:
    """Sort the candidates, best first.

    Args:
        candidates: the clusterings of the search.
        pinned: the number of clusters that BANK_SEGMENTS_K pins; 0 for none.

    """
    return sorted(candidates, key=lambda one: (*_drawbacks(one, pinned), -_comparable(one.silhouette)))


def choose(candidates: Sequence[Clustering], pinned: int = 0) -> Clustering | None:
    """Choose the clustering to publish.

    Args:
        candidates: the clusterings of the search.
        pinned: the number of clusters that BANK_SEGMENTS_K pins; 0 for none. The best candidate with this number is
            chosen even if it violates the rule.

    Returns:
        The clustering, or None if no candidate meets the rule.

    """
    eligible = [one for one in rank(candidates, pinned) if one.algorithm in SCALABLE and pinned in (0, one.k)]
    if not eligible:
        return None
    best = eligible[0]
    return best if pinned or not rule_violation(best) else None


def explain_choice(candidates: Sequence[Clustering], chosen: Clustering, pinned: int = 0) -> str:
    """Explain the choice in a few sentences, including better silhouettes that were passed over."""
    accepted = [one for one in candidates if not rule_violation(one)]
    sentences = [
        f"{len(accepted)} of {len(candidates)} clusterings meet the rule (smallest cluster at least "
        f"{MIN_CLUSTER_SHARE:.0%}, stability at least {MIN_STABILITY})."
    ]
    if pinned:
        sentences.append(_explain_pin(chosen, pinned))
    best = max(candidates, key=lambda one: _comparable(one.silhouette))
    if best is not chosen:
        sentences.append(
            f"The best silhouette overall, {best.silhouette:.3f} ({_label(best)}), was not chosen: "
            f"{_why_not_chosen(best, pinned)}."
        )
    if accepted:
        common = max(accepted, key=lambda one: _comparable(one.silhouette_common))
        sentences.append(f"In the common space {_label(common)} is best with {common.silhouette_common:.3f}.")
    return " ".join(sentences)


def explain_refusal(candidates: Sequence[Clustering], pinned: int = 0) -> str:
    """Explain why no candidate is published."""
    if not candidates:
        return "All customers are alike once extreme values are clipped, so no segments are published."
    if pinned:
        most = max(one.k for one in candidates)
        return (
            f"BANK_SEGMENTS_K pins {pinned} clusters, but once extreme values are clipped the customers form only "
            f"{most} distinct groups, so no segments are published. Set BANK_SEGMENTS_K=0 to let the rule choose."
        )
    closest = rank(candidates)[0]
    return (
        f"None of {len(candidates)} clusterings has a smallest cluster of at least {MIN_CLUSTER_SHARE:.0%} and a "
        f"stability of at least {MIN_STABILITY}: the customers form no clear groups, so no segments are published. "
        f"The closest is {_label(closest)} with {closest.smallest_share:.1%} and {closest.stability:.2f}. "
        "Set BANK_SEGMENTS_K to publish a fixed number of segments anyway."
    )


def _drawbacks(one: Clustering, pinned: int) -> tuple[bool, ...]:
    """Sort key: candidates without drawbacks come first, and earlier drawbacks weigh more."""
    not_pinned = bool(pinned) and one.k != pinned
    return one.algorithm not in SCALABLE, not_pinned, bool(rule_violation(one)), one.k not in PREFERRED_KS


def _comparable(silhouette: float) -> float:
    """The silhouette, or the worst possible value where it is NaN."""
    return float(np.nan_to_num(silhouette, nan=-1.0))


def _explain_pin(chosen: Clustering, pinned: int) -> str:
    violation = rule_violation(chosen)
    if violation:
        return f"BANK_SEGMENTS_K pins {pinned} clusters; the best of these violates the rule: {violation}."
    return f"BANK_SEGMENTS_K pins {pinned} clusters."


def _why_not_chosen(best: Clustering, pinned: int) -> str:
    violation = rule_violation(best)
    if violation:
        return violation
    if pinned and best.k != pinned:
        return f"{pinned} clusters are pinned"
    return f"{PREFERRED_KS[0]} to {PREFERRED_KS[-1]} clusters are preferred"


def _label(one: Clustering) -> str:
    return f"{one.algorithm} of {one.space.name}, k = {one.k}"
