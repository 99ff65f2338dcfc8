"""The blocks `segments` and `tiers` of results.json."""

from typing import Any

import pandas as pd

from jobs.report.records import highest, records
from jobs.report.report_tables import ReportTables

KEYS = (
    "k",
    "algorithm",
    "features",
    "treatment",
    "silhouette",
    "silhouette_common_space",
    "smallest_share",
    "stability",
    "natural",
    "null_silhouette",
    "null_stability",
    "sizes",
    "baseline",
    "hierarchical_k4",
    "silhouette_squared",
    "checksums",
)


def segments(tables: ReportTables) -> dict[str, Any]:
    """Return the published segments, their quality and the baseline they are compared with.

    Without segments the values are null and `reason` says why. `checksums` holds a checksum of each segment's
    customers by letter: equal checksums mean the same customers.
    """
    decisions = tables.rows("segment_decisions")
    if decisions.empty:
        return {}
    decision = records(decisions)[0]
    if decision.reason:
        return {
            **dict.fromkeys(KEYS),
            "k": 0,
            "reason": str(decision.reason),
            "sizes": {},
            "baseline": _baseline(tables.rows("clusterings")),
            "checksums": {},
        }
    clusterings, names = tables.rows("clusterings"), records(tables.rows("segment_names"))
    return {
        "k": int(decision.k),
        "algorithm": str(decision.algorithm),
        "features": [*map(str, decision.features)],
        "treatment": str(decision.treatment),
        "silhouette": _known(decision.silhouette),
        "silhouette_common_space": _known(decision.silhouette_common),
        "smallest_share": smallest_share(tables),
        "stability": _known(decision.stability),
        "natural": bool(decision.natural),
        "null_silhouette": _known(decision.null_silhouette),
        "null_stability": _known(decision.null_stability),
        "sizes": {str(row.name): int(row.customers) for row in names},
        "baseline": _baseline(clusterings),
        "hierarchical_k4": _hierarchical(clusterings),
        "silhouette_squared": _known(decision.silhouette_squared),
        "checksums": {str(row.segment): str(row.checksum) for row in names},
    }


def tiers(tables: ReportTables) -> dict[str, Any]:
    """Return the tiers by scheme and name: customers, shares, value at stake in rupees, and a checksum."""
    found: dict[str, Any] = {}
    for row in records(tables.rows("tier_profiles")):
        found.setdefault(str(row.scheme), {})[str(row.tier)] = {
            "customers": int(row.customers),
            "share": float(row.share),
            "balance_share": float(row.balance_share),
            "amount_share": float(row.amount_share),
            "value_at_stake": float(row.value_at_stake),
            "checksum": str(row.checksum),
        }
    return found


def smallest_share(tables: ReportTables) -> float | None:
    """Return the smallest segment's share of all customers."""
    names = tables.rows("segment_names")
    return None if names.empty else float(names["share"].min())


def best_ward(clusterings: pd.DataFrame, k: int = 4) -> Any:  # noqa: ANN401 - a row of clusterings, or None
    """Return Ward's clustering into k clusters with the highest silhouette in its own space, or None."""
    if clusterings.empty:
        return None
    rows = clusterings[(clusterings["algorithm"] == "Ward") & (clusterings["k"] == k)]
    return highest(rows, "silhouette") if len(rows) else None


def _baseline(clusterings: pd.DataFrame) -> dict[str, Any] | None:
    rows = records(clusterings[clusterings["algorithm"] == "baseline"]) if len(clusterings) else []
    return next(
        (
            {"k": int(row.k), "silhouette": _known(row.silhouette), "smallest_share": _known(row.smallest_share)}
            for row in rows
        ),
        None,
    )


def _hierarchical(clusterings: pd.DataFrame) -> dict[str, Any] | None:
    best = best_ward(clusterings)
    if best is None:
        return None
    return {"silhouette": _known(best.silhouette), "space": f"{best.features}, {best.treatment}"}


def _known(value: float) -> float | None:
    """Replace NaN with null."""
    return float(value) if value == value else None
