"""What was loaded, what was rejected, what was kept as null, and why."""

from jobs.core.contracts import load_contract
from jobs.report.formatting import column, count, listed, percent, sentence
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Section, Table


def section(facts: Facts) -> Section:
    """Loads, rejected rows with examples, values kept as null."""
    loads = facts.loads
    if loads.empty:
        return Section("data", "What was loaded", empty="Nothing was loaded yet: run the stage ingest.")
    blocks = [_loaded(facts), *_nulled(facts), *_rejected(facts)]
    return Section("data", "What was loaded", [_in_words(facts)], blocks)


def _in_words(facts: Facts) -> str:
    loads = facts.loads
    rejected, rows = int(loads["rows_rejected"].sum()), int(loads["rows_in"].sum())
    made = [f"“{load_contract(name).title}”" for name in loads[loads["source"] == "synthetic"]["dataset"]]
    said = f"{count(rows)} rows were read from {len(loads)} files; {count(rows - rejected)} became rows of a table and "
    said += f"{count(rejected)} were rejected. " if rejected else "none was rejected. "
    said += "Every row read is either loaded or rejected with a reason; nothing is dropped silently, nothing guessed."
    return (
        f"{said} No file was there for {listed(made)}: what you see of it is made up by a generator." if made else said
    )


def _loaded(facts: Facts) -> Table:
    rows = [
        (load_contract(row.dataset).title, row.source, row.file, row.rows_in, row.rows_loaded, row.rows_rejected)
        for row in records(facts.loads)
    ]
    header = ("Data set", "Source", "File", "Rows in", "Loaded", "Rejected")
    return Table("Files and rows", header, rows, facts.loads["dataset"].to_list())


def _nulled(facts: Facts) -> list[Block]:
    """Values that a written rule keeps as null, with the rule's own words."""
    rows = [
        (
            load_contract(load.dataset).title,
            column(name),
            values,
            percent(values / max(load.rows_loaded, 1), 2),
            _why(load.dataset, name),
        )
        for load in records(facts.loads)
        for name, values in sorted(dict(load.nulled or {}).items(), key=lambda item: -item[1])
    ]
    header = ("Data set", "Column", "Values", "Share of rows", "Why")
    datasets = [load.dataset for load in records(facts.loads) if dict(load.nulled or {})]
    return [Table("Impossible values, kept as “not known”", header, rows, datasets)] if rows else []


def _why(dataset: str, name: str) -> str:
    rules = {rule.name: rule.why for rule in load_contract(dataset).columns}
    return rules.get(name) or "The value breaks the column's rule; the rest of the row is good."


def _rejected(facts: Facts) -> list[Block]:
    reasons, examples = facts.table("rejected_reasons"), facts.table("rejected_examples")
    if reasons.empty:
        return []
    datasets = list(dict.fromkeys(reasons["dataset"]))
    why = [(load_contract(row.dataset).title, sentence(row.reason), row.row_count) for row in records(reasons)]
    shown = [(row.file, row.line, row.reasons, row.raw) for row in records(examples)]
    return [
        Table("Why rows were rejected", ("Data set", "Reason", "Rows"), why, datasets),
        Table("Examples of rejected rows", ("File", "Line", "Reasons", "The row as it stands"), shown, datasets),
    ]
