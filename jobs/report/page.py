"""Render the report as a single HTML file, with style sheet, scripts and plotly.js included."""

import json
import re
from collections.abc import Iterable
from numbers import Integral
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from jobs.core.contracts import load_contract
from jobs.report.findings import findings
from jobs.report.formatting import THIN, count, listed
from jobs.report.report_tables import ReportTables
from jobs.report.sections import SECTIONS
from jobs.report.sections.blocks import TITLE_SPACE, Chart, Section

TEMPLATES = Path(__file__).parent / "templates"


def render(tables: ReportTables) -> str:
    """Return the whole page as HTML."""
    sections = [make(tables) for make in SECTIONS]
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"cell": cell, "id": block_id, "prose": prose}
    return environment.get_template("page.html.j2").render(
        tables=tables,
        sections=sections,
        findings=findings(tables),
        synthetic_titles=listed([dataset_title(name) for name in tables.synthetic]),
        is_synthetic=lambda names: tables.is_mixed and bool(set(names) & set(tables.synthetic)),
        mark_title=lambda names: mark_title(tables, names),
        style=Markup((TEMPLATES / "style.css").read_text()),
        script=Markup((TEMPLATES / "figures.js").read_text()),
        plotly=Markup(get_plotlyjs()),
        figures=Markup(figures(sections)),
    )


def dataset_title(dataset: str) -> str:
    """Return a data set's name as its contract gives it."""
    return load_contract(dataset).title


def mark_title(tables: ReportTables, names: Iterable[str]) -> str:
    """Return the tooltip of the mark `synthetic`: which of the data sets behind a figure were generated."""
    generated = [dataset_title(name) for name in tables.synthetic if name in set(names)]
    return f"Generated data: {', '.join(generated)}"


def figures(sections: list[Section]) -> str:
    """Return all figures as JSON by block id, safe to embed in a script element."""
    drawn = {
        block_id(section, index): _untitled(block)
        for section in sections
        for index, block in enumerate(section.blocks)
        if isinstance(block, Chart)
    }
    return json.dumps(drawn, separators=(",", ":")).replace("<", "\\u003c")


def block_id(section: Section, index: int) -> str:
    """Return the HTML id of a block."""
    return f"{section.id}-{index + 1}"


def _untitled(chart: Chart) -> dict[str, Any]:
    """Return the figure as JSON without its title, which the page shows as a heading."""
    drawn: dict[str, Any] = json.loads(chart.figure.to_json())
    drawn["layout"].pop("title")
    drawn["layout"]["height"] -= TITLE_SPACE
    drawn["layout"]["margin"] = {"l": 8, "r": 12, "t": 64 - TITLE_SPACE, "b": 48}
    if drawn["layout"].get("showlegend"):
        drawn["layout"]["margin"]["t"] += 24
    return drawn


def prose(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return re.sub(r"(?<=\d) %", f"{THIN}%", text)


def cell(value: object) -> str:
    """Format a table cell: integers with thousands separators, null as an empty string."""
    if value is None or value != value:
        return ""
    return count(int(value)) if isinstance(value, Integral) else str(value)
