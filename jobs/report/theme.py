"""The house style of every chart, and the chart forms that several of them share.

Colours are Okabe and Ito's (2008), which colour-blind readers can tell apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

BLUE, VERMILION, GREEN, ORANGE, PINK, SKY, GREY = (
    *("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"),
    "#8A8F98",
)
INK, GRID, WHISKER = "#1F2933", "#E6E9ED", "#5B7A99"
FEW = 10  # clients: smaller groups are not drawn
ROW, PAIR = 27, 42  # pixels of a row with its name at the left, on one line or two
WRAP = 22  # characters of a name's line
PHONE = 160  # pixels that a phone has for bars and their texts, beside the names
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_NUMBERS = {"separatethousands": True, "exponentformat": "none"}
_AXIS = {"gridcolor": GRID, "linecolor": GRID, "zeroline": False, "automargin": True, "fixedrange": True, **_NUMBERS}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 13, "color": INK},
        "colorway": [BLUE, VERMILION, GREEN, ORANGE, PINK, SKY, GREY],
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 8, "r": 12, "t": 64, "b": 48},
        "title": {"x": 0, "xref": "paper", "font": {"size": 16}},
        "xaxis": {**_AXIS, "title": {"font": {"size": 12}, "standoff": 8}},
        "yaxis": {**_AXIS, "title": {"font": {"size": 12}, "standoff": 8}},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "hoverlabel": {"bgcolor": "white", "font": {"color": INK}},
        "dragmode": False,
        "bargap": 0.35,
    }
)


def figure(title: str, height: int, x: str = "", y: str = "") -> go.Figure:
    """An empty figure in the house style, with the titles (and units) of its axes; what is in brackets goes below."""
    drawn = go.Figure()
    drawn.update_layout(template=TEMPLATE, title_text=title, height=height, showlegend=False)
    return drawn.update_xaxes(title_text=x.replace(" (", "<br>(")).update_yaxes(title_text=y)


def named_rows(title: str, names: Sequence[str], x: str) -> go.Figure:
    """An empty figure for rows with names at the left, the first at the top."""
    row = PAIR if any("<br>" in name for name in names) else ROW
    drawn = figure(title, row * len(names) + 136, x=x)
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False, ticksuffix=" ")
    return drawn


def wrapped(names: Iterable[str]) -> list[str]:
    """The names, long ones on two or more lines, so that a phone has room beside them."""
    return ["<br>".join(wrap(name, WRAP)) or name for name in names]


def bars(title: str, values: pd.Series, texts: Sequence[str], x: str, color: str | Sequence[str] = BLUE) -> go.Figure:
    """Lying bars, one a name (the index), with their value written at the end."""
    names = [str(name) for name in values.index]
    drawn = named_rows(title, names, x)
    drawn.add_bar(x=values.to_list(), y=names, text=list(texts), orientation="h", marker_color=color)
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    longest = max(len(text) for text in texts)
    margin = PHONE / (PHONE - 7 * longest - 6)
    largest, smallest = float(values.max()), float(values.min())
    return drawn.update_xaxes(range=[min(0.0, margin * smallest), max(margin * largest, 0.0) or 1.0])


def share_axis(dataset: str) -> str:
    """Title of an axis of shares with the outcome."""
    return f"{'Subscribed' if dataset == 'clients' else 'Defaulted'}, % (bar: 95 % interval)"


def enough(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups of FEW clients or more; the interval of a smaller one says nothing and hides the others."""
    large = groups[groups["row_count"] >= FEW]
    return large if len(large) else groups


def dots(drawn: go.Figure, rates: pd.DataFrame, names: Sequence[str]) -> go.Figure:
    """Add shares with their 95 % intervals, in percent, to a figure of named rows, each with its value."""
    share, low, high = (100 * rates[name].astype(float) for name in ("rate", "rate_low", "rate_high"))
    whisker = {"array": high - share, "arrayminus": share - low, "color": WHISKER, "thickness": 1.6, "width": 4}
    drawn.add_scatter(
        x=share,
        y=list(names),
        mode="markers",
        marker={"size": 9, "color": BLUE},
        error_x=whisker,
        customdata=list(zip(low, high, strict=True)),
        hovertemplate="%{y}: %{x:.1f} % (%{customdata[0]:.1f} to %{customdata[1]:.1f} %)<extra></extra>",
    )
    written = {"text": [f" {value:.1f} %" for value in share], "mode": "text", "textposition": "middle right"}
    drawn.add_scatter(x=high, y=list(names), **written, hoverinfo="skip", cliponaxis=False)
    return drawn.update_xaxes(range=[0, 1.42 * float(high.max())])


def level(drawn: go.Figure, value: float, text: str) -> go.Figure:
    """Mark a level on the x axis by a dotted line with a label on top."""
    label = {"text": text, "yref": "paper", "y": 1, "yanchor": "bottom", "font": {"size": 11, "color": "#52606D"}}
    return drawn.add_vline(value, line={"color": GREY, "dash": "dot", "width": 1.4}, annotation=label)


def seconds_by_step(timings: Mapping[str, float]) -> go.Figure:
    """Seconds of each step of the run, the longest first."""
    seconds = pd.Series(dict(timings), dtype=float).sort_values(ascending=False)
    title = f"The steps took {seconds.sum():.0f} s, {seconds.index.tolist()[0]} the longest"
    return bars(title, seconds, [f"{value:.1f} s" for value in seconds], "Seconds of the last run", GREY)
