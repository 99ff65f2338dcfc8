"""Customer segments: four charts, their quality and how they were found; or why there are none."""

from typing import Any

from jobs.report import charts
from jobs.report.charts.clustering_charts import FEATURE_SETS
from jobs.report.formatting import count, fixed, listed, number, percent
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.results.segment_results import best_ward, smallest_share
from jobs.report.sections.blocks import Block, Chart, Section, Table

TITLE = "Customer segments"
DATASETS = ["transactions"]
FEATURES = {
    "balance": "balance, ₹",
    "amount_mean": "mean amount, ₹",
    "amount_sum": "total amount, ₹",
    "amount_max": "largest amount, ₹",
    "transactions": "transactions",
    "age": "age",
    "recency_days": "days since the last transaction",
    "amount_to_balance": "mean amount to balance",
    "gap_mean": "mean time between payments, days",
    "gap_max": "longest pause, days",
    "regularity": "regularity, 0 to 1",
    "trend": "spending trend, -1 to 1",
    "amount_variation": "variation of amounts",
    "city_changes": "share of changes of city",
    "share_night": "share at night",
    "share_morning": "share in the morning",
    "share_afternoon": "share in the afternoon",
    "share_evening": "share in the evening",
    "share_saturday": "share on Saturdays",
    "share_sunday": "share on Sundays",
}


def section(tables: ReportTables) -> Section:
    """Show the charts first, then rules, profiles, movement and the clusterings that were compared."""
    decisions = tables.rows("segment_decisions")
    if decisions.empty:
        return Section("segments", TITLE, empty="There are no segments yet. Run: bankstack run segments")
    decision = records(decisions)[0]
    if decision.reason:
        blocks = [*_all_clusterings(tables, str(decision.explanation or "")), *_cleaning(tables)]
        return Section("segments", TITLE, [str(decision.reason)], blocks, empty=str(decision.reason))
    blocks = [
        *_overview(tables),
        *_rules(tables),
        *_profiles(tables),
        *_movement(tables),
        *_search(tables),
        *_cleaning(tables),
    ]
    return Section("segments", TITLE, [_quality(tables, decision), str(decision.explanation)], blocks)


def _quality(tables: ReportTables, decision: Any) -> str:  # noqa: ANN401 - a row of segment_decisions
    features = listed([FEATURES[name].split(",")[0] for name in decision.features])
    sentences = [
        f"{decision.algorithm.capitalize()} with {decision.treatment} features ({features}) found "
        f"{count(decision.k)} segments.",
        "The silhouette measures how well clusters are separated, from -1 to 1: it is "
        f"{decision.silhouette:.3f} in the space of these features and {decision.silhouette_common:.3f} in a common "
        "space (log1p, standardised). Only values from the same space can be compared.",
    ]
    if (smallest := smallest_share(tables)) is not None:
        sentences.append(f"The smallest segment holds {percent(smallest)} of the customers.")
    sentences.append(f"Stability (adjusted Rand index between disjoint halves) is {decision.stability:.2f}.")
    if not decision.natural:
        sentences.append(
            "The number of segments is pinned: data without groups reach the same quality, so these segments divide a "
            "continuum; they are no natural groups."
        )
    sentences += [
        f"As a baseline, the approach of a published analysis (transactions, k = {row.k}) has a silhouette of "
        f"{row.silhouette:.3f}, with {percent(row.smallest_share, 2)} of the customers in its smallest cluster."
        for row in records(tables.rows("clusterings", algorithm="baseline"))
    ]
    if decision.left_out:
        sentences.append(str(decision.left_out))
    return " ".join(sentences)


def _overview(tables: ReportTables) -> list[Block]:
    names, groups = tables.rows("segment_names"), tables.rows("segment_groups")
    if names.empty or groups.empty:
        return []
    drawn = (
        charts.segment_overview(names),
        charts.segment_people(names, groups),
        charts.segment_worth(names, tables.rows("segment_profiles"), tables.rows("segment_concentration")),
        charts.segment_times(names, groups),
    )
    return [*(Chart(figure, DATASETS, str(figure.layout.meta)) for figure in drawn), _descriptions(tables)]


def _descriptions(tables: ReportTables) -> Table:
    rows = [(row.segment, row.name, row.description) for row in records(tables.rows("segment_names"))]
    return Table("Segment descriptions", ("Segment", "Name", "Description"), rows, DATASETS)


def _rules(tables: ReportTables) -> list[Block]:
    rows = records(tables.rows("segment_rules"))
    if not rows:
        return []
    cells = [(row.rule, row.segment, count(row.customers), percent(row.purity)) for row in rows]
    note = f"A small decision tree assigns {percent(rows[0].accuracy)} of held-out customers to the right segment."
    return [Table("Segment rules", ("Condition", "Segment", "Customers tested", "Correct"), cells, DATASETS, note)]


def _profiles(tables: ReportTables) -> list[Block]:
    statistics = ("centre", "minimum", "p05", "median", "p95", "maximum")
    cells = [
        (row.segment, FEATURES.get(row.feature, row.feature), *(number(getattr(row, name)) for name in statistics))
        for row in records(tables.rows("segment_profiles"))
        if row.known
    ]
    header = ("Segment", "Feature", "Mean", "Minimum", "5 %", "Median", "95 %", "Maximum")
    return [Table("Features by segment", header, cells, DATASETS, folded=True)] if cells else []


def _movement(tables: ReportTables) -> list[Block]:
    rows = records(tables.rows("segment_movement"))
    if not rows:
        return []
    stayed = sum(row.customers for row in rows if row.from_segment == row.to_segment)
    before = sum(row.customers for row in rows if row.from_segment)
    note = f"{percent(stayed / max(before, 1))} of the customers of the previous run stayed in their segment."
    cells = [(row.from_segment or "new", row.to_segment or "left", count(row.customers)) for row in rows]
    header = ("From", "To", "Customers")
    return [Table("Movement since the previous run", header, cells, DATASETS, note, folded=True)]


def _search(tables: ReportTables) -> list[Block]:
    tried, lines = tables.rows("clusterings"), tables.rows("segment_dendrogram")
    if tried.empty or not tried["chosen"].any():
        return []
    note = "All clusterings that were compared; the table below has their metrics."
    drawn: list[Block] = [Chart(charts.clusterings(tried), DATASETS, note)]
    published = tried[tried["chosen"]].iloc[0]
    same_space = (tried["features"] == published["features"]) & (tried["treatment"] == published["treatment"])
    best = best_ward(tried[same_space])
    if len(lines) and best is not None:
        space = f"{FEATURE_SETS[best.features]}, {best.treatment}"
        note = f"Ward's hierarchy of a sample. At 4 clusters its silhouette is {best.silhouette:.3f} ({space})."
        drawn.append(Chart(charts.dendrogram(lines, 4), DATASETS, note))
    return [*drawn, *_all_clusterings(tables)]


def _all_clusterings(tables: ReportTables, explanation: str = "") -> list[Block]:
    tried = tables.rows("clusterings")
    if tried.empty:
        return []
    header = (
        "Features",
        "Treatment",
        "Algorithm",
        "k",
        "Silhouette",
        "… without groups",
        "Silhouette, common space",
        "Error",
        "Davies-Bouldin",
        "Smallest cluster",
        "Stability",
        "… without groups",
        "Membership",
        "Fit, s",
        "Rule",
    )
    rows = [_clustering(row) for row in records(tried.sort_values("position"))]
    note = (
        "Ordered by the selection rule. “Without groups” is the 95 % quantile of shuffled and of normally distributed "
        "data, which a segmentation must exceed. “Error” is the mean squared distance to the cluster centre. "
        f"“Membership” is the mean probability of the most likely cluster of a Gaussian mixture. {explanation}"
    )
    return [Table(f"All {count(len(tried))} clusterings", header, rows, DATASETS, note.strip(), folded=True)]


def _clustering(row: Any) -> tuple[object, ...]:  # noqa: ANN401 - a row of clusterings
    return (
        FEATURE_SETS.get(row.features, row.features),
        row.treatment,
        row.algorithm,
        row.k,
        fixed(row.silhouette),
        fixed(row.null_silhouette),
        fixed(row.silhouette_common),
        fixed(row.within),
        fixed(row.davies_bouldin),
        percent(row.smallest_share, 2),
        fixed(row.stability, 2),
        fixed(row.null_stability, 2),
        fixed(row.membership, 2),
        fixed(row.seconds, 2),
        "published" if row.chosen else row.verdict,
    )


def _cleaning(tables: ReportTables) -> list[Block]:
    rows = [
        (row.step.replace("_", " "), row.unit, count(row.before), count(row.removed), count(row.changed), row.why)
        for row in records(tables.rows("customer_cleaning"))
    ]
    header = ("Step", "Unit", "Before", "Removed", "Changed", "Reason")
    return (
        [Table("Cleaning steps, from transactions to customers", header, rows, DATASETS, folded=True)] if rows else []
    )
