"""Elements that all pages share: the style sheet, HTML fragments, charts and placeholders."""

from pathlib import Path

import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

ICON = Path(__file__).parent / "icon.svg"
_STYLE_SHEET = Path(__file__).parent / "style.css"
_TITLE_PX = 44
_LEGEND_PX = 30
_CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "displaylogo": False}


def add_style_sheet() -> None:
    """Add the style sheet to the page."""
    st.html(f"<style>{_STYLE_SHEET.read_text()}</style>")


def html(text: Markup) -> None:
    """Write an HTML fragment; Markup has already escaped the values formatted into it."""
    st.html(str(text))


def chart(figure: go.Figure, key: str, note: str = "") -> None:
    """Draw a figure below its title as a heading; it replaces the figure that had this key before.

    Args:
        figure: the figure; its title becomes the heading and the alternative text.
        key: Streamlit's key of the element.
        note: a caption under the heading.

    """
    title = str(figure.layout.title.text)
    caption = Markup('<p class="caption">{}</p>').format(note) if note else ""
    html(Markup("<h3>{}</h3>{}").format(title, caption))
    top = _LEGEND_PX if figure.layout.showlegend else 12
    height = figure.layout.height - _TITLE_PX
    figure.update_layout(title=None, height=height, margin={"l": 8, "r": 12, "t": top, "b": 48})
    st.plotly_chart(figure, theme=None, key=key, config=_CHART_CONFIG, alt=title)


def placeholder(text: str) -> None:
    """Show a sentence in place of missing content."""
    html(Markup('<p class="empty">{}</p>').format(text))
