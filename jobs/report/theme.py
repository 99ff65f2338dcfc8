"""The common style of all charts, and the chart types that several modules share.

The colours are the palette of Okabe and Ito (2008), which colour-blind readers can distinguish.
"""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
ORANGE = "#E69F00"
PINK = "#CC79A7"
SKY = "#56B4E9"
GREY = "#8A8F98"
INK = "#1F2933"
GRID = "#E6E9ED"
WHISKER = "#5B7A99"
FEW = 10
"""Groups with fewer clients are not drawn."""
ROW = 27
"""Height in pixels of a row whose label fits on one line."""
PAIR = 42
"""Height in pixels of a row whose label takes two lines."""
WRAP = 22
"""Characters per line of a row label."""
PHONE = 160
"""Pixels left on a phone for the bars and their values, beside the row labels."""
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_AXIS = {
    "gridcolor": GRID,
    "linecolor": GRID,
    "zeroline": False,
    "automargin": True,
    "fixedrange": True,
    "separatethousands": True,
    "exponentformat": "none",
    "title": {"font": {"size": 12}, "standoff": 8},
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 13, "color": INK},
        "colorway": [BLUE, VERMILION, GREEN, ORANGE, PINK, SKY, GREY],
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 8, "r": 12, "t": 64, "b": 48},
        "title": {"x": 0, "xref": "paper", "font": {"size": 16}},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "hoverlabel": {"bgcolor": "white", "font": {"color": INK}},
        "dragmode": False,
        "bargap": 0.35,
    }
)


def figure(title: str, height: int, x: str = "", y: str = "") -> go.Figure:
    """Return an empty figure in the common style.

    Args:
        title: what the chart shows, as a finding.
        height: in pixels.
        x: title of the x axis with its unit; a part in brackets goes on a second line.
        y: title of the y axis with its unit.

    """
    drawn = go.Figure()
    drawn.update_layout(template=TEMPLATE, title_text=title, height=height, showlegend=False)
    return drawn.update_xaxes(title_text=x.replace(" (", "<br>(")).update_yaxes(title_text=y)


def named_rows(title: str, names: Sequence[str], x: str) -> go.Figure:
    """Return an empty figure with one labelled row per name, the first at the top."""
    row = PAIR if any("<br>" in name for name in names) else ROW
    drawn = figure(title, row * len(names) + 136, x=x)
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False, ticksuffix=" ")
    return drawn


def wrapped(names: Iterable[str]) -> list[str]:
    """Break long labels into lines, so that a phone has room for the chart beside them."""
    return ["<br>".join(wrap(name, WRAP)) or name for name in names]


def bars(title: str, values: pd.Series, texts: Sequence[str], x: str, color: str | Sequence[str] = BLUE) -> go.Figure:
    """Draw horizontal bars with their values at the end, one per entry of the index."""
    names = [str(name) for name in values.index]
    drawn = named_rows(title, names, x)
    drawn.add_bar(x=values.to_list(), y=names, text=list(texts), orientation="h", marker_color=color)
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    longest = max(len(text) for text in texts)
    margin = PHONE / (PHONE - 7 * longest - 6)
    largest, smallest = float(values.max()), float(values.min())
    drawn.update_xaxes(tickangle=0, nticks=5)
    return drawn.update_xaxes(range=[min(0.0, margin * smallest), max(margin * largest, 0.0) or 1.0])


def share_axis(dataset: str) -> str:
    """Return the title of an axis that shows the rate of the data set's outcome."""
    return f"{'Subscribed' if dataset == 'clients' else 'Defaulted'}, % (bar: 95 % interval)"


def large_groups(groups: pd.DataFrame) -> pd.DataFrame:
    """Keep groups of at least FEW clients; the wide intervals of smaller ones would squeeze all others."""
    large = groups[groups["row_count"] >= FEW]
    return large if len(large) else groups


def dots(drawn: go.Figure, rates: pd.DataFrame, names: Sequence[str]) -> go.Figure:
    """Add rates in percent with 95 % intervals and printed values to a figure of named rows."""
    share, low, high = (100 * rates[name].astype(float) for name in ("rate", "rate_low", "rate_high"))
    drawn.add_scatter(
        x=share,
        y=list(names),
        mode="markers",
        marker={"size": 9, "color": BLUE},
        error_x=whisker(share, low, high),
        customdata=list(zip(low, high, strict=True)),
        hovertemplate="%{y}: %{x:.1f} % (%{customdata[0]:.1f} to %{customdata[1]:.1f} %)<extra></extra>",
    )
    values_at(drawn, high, names, [f" {value:.1f} %" for value in share])
    return drawn.update_xaxes(range=[0, 1.42 * float(high.max())])


def whisker(value: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, object]:
    """Return Plotly's error bar for an interval from `low` to `high` around `value`."""
    return {"array": high - value, "arrayminus": value - low, "color": WHISKER, "thickness": 1.6, "width": 4}


def values_at(drawn: go.Figure, x: pd.Series, names: Sequence[str], texts: Sequence[str]) -> None:
    """Print a text to the right of each row's position `x`."""
    drawn.add_scatter(
        x=x,
        y=list(names),
        text=list(texts),
        mode="text",
        textposition="middle right",
        hoverinfo="skip",
        cliponaxis=False,
    )


def level(drawn: go.Figure, value: float, text: str) -> go.Figure:
    """Mark a value on the x axis with a dotted line and a label above it."""
    label = {"text": text, "yref": "paper", "y": 1, "yanchor": "bottom", "font": {"size": 11, "color": "#52606D"}}
    return drawn.add_vline(value, line={"color": GREY, "dash": "dot", "width": 1.4}, annotation=label)


def seconds_by_step(timings: Mapping[str, float]) -> go.Figure:
    """Draw how many seconds each step of the run took, the slowest first."""
    seconds = pd.Series(dict(timings), dtype=float).sort_values(ascending=False)
    title = f"The steps took {seconds.sum():,.0f} s; {seconds.index.tolist()[0]} was the slowest"
    return bars(title, seconds, [f"{value:.1f} s" for value in seconds], "Seconds in the last run", GREY)
