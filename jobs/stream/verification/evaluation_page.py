"""Write the evaluation of a stream as one HTML page: volume, alerts, incidents found."""

from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from jobs.core.files import write_whole
from jobs.stream.alert_types import VOLUME_TYPES

BLUE, VERMILION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
LIGHT_GREY = "rgba(138,143,152,0.3)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A simulated bank's stream</title>
<style>body{{font-family:{font};margin:2em auto;max-width:1100px;color:#1F2933}}pre{{overflow-x:auto}}</style></head>
<body><h1>A simulated bank's stream</h1><p>All data on this page is synthetic.</p>
{charts}<pre>{summary}</pre></body></html>
"""


def write_page(path: Path, windows: pd.DataFrame, alerts: pd.DataFrame, by_type: pd.DataFrame, summary: str) -> None:
    """Write the page in one step; it loads nothing from the network.

    Args:
        path: of the page.
        windows: rows of transaction_windows: tumbling, whole stream, by starts.
        alerts: rows of alerts.
        by_type: see `alert_evaluation.Evaluation`.
        summary: text to show below the charts.

    """
    volume = volume_chart(windows, alerts).to_html(full_html=False, include_plotlyjs=True)
    incidents = incident_chart(by_type).to_html(full_html=False, include_plotlyjs=False)
    write_whole(path, PAGE.format(font=FONT, charts=volume + incidents, summary=summary))


def volume_chart(windows: pd.DataFrame, alerts: pd.DataFrame) -> go.Figure:
    """Transactions per window, the expected range, anomalies and alerts; arguments as in `write_page`."""
    chart = _chart("Transactions per window", "Transactions")
    _add_expected_range(chart, windows)
    chart.add_scatter(
        x=windows["starts"],
        y=windows["transactions"],
        mode="lines",
        name="transactions",
        line={"color": BLUE, "width": 1},
    )
    anomalous = windows[windows["anomaly"].notna()]
    chart.add_scatter(
        x=anomalous["starts"],
        y=anomalous["transactions"],
        mode="markers",
        name="surge or outage",
        marker={"color": VERMILION, "size": 7},
        text=anomalous["anomaly"],
    )
    of_keys = alerts[~alerts["type"].isin(VOLUME_TYPES)]
    chart.add_scatter(
        x=of_keys["event_time"],
        y=[-3] * len(of_keys),
        mode="markers",
        name="customer or terminal alert",
        marker={"symbol": "line-ns-open", "color": GREY, "size": 8},
        text=of_keys["reason"],
        hoverinfo="text",
    )
    return chart


def _add_expected_range(chart: go.Figure, windows: pd.DataFrame) -> None:
    for column, fill in (("high", None), ("low", "tonexty")):
        chart.add_scatter(
            x=windows["starts"],
            y=windows[column],
            mode="lines",
            name="expected range (4 standard deviations)",
            showlegend=column == "low",
            fill=fill,
            fillcolor=LIGHT_GREY,
            line={"width": 0},
            hoverinfo="skip",
        )


def incident_chart(by_type: pd.DataFrame) -> go.Figure:
    """Planted incidents and how many of them were found, by type."""
    chart = _chart("Planted incidents and incidents found", "Incidents")
    chart.add_bar(x=list(by_type.index), y=by_type["incidents"], name="planted", marker_color=GREY)
    chart.add_bar(x=list(by_type.index), y=by_type["found"], name="found", marker_color=GREEN)
    return chart.update_layout(barmode="group", height=320)


def _chart(title: str, y_title: str) -> go.Figure:
    chart = go.Figure(layout={"title": title, "height": 460, "template": "plotly_white", "font": {"family": FONT}})
    return chart.update_yaxes(title_text=y_title).update_layout(
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    )
