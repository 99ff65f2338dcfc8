"""The building blocks of the report's sections.

Each module in this package has a function `section(tables) -> Section`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

TITLE_SPACE = 44
"""Pixels that a figure reserves for its title."""
_NUMBER = re.compile(r"[-\u2212\d.,\s]*%?|nan|None")


@dataclass(frozen=True)
class Chart:
    """A figure. Its title becomes the heading above it; `datasets` are the ones it is drawn from."""

    figure: go.Figure
    datasets: Sequence[str]
    note: str = ""
    half: bool = False
    kind: str = "chart"

    @property
    def title(self) -> str:
        """The finding that the chart shows."""
        return str(self.figure.layout.title.text)

    @property
    def height(self) -> int:
        """Height in pixels on the page, where the title is a heading and not part of the figure."""
        return int(self.figure.layout.height) - TITLE_SPACE


@dataclass(frozen=True)
class Table:
    """A table. Numeric columns are right-aligned; a folded table opens with a click."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    datasets: Sequence[str]
    note: str = ""
    folded: bool = False
    kind: str = "table"

    def is_number(self, column: int) -> bool:
        """Return whether every cell of a column is a number or the text of one."""
        return all(_NUMBER.fullmatch(str(row[column])) for row in self.rows if row[column] is not None)


Block = Chart | Table


@dataclass(frozen=True)
class Section:
    """A section of the page: paragraphs, then charts and tables. Without blocks the page shows `empty` instead."""

    id: str
    title: str
    lead: Sequence[str] = ()
    blocks: Sequence[Block] = field(default_factory=list)
    empty: str = "There is no data for this section yet."

    @property
    def datasets(self) -> list[str]:
        """Names of the data sets that the section uses, without repeats."""
        return list(dict.fromkeys(name for block in self.blocks for name in block.datasets))
