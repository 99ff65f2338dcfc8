"""Appendix: summary statistics of every column."""

import pandas as pd

from jobs.core.contracts import load_contract
from jobs.report.formatting import count, number, percent, sentence
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Section, Table

HEADER = ("Column", "Type", "Nulls", "Distinct", "Minimum", "5 %", "Median", "95 %", "Maximum", "Mean")


def section(tables: ReportTables) -> Section:
    """Show a folded table per data set."""
    profiles = tables.rows("column_profiles")
    blocks: list[Block] = [
        _profile(dataset, profiles[profiles["dataset"] == dataset])
        for dataset in dict.fromkeys(profiles["dataset"] if len(profiles) else [])
    ]
    lead = "Type, nulls, range and quantiles of every column, to check the results above against the data."
    return Section("profiles", "Column profiles", [lead], blocks)


def _profile(dataset: str, profiles: pd.DataFrame) -> Table:
    rows = [
        (
            row.column_name,
            row.type,
            percent(row.null_share, 2) if row.null_count else "",
            number(row.distinct_count),
            _shortened(row.minimum),
            number(row.p05),
            number(row.p50),
            number(row.p95),
            _shortened(row.maximum),
            number(row.mean),
        )
        for row in records(profiles.sort_values("position"))
    ]
    size = f"{len(rows)} columns, {count(profiles['row_count'].max())} rows"
    return Table(f"{sentence(load_contract(dataset).title)}: {size}", HEADER, rows, [dataset], folded=True)


def _shortened(text: object, shown: int = 24) -> str:
    value = "" if text is None or text != text else str(text)
    return value if len(value) <= shown else f"{value[: shown - 1]}…"
