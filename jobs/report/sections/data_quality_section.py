"""Data quality: loaded and rejected rows, values set to null, and the reasons."""

from jobs.core.contracts import load_contract
from jobs.report.formatting import column, count, percent, sentence
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Section, Table

TITLE = "Data quality"


def section(tables: ReportTables) -> Section:
    """Show loads, values set to null, and rejected rows with examples."""
    if tables.loads.empty:
        return Section("data", TITLE, empty="No data has been loaded yet. Run: bankstack run ingest")
    blocks = [_loaded(tables), *_nulled(tables), *_rejected(tables)]
    return Section("data", TITLE, [_summary(tables)], blocks)


def _summary(tables: ReportTables) -> str:
    loads = tables.loads
    rejected, rows = int(loads["rows_rejected"].sum()), int(loads["rows_in"].sum())
    outcome = f"{count(rows - rejected)} were loaded and {count(rejected)} rejected" if rejected else "all were loaded"
    return (
        f"{count(rows)} rows were read from {len(loads)} files; {outcome}. Every row is either loaded or rejected with "
        "a reason: no row is dropped silently and no value is guessed."
    )


def _loaded(tables: ReportTables) -> Table:
    rows = [
        (
            sentence(load_contract(row.dataset).title),
            row.source,
            row.file,
            row.rows_in,
            row.rows_loaded,
            row.rows_rejected,
        )
        for row in records(tables.loads)
    ]
    header = ("Data set", "Source", "File", "Rows read", "Loaded", "Rejected")
    return Table("Loaded files", header, rows, ())


def _nulled(tables: ReportTables) -> list[Block]:
    """List the values that a rule of the contract sets to null, with the contract's explanation."""
    rows = [
        (
            sentence(load_contract(load.dataset).title),
            column(name),
            values,
            percent(values / max(load.rows_loaded, 1), 2),
            _why(load.dataset, name),
        )
        for load in records(tables.loads)
        for name, values in sorted(dict(load.nulled or {}).items(), key=lambda item: -item[1])
    ]
    header = ("Data set", "Column", "Values", "Share of rows", "Reason")
    datasets = [load.dataset for load in records(tables.loads) if dict(load.nulled or {})]
    return [Table("Invalid values set to null", header, rows, datasets)] if rows else []


def _why(dataset: str, name: str) -> str:
    rules = {rule.name: rule.why for rule in load_contract(dataset).columns}
    return rules.get(name) or "The value breaks the column's rule; the rest of the row is valid."


def _rejected(tables: ReportTables) -> list[Block]:
    reasons, examples = tables.rows("rejected_reasons"), tables.rows("rejected_examples")
    if reasons.empty:
        return []
    datasets = list(dict.fromkeys(reasons["dataset"]))
    counts = [
        (sentence(load_contract(row.dataset).title), sentence(row.reason), row.row_count) for row in records(reasons)
    ]
    shown = [(row.file, row.line, row.reasons, row.raw) for row in records(examples)]
    return [
        Table("Rejected rows by reason", ("Data set", "Reason", "Rows"), counts, datasets),
        Table("Examples of rejected rows", ("File", "Line", "Reasons", "Row as delivered"), shown, datasets),
    ]
