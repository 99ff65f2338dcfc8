"""Lineage: which step reads and writes which tables."""

from jobs.report import lineage
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Section, Table

LEAD = (
    "Every number in this report comes from a file through the steps below. The list is generated from the same "
    "pipeline definition that runs the steps, so it is always complete."
)


def section(_tables: ReportTables) -> Section:
    """A folded table of all steps with their inputs and outputs."""
    header = ("Step", "Reads", "Writes")
    steps = Table("Steps with the tables they read and write", header, lineage.dependencies(), (), folded=True)
    return Section("lineage", "Lineage", [LEAD], [steps])
