"""Rows of clusterings and segment_decisions: what was tried, what was chosen, and how good the result is."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sklearn.metrics import adjusted_rand_score, silhouette_score

from jobs.core import tables
from jobs.segments import clustering_quality as quality
from jobs.segments import selection_rule
from jobs.segments.algorithms import nearest
from jobs.segments.clustering_search import MEASURES, Clustering
from jobs.segments.feature_spaces import Floats, common_space
from jobs.segments.null_search import Bars, bar_of, is_better_than_chance
from jobs.segments.search_sample import Sample

Record = dict[str, object]


@dataclass(frozen=True)
class PublishedClustering:
    """The chosen clustering after its final fit.

    Attributes:
        chosen: the clustering as the search found it.
        sample: the customers of the search.
        centres: the centres of the final fit, one row per segment.
        model: the rows of segment_model.

    """

    chosen: Clustering
    sample: Sample
    centres: Floats
    model: pd.DataFrame

    def measure(self) -> Record:
        """Measure the final fit on all pairs of the sample.

        Returns:
            Columns of segment_decisions. `agreement` is the adjusted Rand index with the clustering of the search.
            The `_squared` silhouettes use squared distances like Spark's ClusteringEvaluator, which yields higher
            values; they are only for comparison with other analyses.

        """
        points = self.chosen.space.transform(self.sample.rows)
        common_points = common_space(self.sample.rows, self.sample.usable).transform(self.sample.rows)
        labels = nearest(points, self.centres)
        return {
            "silhouette": float(silhouette_score(points, labels)),
            "silhouette_squared": float(silhouette_score(points, labels, metric="sqeuclidean")),
            "silhouette_common": float(silhouette_score(common_points, labels)),
            "silhouette_common_squared": float(silhouette_score(common_points, labels, metric="sqeuclidean")),
            "smallest_share": quality.smallest_share(labels, len(self.centres)),
            "agreement": float(adjusted_rand_score(labels, nearest(points, self.chosen.centres))),
        }


def clustering_rows(
    candidates: Sequence[Clustering], chosen: Clustering | None, baseline: Clustering | None, bars: Bars, pinned: int
) -> list[Record]:
    """Return the rows of clusterings: the candidates from best to worst, then the baseline."""
    ranked = selection_rule.rank(candidates, bars, pinned)
    rows = [
        _clustering_row(position, one, bars, selection_rule.rule_violation(one, bars) or "accepted", one is chosen)
        for position, one in enumerate(ranked, 1)
    ]
    if baseline:
        rows.append(_clustering_row(len(rows) + 1, baseline, {}, "the public analysis", chosen=False))
    return rows


def _clustering_row(position: int, one: Clustering, bars: Bars, verdict: str, chosen: bool) -> Record:
    bar = bar_of(one, bars)
    return {
        "position": position,
        "features": one.space.features,
        "treatment": one.space.treatment,
        "algorithm": one.algorithm,
        "k": one.k,
        **{name: getattr(one, name) for name in MEASURES},
        "null_silhouette": bar.silhouette if bar else None,
        "null_stability": bar.stability if bar else None,
        "verdict": verdict,
        "chosen": chosen,
    }


def decision_row(
    sample: Sample, candidates: Sequence[Clustering], published: PublishedClustering | None, bars: Bars, pinned: int
) -> Record:
    """Return the row of segment_decisions."""
    row: Record = dict.fromkeys(tables.columns("segment_decisions"))
    row |= {
        "k": 0,
        "pinned": pinned or None,
        "customers": sample.customers,
        "complete": sample.complete,
        "sampled": len(sample.rows),
        "left_out": " ".join(sample.left_out) or None,
    }
    if published is None:
        explanation = selection_rule.explain_closest(candidates, bars) if candidates else None
        reason = sample.reason or selection_rule.explain_refusal(candidates, bars, pinned)
        return row | {"reason": reason, "explanation": explanation}
    chosen = published.chosen
    bar = bar_of(chosen, bars)
    return row | {
        "algorithm": chosen.algorithm,
        "features": chosen.space.feature_names,
        "treatment": chosen.space.treatment,
        "k": len(published.centres),
        "stability": chosen.stability,
        "natural": is_better_than_chance(chosen, bars),
        "null_silhouette": bar.silhouette if bar else None,
        "null_stability": bar.stability if bar else None,
        **published.measure(),
        "explanation": selection_rule.explain_choice(candidates, chosen, bars, pinned),
    }
