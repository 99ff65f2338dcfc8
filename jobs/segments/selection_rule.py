"""The rule that selects the clustering to publish.

1. Only algorithms whose model is one centre per segment qualify (k-means, bisecting k-means).
2. The smallest cluster must hold at least MIN_CLUSTER_SHARE of the customers.
3. The stability must be at least MIN_STABILITY.
4. Silhouette and stability must exceed what data without groups reach, the silhouette by MARGIN (see null_search).
5. Among the remaining candidates, of any feature space and number of clusters, the best silhouette in the common space
   wins.

A pinned number of clusters (BANK_SEGMENTS_K) takes precedence over 2 to 4: the best clustering with this number is
published even if it violates the rule.
"""

from collections.abc import Sequence

import numpy as np

from jobs.segments.algorithms import SCALABLE
from jobs.segments.clustering_search import Clustering
from jobs.segments.null_search import MARGIN, Bars, bar_of, is_better_than_chance

MIN_CLUSTER_SHARE = 0.02
MIN_STABILITY = 0.8
CHANCE = "not better than chance"
NO_GROUPS = (
    "The data hold no natural groups: no clustering of these customers is better separated and more stable than "
    "clusterings of shuffled data and of normally distributed data, so use the RFM and value tiers instead of segments."
)


def rule_violation(clustering: Clustering, bars: Bars) -> str:
    """Return why a clustering must not be published, in a few words, or '' if it meets the rule."""
    if clustering.algorithm not in SCALABLE:
        return "for comparison only"
    if clustering.smallest_share < MIN_CLUSTER_SHARE:
        return "smallest cluster too small"
    if clustering.stability < MIN_STABILITY:
        return "not stable"
    return "" if is_better_than_chance(clustering, bars) else CHANCE


def rank(candidates: Sequence[Clustering], bars: Bars, pinned: int = 0) -> list[Clustering]:
    """Sort the candidates, best first.

    Args:
        candidates: the clusterings of the search.
        bars: what data without groups reach.
        pinned: the number of clusters that BANK_SEGMENTS_K pins; 0 for none.

    """

    def key(one: Clustering) -> tuple[object, ...]:
        not_pinned = bool(pinned) and one.k != pinned
        return (
            one.algorithm not in SCALABLE,
            not_pinned,
            bool(rule_violation(one, bars)),
            -_comparable(one.silhouette_common),
        )

    return sorted(candidates, key=key)


def choose(candidates: Sequence[Clustering], bars: Bars, pinned: int = 0) -> Clustering | None:
    """Choose the clustering to publish.

    Args:
        candidates: the clusterings of the search.
        bars: what data without groups reach.
        pinned: the number of clusters that BANK_SEGMENTS_K pins; 0 for none. The best candidate with this number is
            chosen even if it violates the rule.

    Returns:
        The clustering, or None if no candidate meets the rule.

    """
    eligible = [one for one in rank(candidates, bars, pinned) if one.algorithm in SCALABLE and pinned in (0, one.k)]
    if not eligible:
        return None
    best = eligible[0]
    return best if pinned or not rule_violation(best, bars) else None


def explain_choice(candidates: Sequence[Clustering], chosen: Clustering, bars: Bars, pinned: int = 0) -> str:
    """Explain the choice in a few sentences, including a better silhouette that was passed over."""
    accepted = [one for one in candidates if not rule_violation(one, bars)]
    sentences = [
        f"{len(accepted)} of {len(candidates)} clusterings meet the rule (smallest cluster at least "
        f"{MIN_CLUSTER_SHARE:.0%}, stability at least {MIN_STABILITY}, both better than in data without groups, the "
        f"silhouette by {MARGIN})."
    ]
    if pinned:
        sentences.append(_explain_pin(chosen, bars, pinned))
    elif (bar := bar_of(chosen, bars)) is not None:
        sentences.append(
            f"Shuffled and normally distributed data reach a silhouette of {bar.silhouette:.3f} and a stability of "
            f"{bar.stability:.2f} in the same search (95 % quantiles); the segments have {chosen.silhouette:.3f} and "
            f"{chosen.stability:.2f}."
        )
    best = max(candidates, key=lambda one: _comparable(one.silhouette_common))
    if best is not chosen:
        reason = rule_violation(best, bars) or f"{pinned} clusters are pinned"
        sentences.append(
            f"The best silhouette in the common space, {best.silhouette_common:.3f} ({label(best)}), was not chosen: "
            f"{reason}."
        )
    return " ".join(sentences)


def explain_refusal(candidates: Sequence[Clustering], bars: Bars, pinned: int = 0) -> str:
    """Explain why no candidate is published."""
    if not candidates:
        return "All customers are alike once extreme values are clipped, so no segments are published."
    if pinned:
        most = max(one.k for one in candidates)
        return (
            f"BANK_SEGMENTS_K pins {pinned} clusters, but once extreme values are clipped the customers form only "
            f"{most} distinct groups, so no segments are published. Set BANK_SEGMENTS_K=0 to let the rule choose."
        )
    return NO_GROUPS


def explain_closest(candidates: Sequence[Clustering], bars: Bars) -> str:
    """Describe the best clustering beside its bar, for readers who want to know how far the data are from groups."""
    closest = rank(candidates, bars)[0]
    bar = bar_of(closest, bars)
    compared = f" (data without groups: {bar.silhouette:.3f} and {bar.stability:.2f})" if bar else ""
    return (
        f"The closest is {label(closest)}: {rule_violation(closest, bars)}. Its silhouette is "
        f"{closest.silhouette:.3f} and its stability {closest.stability:.2f}{compared}. Set BANK_SEGMENTS_K to publish "
        "a fixed number of segments anyway."
    )


def label(one: Clustering) -> str:
    """Return the name of a clustering for people."""
    return f"{one.algorithm} of {one.space.name}, k = {one.k}"


def _comparable(silhouette: float) -> float:
    """The silhouette, or the worst possible value where it is NaN."""
    return float(np.nan_to_num(silhouette, nan=-1.0))


def _explain_pin(chosen: Clustering, bars: Bars, pinned: int) -> str:
    violation = rule_violation(chosen, bars)
    if violation:
        return f"BANK_SEGMENTS_K pins {pinned} clusters; the best of these violates the rule: {violation}."
    return f"BANK_SEGMENTS_K pins {pinned} clusters."
