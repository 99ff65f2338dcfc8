"""The page: sections laid into the template, with plotly.js and style inside, so that it is one file."""

import json
from numbers import Integral
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from jobs.core.contracts import load_contract
from jobs.report.findings import findings
from jobs.report.formatting import count
from jobs.report.report_tables import Facts
from jobs.report.sections import SECTIONS
from jobs.report.sections.blocks import TITLE_SPACE, Chart, Section

TEMPLATES = Path(__file__).parent / "templates"


def render(facts: Facts) -> str:
    """The whole page as HTML."""
    sections = [make(facts) for make in SECTIONS]
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"cell": cell, "id": block_id}
    return environment.get_template("page.html.j2").render(
        facts=facts,
        sections=sections,
        findings=findings(facts),
        badges={name: badge(facts, name) for name in facts.loads.get("dataset", [])},
        synthetic=[name for name in facts.loads.get("dataset", []) if facts.source(name) == "synthetic"],
        style=Markup((TEMPLATES / "style.css").read_text()),
        script=Markup((TEMPLATES / "figures.js").read_text()),
        plotly=Markup(get_plotlyjs()),
        figures=Markup(figures(sections)),
    )


def badge(facts: Facts, dataset: str) -> dict[str, str]:
    """What a badge says of a data set: its source, its name in words, its file."""
    return {"source": facts.source(dataset), "title": load_contract(dataset).title, "file": facts.file(dataset)}


def figures(sections: list[Section]) -> str:
    """All figures as JSON, by the id of their place, safe inside a script element."""
    drawn = {
        block_id(section, place): _untitled(block)
        for section in sections
        for place, block in enumerate(section.blocks)
        if isinstance(block, Chart)
    }
    return json.dumps(drawn, separators=(",", ":")).replace("<", "\\u003c")


def block_id(section: Section, place: int) -> str:
    """The id of a block on the page."""
    return f"{section.id}-{place + 1}"


def _untitled(chart: Chart) -> dict[str, Any]:
    """The figure without its title and template defaults of Plotly; the heading above it has the title."""
    drawn: dict[str, Any] = json.loads(chart.figure.to_json())
    drawn["layout"].pop("title")
    drawn["layout"]["height"] -= TITLE_SPACE
    drawn["layout"]["margin"] = {"l": 8, "r": 12, "t": 64 - TITLE_SPACE, "b": 48}
    if drawn["layout"].get("showlegend"):
        drawn["layout"]["margin"]["t"] += 24
    return drawn


def cell(value: object) -> str:
    """A cell's text: whole numbers get their thousands separated, what is not there stays blank."""
    if value is None or value != value:
        return ""
    return count(int(value)) if isinstance(value, Integral) else str(value)
