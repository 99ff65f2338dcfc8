"""What a section of the report is made of. A section is one file with a function `section(facts) -> Section`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

TITLE_SPACE = 44  # pixels of a figure's title
_NUMBER = re.compile(r"[-\u2212\d.,\s]*%?|nan|None")


@dataclass(frozen=True)
class Chart:
    """A figure; its title becomes the heading. `datasets` are those its numbers come from."""

    figure: go.Figure
    datasets: Sequence[str]
    note: str = ""
    half: bool = False
    kind: str = "chart"

    @property
    def title(self) -> str:
        """What the chart says."""
        return str(self.figure.layout.title.text)

    @property
    def height(self) -> int:
        """Pixels that the figure takes on the page, where its title stands above it as a heading."""
        return int(self.figure.layout.height) - TITLE_SPACE


@dataclass(frozen=True)
class Table:
    """A table; numbers are aligned right. A folded one is opened by a click."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    datasets: Sequence[str]
    note: str = ""
    folded: bool = False
    kind: str = "table"

    def is_number(self, place: int) -> bool:
        """True for a column whose cells are numbers, or texts made of one: they are aligned right."""
        return all(_NUMBER.fullmatch(str(row[place])) for row in self.rows if row[place] is not None)


@dataclass(frozen=True)
class Picture:
    """An SVG drawing."""

    title: str
    svg: str
    datasets: Sequence[str] = ()
    note: str = ""
    kind: str = "picture"


Block = Chart | Table | Picture


@dataclass(frozen=True)
class Section:
    """A part of the page: sentences first, then charts and tables. `empty` is said if there is nothing to show."""

    id: str
    title: str
    lead: Sequence[str] = ()
    blocks: Sequence[Block] = field(default_factory=list)
    empty: str = "There is no data for this section yet."

    @property
    def datasets(self) -> list[str]:
        """The data sets that the section draws from, each once."""
        return list(dict.fromkeys(name for block in self.blocks for name in block.datasets))
