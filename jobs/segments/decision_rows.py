"""The rows that say what was tried, what was chosen, and how good what is published really is."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sklearn.metrics import adjusted_rand_score, silhouette_score

from jobs.segments import quality, selection_rule
from jobs.segments.algorithms import nearest
from jobs.segments.clustering_search import MEASURES, Clustering
from jobs.segments.search_sample import Sample
from jobs.segments.spaces import Floats, common_space

Record = dict[str, object]
CLUSTERINGS = ("place", "features", "treatment", "algorithm", "k", *MEASURES, "verdict", "chosen")
DECISION = (
    *("reason", "algorithm", "features", "treatment", "k", "silhouette", "silhouette_squared", "silhouette_common"),
    *("silhouette_common_squared", "smallest_share", "stability", "agreement", "pinned"),
    *("customers", "complete", "sampled", "said", "left_out"),
)


@dataclass(frozen=True)
class Published:
    """The chosen clustering after its final fit."""

    chosen: Clustering
    known: Sample
    centres: Floats
    model: pd.DataFrame

    def figures(self) -> Record:
        """Measured on the whole sample, all pairs; `agreement` is with the clustering that the search had found.

        The squared distances are those of Spark's ClusteringEvaluator, for comparison: they give higher figures.
        """
        points = self.chosen.space.applied(self.known.rows)
        common = common_space(self.known.rows, self.known.usable).applied(self.known.rows)
        labels = nearest(points, self.centres)
        return {
            "silhouette": float(silhouette_score(points, labels)),
            "silhouette_squared": float(silhouette_score(points, labels, metric="sqeuclidean")),
            "silhouette_common": float(silhouette_score(common, labels)),
            "silhouette_common_squared": float(silhouette_score(common, labels, metric="sqeuclidean")),
            "smallest_share": quality.smallest_share(labels, len(self.centres)),
            "agreement": float(adjusted_rand_score(labels, nearest(points, self.chosen.centres))),
        }


def field_rows(
    field: Sequence[Clustering], chosen: Clustering | None, reference: Clustering | None, pinned: int
) -> list[tuple[object, ...]]:
    """The rows of clusterings: the field in the order of the rule, then the baseline."""
    rows = [_row(place, one, one is chosen) for place, one in enumerate(selection_rule.in_order(field, pinned), 1)]
    return rows + ([_row(len(rows) + 1, reference, False)] if reference else [])


def _row(place: int, one: Clustering, chosen: bool) -> tuple[object, ...]:
    fault = "the public analysis" if one.algorithm == "baseline" else selection_rule.verdict(one)
    measured = [getattr(one, name) for name in MEASURES]
    return (place, one.space.features, one.space.treatment, one.algorithm, one.k, *measured, fault or "holds", chosen)


def decision(known: Sample, field: Sequence[Clustering], published: Published | None, pinned: int) -> Record:
    """The row of segment_decisions."""
    people = {"customers": known.customers, "complete": known.complete, "sampled": len(known.rows)}
    notes = {"pinned": pinned or None, "left_out": " ".join(known.left_out) or None}
    if published is None:
        nothing: Record = dict.fromkeys(DECISION)
        return {**nothing, **people, **notes, "k": 0, "reason": known.reason or selection_rule.refused(field, pinned)}
    one = published.chosen
    named = {"algorithm": one.algorithm, "features": list(one.space.names), "treatment": one.space.treatment}
    found = {"k": len(published.centres), "stability": one.stability, **published.figures()}
    said = selection_rule.given_up(field, one, pinned)
    return {"reason": None, **named, **found, **people, **notes, "said": said}
