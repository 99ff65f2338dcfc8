"""How the segments were found: all clusterings that were compared, and Ward's hierarchy."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from jobs.report.records import records
from jobs.report.theme import BLUE, GREEN, GREY, INK, ORANGE, PINK, SKY, VERMILION, WHISKER, figure

FEATURE_SETS = {
    "money": "balance and amount",
    "money and age": "balance, amount and age",
    "rhythm": "rhythm of payments",
    "times": "times of payments",
    "behaviour": "rhythm and times",
    "transactions": "transactions",
}
PANELS = ("k-means", "bisecting k-means", "Ward", "Gaussian mixture")
COLORS = (BLUE, GREEN, SKY, VERMILION, ORANGE, PINK, INK, WHISKER, GREY)


def clusterings(tried: pd.DataFrame) -> go.Figure:
    """Draw the silhouette by number of clusters, with a panel per algorithm and a line per feature space.

    Args:
        tried: all rows of `clusterings`. Filled markers are those that the selection rule accepts.

    """
    best = records(tried[tried["chosen"]])[0]
    features = FEATURE_SETS.get(best.features, best.features)
    title = f"Published: {best.k} clusters by {features}, with a silhouette of {best.silhouette:.2f}"
    drawn = figure(title, 1080).set_subplots(
        rows=len(PANELS), shared_xaxes=True, vertical_spacing=0.06, subplot_titles=PANELS
    )
    candidates = tried[tried["algorithm"].isin(PANELS)].sort_values("k")
    for color, (_, space) in zip(COLORS, candidates.groupby(["features", "treatment"], sort=False), strict=False):
        for algorithm, part in space.groupby("algorithm"):
            drawn.add_trace(_line(part, color), PANELS.index(str(algorithm)) + 1, 1)
    for row in records(tried[tried["algorithm"] == "baseline"]):
        cross = {"symbol": "x", "color": GREY, "size": 10}
        drawn.add_trace(_mark(row, "published analysis (baseline)", cross), 1, 1)
    ring = {"size": 18, "color": "rgba(0,0,0,0)", "line": {"color": INK, "width": 2}}
    drawn.add_trace(_mark(best, "chosen", ring), PANELS.index(best.algorithm) + 1, 1)
    drawn.update_xaxes(title_text="Number of clusters<br>(filled markers: accepted by the rule)", row=len(PANELS))
    drawn.update_yaxes(title_text="Silhouette, -1 to 1", matches="y")
    return drawn.update_layout(showlegend=True, legend={"y": -0.12, "yanchor": "top"}, margin={"b": 190})


def dendrogram(segment_dendrogram: pd.DataFrame, k: int) -> go.Figure:
    """Draw the top of Ward's hierarchy, with a line where it is cut into k clusters."""
    heights = segment_dendrogram.groupby("branch")["y"].max().sort_values(ascending=False).to_list()
    cut = (heights[k - 2] + heights[k - 1]) / 2 if len(heights) >= k else 0.0
    apart = heights[min(k - 2, len(heights) - 1)]
    title = f"Cut into {k} clusters, any two are at least {apart:.0f} apart (Ward's distance)"
    drawn = figure(title, 340, x="Groups of customers", y="Merge distance (Ward)")
    for _, line in segment_dendrogram.sort_values(["branch", "point"]).groupby("branch"):
        drawn.add_scatter(x=line["x"], y=line["y"], mode="lines", line={"color": BLUE, "width": 1.4}, hoverinfo="skip")
    drawn.add_hline(cut, line={"color": GREY, "dash": "dot", "width": 1.4})
    return drawn.update_xaxes(showticklabels=False, showgrid=False)


def _line(part: pd.DataFrame, color: str) -> go.Scatter:
    """Draw one algorithm in one feature space; only the first panel adds the space to the legend."""
    name = f"{FEATURE_SETS.get(part['features'].iloc[0], '')}, {part['treatment'].iloc[0]}"
    symbols = ["circle" if verdict == "accepted" else "circle-open" for verdict in part["verdict"]]
    return go.Scatter(
        x=part["k"],
        y=part["silhouette"],
        name=name,
        legendgroup=name,
        mode="lines+markers",
        marker={"symbol": symbols, "size": 8, "color": color},
        line={"color": color, "width": 1.4},
        customdata=part["verdict"],
        showlegend=part["algorithm"].iloc[0] == PANELS[0],
        hovertemplate=name + ", k = %{x}: %{y:.3f}, %{customdata}<extra></extra>",
    )


def _mark(row: Any, name: str, marker: dict[str, Any]) -> go.Scatter:  # noqa: ANN401 - a row of clusterings
    return go.Scatter(x=[row.k], y=[row.silhouette], mode="markers", marker=marker, name=name, hoverinfo="skip")
