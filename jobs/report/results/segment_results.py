"""What results.json says of the segments."""

from typing import Any

import pandas as pd

from jobs.report.records import highest, records
from jobs.report.report_tables import Facts

KEYS = (
    *("k", "algorithm", "features", "treatment", "silhouette", "silhouette_common_space", "smallest_share"),
    *("stability", "sizes", "baseline", "hierarchical_k4", "silhouette_squared", "checksums"),
)


def segments(facts: Facts) -> dict[str, Any]:
    """What is published, how good it is, and what it is measured against; where there are none, nulls and a `reason`.

    `checksums` tells by letter who is in a segment: equal where the same customers are.
    """
    decisions = facts.table("segment_decisions")
    if decisions.empty:
        return {}
    decision, field = records(decisions)[0], facts.table("clusterings")
    if decision.reason:
        return {**dict.fromkeys(KEYS), "k": 0, "reason": str(decision.reason), "sizes": {}, "checksums": {}}
    names = facts.table("segment_names")
    return {
        **{"k": int(decision.k), "algorithm": str(decision.algorithm), "features": [*map(str, decision.features)]},
        **{"treatment": str(decision.treatment), "silhouette": _known(decision.silhouette)},
        **{"silhouette_common_space": _known(decision.silhouette_common), "smallest_share": smallest(facts)},
        **{
            "stability": _known(decision.stability),
            "sizes": {str(row.name): int(row.customers) for row in records(names)},
        },
        **{"baseline": _baseline(field), "hierarchical_k4": _hierarchical(field)},
        "silhouette_squared": _known(decision.silhouette_squared),
        "checksums": {str(row.segment): str(row.checksum) for row in records(names)},
    }


def smallest(facts: Facts) -> float | None:
    """Share of the smallest segment, of all customers."""
    names = facts.table("segment_names")
    return None if names.empty else float(names["share"].min())


def hierarchical(field: pd.DataFrame, k: int = 4) -> Any:  # noqa: ANN401 - a row of clusterings, or None
    """Ward's best at k by silhouette in its own space."""
    rows = field[(field["algorithm"] == "Ward") & (field["k"] == k)] if len(field) else field
    return highest(rows, "silhouette") if len(rows) else None


def _baseline(field: pd.DataFrame) -> dict[str, Any] | None:
    rows = records(field[field["algorithm"] == "baseline"]) if len(field) else []
    return next(
        (
            {"k": int(row.k), "silhouette": _known(row.silhouette), "smallest_share": _known(row.smallest_share)}
            for row in rows
        ),
        None,
    )


def _hierarchical(field: pd.DataFrame) -> dict[str, Any] | None:
    best = hierarchical(field)
    if best is None:
        return None
    return {"silhouette": _known(best.silhouette), "space": f"{best.features}, {best.treatment}"}


def _known(value: float) -> float | None:
    """The figure, or null where it is not a number."""
    return float(value) if value == value else None
