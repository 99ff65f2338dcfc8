"""The stream as a page: the whole stream's windows with what was expected and alerts, and how many were right."""

from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from jobs.core.files import write_whole

BLUE, VERMILION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A minute of a simulated bank</title>
<style>body{{font-family:{font};margin:2em auto;max-width:1100px;color:#1F2933}}pre{{overflow-x:auto}}</style></head>
<body><h1>A minute of a simulated bank</h1><p>All data here are synthetic.</p>{charts}<pre>{figures}</pre></body></html>
"""


def write_page(path: Path, windows: pd.DataFrame, alerts: pd.DataFrame, by_type: pd.DataFrame, figures: str) -> None:
    """Write the page, whole or not at all; it needs no network."""
    drawn = [volume(windows, alerts), found(by_type)]
    charts = "".join(one.to_html(full_html=False, include_plotlyjs=not number) for number, one in enumerate(drawn))
    write_whole(path, PAGE.format(font=FONT, charts=charts, figures=figures))


def volume(windows: pd.DataFrame, alerts: pd.DataFrame) -> go.Figure:
    """Transactions per tumbling window of the whole stream, and what its history let expect.

    Args:
        windows: rows of transaction_windows, whole stream and tumbling, by starts.
        alerts: rows of alerts.

    """
    drawn = _figure("Transactions per window, and what was expected", "Transactions")
    at = windows["starts"]
    for name, line in (("high", None), ("low", "tonexty")):
        drawn.add_scatter(
            **{"x": at, "y": windows[name], "name": "expected, 4 standard deviations", "showlegend": name == "low"},
            **{
                "fill": line,
                "mode": "lines",
                "line": {"width": 0},
                "fillcolor": "rgba(138,143,152,0.3)",
                "hoverinfo": "skip",
            },
        )
    drawn.add_scatter(
        x=at, y=windows["transactions"], mode="lines", name="transactions", line={"color": BLUE, "width": 1}
    )
    odd = windows[windows["anomaly"].notna()]
    marks = {"color": VERMILION, "size": 7}
    drawn.add_scatter(
        x=odd["starts"],
        y=odd["transactions"],
        mode="markers",
        name="surge or outage",
        marker=marks,
        text=odd["anomaly"],
    )
    loud = alerts[~alerts["type"].isin(["surge", "outage"])]
    drawn.add_scatter(
        **{"x": loud["at"], "y": [-3] * len(loud), "mode": "markers", "name": "alert of a customer or terminal"},
        **{"marker": {"symbol": "line-ns-open", "color": GREY, "size": 8}, "text": loud["reason"], "hoverinfo": "text"},
    )
    return drawn


def found(by_type: pd.DataFrame) -> go.Figure:
    """Planted incidents by type: how many there were, and how many were found."""
    drawn = _figure("Planted incidents and those found", "Incidents")
    drawn.add_bar(x=list(by_type.index), y=by_type["incidents"], name="planted", marker_color=GREY)
    drawn.add_bar(x=list(by_type.index), y=by_type["found"], name="found", marker_color=GREEN)
    return drawn.update_layout(barmode="group", height=320)


def _figure(title: str, y: str) -> go.Figure:
    drawn = go.Figure(layout={"title": title, "height": 460, "template": "plotly_white", "font": {"family": FONT}})
    return drawn.update_yaxes(title_text=y).update_layout(legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"})
