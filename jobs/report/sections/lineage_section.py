"""How the numbers came about: the lineage, drawn from the map."""

from jobs.report import lineage
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Picture, Section

LEAD = (
    "From the files at the left to this report at the right: each box is a step with the tables it writes, each line "
    "says whose tables a step reads. The picture is drawn from the same list that orders the work."
)


def section(facts: Facts) -> Section:
    """The picture."""
    return Section("lineage", "Where the numbers come from", [LEAD], [Picture("Steps and tables", lineage.svg())])
