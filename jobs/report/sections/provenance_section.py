"""Provenance: files with checksums, versions, time."""

from jobs.report import charts
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section, Table


def section(facts: Facts) -> Section:
    """What exactly this report was made from and with."""
    blocks: list[Block] = []
    if len(facts.loads):
        rows = [
            (row.dataset, row.file, row.rows_in, row.bytes, f"{row.loaded_at:%Y-%m-%d %H:%M}", row.sha256)
            for row in records(facts.loads)
        ]
        header = ("Data set", "File", "Rows", "Bytes", "Loaded (UTC)", "SHA-256 checksum")
        blocks.append(Table("Files", header, rows, facts.loads["dataset"].to_list()))
    made = [("run date", facts.run_date.isoformat()), *facts.versions.items()]
    blocks.append(Table("Made with", ("What", "Version"), made, ()))
    if facts.timings:
        blocks.append(Chart(charts.seconds_by_step(facts.timings), ()))
    lead = "With the same files and the same version, the same numbers come out; "
    lead += "a checksum tells whether a file is the same."
    return Section("provenance", "Provenance", [lead], blocks)
