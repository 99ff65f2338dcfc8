"""Appendix: every column in numbers."""

import pandas as pd

from jobs.core.contracts import load_contract
from jobs.report.formatting import count, number, percent
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Section, Table

HEADER = ("Column", "Type", "Not known", "Different", "Smallest", "5 %", "Median", "95 %", "Largest", "Mean")


def section(facts: Facts) -> Section:
    """A folded table for each data set."""
    profiles = facts.table("column_profiles")
    blocks: list[Block] = [
        _profile(dataset, profiles[profiles["dataset"] == dataset])
        for dataset in dict.fromkeys(profiles["dataset"] if len(profiles) else [])
    ]
    lead = "Type, missing values, range and quantiles of each column, for whoever wants to check a number above."
    return Section("profiles", "Every column in numbers", [lead], blocks)


def _profile(dataset: str, profiles: pd.DataFrame) -> Table:
    rows = [
        (
            *(
                row.column_name,
                row.type,
                percent(row.null_share, 2) if row.null_count else "",
                number(row.distinct_count),
            ),
            *(_short(row.minimum), *(number(value) for value in (row.p05, row.p50, row.p95)), _short(row.maximum)),
            number(row.mean),
        )
        for row in records(profiles.sort_values("position"))
    ]
    title = (
        f"{load_contract(dataset).title.capitalize()}: {len(rows)} columns, {count(profiles['row_count'].max())} rows"
    )
    return Table(title, HEADER, rows, [dataset], folded=True)


def _short(text: object, shown: int = 24) -> str:
    value = "" if text is None or text != text else str(text)
    return value if len(value) <= shown else f"{value[: shown - 1]}…"
