"""Which columns hang together: correlations of numbers, associations of categories."""

from jobs.report import charts
from jobs.report.formatting import TITLES
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section

LEAD = (
    "A correlation says that two columns move together, not that one causes the other. Ranks (Spearman) are not "
    "disturbed by a few very large values; where both measures differ much, such values or a bend are behind it."
)


def section(facts: Facts) -> Section:
    """Strongest pairs of each data set."""
    blocks: list[Block] = []
    for dataset in TITLES:
        numbers = facts.table("correlations", dataset=dataset)
        groups = facts.table("associations", dataset=dataset)
        if len(numbers) and numbers["spearman"].notna().any():
            blocks.append(Chart(charts.correlations(numbers), [dataset], f"Numbers of {TITLES[dataset]}", half=True))
        if len(groups) and groups["cramers_v"].notna().any():
            blocks.append(Chart(charts.associations(groups), [dataset], f"Categories of {TITLES[dataset]}", half=True))
    return Section("relations", "What hangs together", [LEAD], blocks)
