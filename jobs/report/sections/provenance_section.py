"""Provenance: files with checksums, versions, and the duration of each step."""

from jobs.report import charts
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table

LEAD = (
    "The same files and versions reproduce the same results. Compare the checksums to see whether a file is identical."
)


def section(tables: ReportTables) -> Section:
    """Show which files and versions the report was made with, and how long each step took."""
    blocks: list[Block] = []
    if len(tables.loads):
        rows = [
            (row.dataset, row.file, row.rows_in, row.bytes, f"{row.loaded_at:%Y-%m-%d %H:%M}", row.sha256)
            for row in records(tables.loads)
        ]
        header = ("Data set", "File", "Rows", "Bytes", "Loaded (UTC)", "SHA-256 checksum")
        blocks.append(Table("Files", header, rows, ()))
    versions = [("run date", tables.run_date.isoformat()), *tables.versions.items()]
    blocks.append(Table("Run date and versions", ("Component", "Version"), versions, ()))
    if tables.timings:
        blocks.append(Chart(charts.seconds_by_step(tables.timings), ()))
    return Section("provenance", "Provenance", [LEAD], blocks)
