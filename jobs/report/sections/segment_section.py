"""Customer segments: four boards, how good they are and how they were found; or why there are none."""

from typing import Any

from jobs.report import charts
from jobs.report.charts.clustering_charts import SETS
from jobs.report.formatting import count, fixed, number, percent
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.results.segment_results import hierarchical, smallest
from jobs.report.sections.blocks import Block, Chart, Section, Table

TITLE = "Customer segments"
FROM = ["transactions"]
WORDS = {
    **{"balance": "balance, ₹", "amount_mean": "mean amount, ₹", "amount_sum": "sum of amounts, ₹"},
    **{"amount_max": "largest amount, ₹", "transactions": "transactions", "age": "age"},
    **{"recency_days": "days since the last transaction", "amount_to_balance": "mean amount to balance"},
    "regularity": "regularity, 0 to 1",
}


def section(facts: Facts) -> Section:
    """The boards first, then rules, profiles, movement, and the whole field."""
    decisions = facts.table("segment_decisions")
    if decisions.empty:
        return Section("segments", TITLE, empty="Customers are not clustered yet: run the stage segments.")
    decision = records(decisions)[0]
    if decision.reason:
        blocks = [*_tried(facts), *_cleaning(facts)]
        return Section("segments", TITLE, [str(decision.reason)], blocks, empty=str(decision.reason))
    blocks = [*_boards(facts), *_rules(facts), *_profiles(facts), *_movement(facts), *_field(facts), *_cleaning(facts)]
    return Section("segments", TITLE, [_quality(facts, decision), str(decision.said)], blocks)


def _quality(facts: Facts, decision: Any) -> str:  # noqa: ANN401 - a row of segment_decisions
    told = f"{count(decision.k)} segments by {decision.algorithm} ({decision.treatment}), by "
    told += f"{' and '.join(WORDS[name].split(',')[0] for name in decision.features)}. Silhouette "
    told += f"{decision.silhouette:.3f} in that space, {decision.silhouette_common:.3f} in the common one (log1p, "
    told += "standardised): figures of different spaces cannot be compared. "
    if (least := smallest(facts)) is not None:
        told += f"The smallest segment holds {percent(least)} of the customers; "
    told += f"stability (adjusted Rand index over random halves) is {decision.stability:.2f}."
    for row in records(facts.table("clusterings", algorithm="baseline")):
        told += f" The set-up of the public analysis (transactions, k = {row.k}) has {row.silhouette:.3f}, with "
        told += f"{percent(row.smallest_share, 2)} in its smallest cluster."
    return told + (f" {decision.left_out}" if decision.left_out else "")


def _boards(facts: Facts) -> list[Block]:
    names, groups = facts.table("segment_names"), facts.table("segment_groups")
    if names.empty or groups.empty:
        return []
    worth = charts.segment_worth(names, facts.table("segment_profiles"), facts.table("segment_concentration"))
    boards = (
        *(charts.segment_overview(names), charts.segment_people(names, groups)),
        *(worth, charts.segment_times(names, groups)),
    )
    return [*(Chart(board, FROM, str(board.layout.meta)) for board in boards), _described(facts)]


def _described(facts: Facts) -> Table:
    rows = [(row.segment, row.name, row.description) for row in records(facts.table("segment_names"))]
    return Table("The segments in a sentence", ("Segment", "Name", "What it is"), rows, FROM)


def _rules(facts: Facts) -> list[Block]:
    rows = records(facts.table("segment_rules"))
    if not rows:
        return []
    cells = [(row.rule, row.segment, count(row.customers), percent(row.purity)) for row in rows]
    note = f"A small decision tree puts {percent(rows[0].accuracy)} of customers that it had not seen right."
    return [Table("Who belongs where, in rules", ("If", "Segment", "Tested on", "Right"), cells, FROM, note)]


def _profiles(facts: Facts) -> list[Block]:
    profiles = facts.table("segment_profiles")
    figures = ("centre", "minimum", "p05", "median", "p95", "maximum")
    cells = [
        (row.segment, WORDS.get(row.feature, row.feature), *(number(getattr(row, name)) for name in figures))
        for row in records(profiles)
        if row.known
    ]
    header = ("Segment", "Feature", "Mean", "Least", "5 %", "Median", "95 %", "Most")
    return [Table("Features by segment", header, cells, FROM, folded=True)] if cells else []


def _movement(facts: Facts) -> list[Block]:
    rows = records(facts.table("segment_movement"))
    if not rows:
        return []
    stayed = sum(row.customers for row in rows if row.from_segment == row.to_segment)
    before = sum(row.customers for row in rows if row.from_segment)
    note = f"Of the customers of the run before {percent(stayed / max(before, 1))} are where they were."
    cells = [(row.from_segment or "new", row.to_segment or "gone", count(row.customers)) for row in rows]
    return [Table("Movement since the run before", ("From", "To", "Customers"), cells, FROM, note, folded=True)]


def _field(facts: Facts) -> list[Block]:
    field, lines = facts.table("clusterings"), facts.table("segment_dendrogram")
    if field.empty or not field["chosen"].any():
        return []
    drawn: list[Block] = [Chart(charts.clusterings(field), FROM, "The whole field; the table has all its figures.")]
    published = field[field["chosen"]].iloc[0]
    same = (field["features"] == published["features"]) & (field["treatment"] == published["treatment"])
    best = hierarchical(field[same])
    if len(lines) and best is not None:
        space = f"{SETS[best.features]}, {best.treatment}"
        note = f"The hierarchy of a sample by Ward. At 4 clusters its silhouette is {best.silhouette:.3f} ({space})."
        drawn.append(Chart(charts.dendrogram(lines, 4), FROM, note))
    return [*drawn, *_tried(facts)]


def _tried(facts: Facts) -> list[Block]:
    field = facts.table("clusterings")
    if field.empty:
        return []
    note = "In the order of the rule. Error is the mean squared distance to the centre, seconds are those of a fit."
    return [Table(f"All {count(len(field))} clusterings", *_cells(field), FROM, note, folded=True)]


def _cells(field: Any) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:  # noqa: ANN401 - rows of clusterings
    header = (
        *("Features", "Treatment", "Algorithm", "k", "Silhouette", "Common space", "Error", "Davies-Bouldin"),
        *("Smallest", "Stability", "Seconds", "Rule"),
    )
    rows: list[tuple[object, ...]] = [
        (
            *(SETS.get(row.features, row.features), row.treatment, row.algorithm, row.k),
            *map(fixed, (row.silhouette, row.silhouette_common, row.within, row.davies_bouldin)),
            *(percent(row.smallest_share, 2), fixed(row.stability, 2), fixed(row.seconds, 2)),
            "published" if row.chosen else row.verdict,
        )
        for row in records(field.sort_values("place"))
    ]
    return header, rows


def _cleaning(facts: Facts) -> list[Block]:
    rows = [
        (row.step.replace("_", " "), row.unit, count(row.before), count(row.removed), count(row.changed), row.why)
        for row in records(facts.table("customer_cleaning"))
    ]
    header = ("Step", "Rows are", "Before", "Removed", "Changed", "Why")
    return [Table("From transactions to customers", header, rows, FROM, folded=True)] if rows else []
