"""Values far out, by two robust rules."""

from jobs.report import charts
from jobs.report.formatting import TITLES, column, number, percent
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section, Table

LEAD = (
    "Amounts and balances of a bank have long tails: a value far out is usual business more often than an error, "
    "so nothing was removed. Means are pulled by such values; read them together with the median."
)


def section(facts: Facts) -> Section:
    """Share of values far out for each data set, and the bounds."""
    blocks: list[Block] = []
    for dataset in TITLES:
        rows = facts.table("outliers", dataset=dataset)
        if len(rows) and (rows["low_bound"].notna() | rows["high_bound"].notna()).any():
            blocks.append(Chart(charts.outliers(rows), [dataset], f"Columns of {TITLES[dataset]}", half=True))
    return Section("outliers", "Values far out", [LEAD], [*blocks, *_bounds(facts)])


def _bounds(facts: Facts) -> list[Block]:
    found = facts.table("outliers")
    rows = [
        (
            row.dataset,
            column(row.column_name),
            row.rule,
            number(row.low_bound),
            number(row.high_bound),
            row.below,
            row.above,
            percent(row.share),
        )
        for row in records(found)
    ]
    header = ("Data set", "Column", "Rule", "From", "To", "Below", "Above", "Share")
    datasets = list(dict.fromkeys(found["dataset"])) if rows else []
    return [Table("Bounds and counts of every column", header, rows, datasets, folded=True)] if rows else []
