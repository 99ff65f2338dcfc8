"""The look that all pages share: the report's colours, its cards, its way to draw a chart."""

from pathlib import Path

import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

ICON = Path(__file__).parent / "icon.svg"
_STYLE = Path(__file__).parent / "style.css"
_TITLE, _LEGEND = 44, 30  # pixels of a figure's title and of its legend
_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "displaylogo": False}


def style() -> None:
    """Add the style sheet to the page."""
    st.html(f"<style>{_STYLE.read_text()}</style>")


def html(text: Markup) -> None:
    """Write a piece of the page; what was formatted into it is escaped."""
    st.html(str(text))


def chart(figure: go.Figure, key: str, note: str = "") -> None:
    """Draw a figure under its finding as a heading, in place of what the key showed before."""
    title = str(figure.layout.title.text)
    caption = Markup('<p class="caption">{}</p>').format(note) if note else ""
    html(Markup("<h3>{}</h3>{}").format(title, caption))
    top = _LEGEND if figure.layout.showlegend else 12
    figure.update_layout(title=None, height=figure.layout.height - _TITLE, margin={"l": 8, "r": 12, "t": top, "b": 48})
    st.plotly_chart(figure, theme=None, key=key, config=_CONFIG, alt=title)


def empty(text: str) -> None:
    """Say why there is nothing to see."""
    html(Markup('<p class="empty">{}</p>').format(text))
