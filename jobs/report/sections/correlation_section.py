"""Correlations of numeric columns and associations of categorical columns."""

from jobs.report import charts
from jobs.report.formatting import TITLES
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section

LEAD = (
    "A correlation shows that two columns move together, not that one causes the other. Spearman's rank correlation "
    "is robust to a few very large values; where it differs much from Pearson's linear correlation, look for outliers "
    "or a curved relationship. Cramér's V measures the association of two categorical columns."
)


def section(tables: ReportTables) -> Section:
    """Show the most strongly related pairs of columns of each data set."""
    blocks: list[Block] = []
    for dataset, title in TITLES.items():
        numbers = tables.rows("correlations", dataset=dataset)
        categories = tables.rows("associations", dataset=dataset)
        if len(numbers) and numbers["spearman"].notna().any():
            blocks.append(Chart(charts.correlations(numbers), [dataset], f"Numeric columns of {title}", half=True))
        if len(categories) and categories["cramers_v"].notna().any():
            blocks.append(Chart(charts.associations(categories), [dataset], f"Categories of {title}", half=True))
    return Section("correlations", "Correlations", [LEAD], blocks)
