"""Outliers by two robust rules."""

from jobs.report import charts
from jobs.report.formatting import TITLES, column, number, percent
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table

LEAD = (
    "An outlier is a value far from the rest of its column. Amounts and balances have long tails, so most outliers are "
    "normal business rather than errors, and none were removed. They pull the mean: read it together with the median. "
    "Both rules are robust: the IQR rule uses the quartiles, the MAD rule the median absolute deviation."
)
RULES = {"iqr": "IQR", "mad": "MAD"}


def section(tables: ReportTables) -> Section:
    """Show the share of outliers by data set, and the bounds of every column."""
    blocks: list[Block] = []
    for dataset, title in TITLES.items():
        rows = tables.rows("outliers", dataset=dataset)
        if len(rows) and (rows["low_bound"].notna() | rows["high_bound"].notna()).any():
            blocks.append(Chart(charts.outliers(rows), [dataset], f"Columns of {title}", half=True))
    return Section("outliers", "Outliers", [LEAD], [*blocks, *_bounds(tables)])


def _bounds(tables: ReportTables) -> list[Block]:
    found = tables.rows("outliers")
    rows = [
        (
            row.dataset,
            column(row.column_name),
            RULES.get(row.rule, row.rule),
            number(row.low_bound),
            number(row.high_bound),
            row.below,
            row.above,
            percent(row.share),
        )
        for row in records(found)
    ]
    header = ("Data set", "Column", "Rule", "Lower bound", "Upper bound", "Below", "Above", "Share")
    datasets = list(dict.fromkeys(found["dataset"])) if rows else []
    return [Table("Bounds and outliers by column", header, rows, datasets, folded=True)] if rows else []
