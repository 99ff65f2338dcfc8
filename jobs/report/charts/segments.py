"""Four boards of the customer segments, and how they were found.

The boards: an overview, who they are, what they are worth, when and how they transact.
"""

from collections.abc import Sequence
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from jobs.report.charts.house import BLUE, GREEN, GREY, INK, ORANGE, PINK, SKY, VERMILION, WRAP, figure, named_rows
from jobs.report.charts.house import wrapped as wrapped_names
from jobs.report.rows import highest, lowest, records
from jobs.report.words import count, money, percent

SETS = {"money": "balance and amount", "money and age": "balance, amount and age", "transactions": "transactions"}
_SPACES = (BLUE, GREEN, SKY, VERMILION, ORANGE, PINK)
_WORTH = {"share": ("customers", GREY), "balance_share": ("balances", BLUE), "amount_share": ("money moved", ORANGE)}
_SCALE = [[0, "#FFFFFF"], [1, BLUE]]
_PARTS = {"night": "0-6 h", "morning": "6-12 h", "afternoon": "12-18 h", "evening": "18-24 h"}


def segment_overview(segment_names: pd.DataFrame) -> go.Figure:
    """The segments by size: their share of the customers, and their names."""
    rows = segment_names.sort_values("customers", ascending=False)
    most, least = highest(rows, "customers"), lowest(rows, "customers")
    title = f"{len(rows)} segments: “{most.name}” are {percent(most.share)} of the customers, "
    title += f"“{least.name}” {percent(least.share)}"
    names = labels(rows)
    drawn = named_rows(title, names, "Share of the customers, % (in brackets: customers)")
    texts = [f"{percent(row.share)} ({count(row.customers)})" for row in records(rows)]
    drawn.add_bar(x=100 * rows["share"], y=names, text=texts, orientation="h", marker_color=BLUE)
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    return drawn.update_xaxes(range=[0, 180 * float(rows["share"].max())])


def segment_people(segment_names: pd.DataFrame, segment_groups: pd.DataFrame) -> go.Figure:
    """Who they are: shares of each segment by gender, age band, and its first place."""
    shares = {"gender": _wide(segment_groups, "gender"), "age_band": _wide(segment_groups, "age_band")}
    ages = shares["age_band"].drop(columns="unknown", errors="ignore")
    table = pd.concat([shares["gender"].reindex(columns=["F"]).fillna(0).set_axis(["women"], axis=1), ages], axis=1)
    younger = ages.reindex(columns=["under 25", "25-34"]).fillna(0).sum(axis=1)
    title = (
        f"{_who(segment_names, younger.idxmax())} are the youngest: {percent(younger.max())} are under 35"
        if younger.max() > 0
        else "Of nobody it is known that they are under 35"
    )
    first = segment_groups[(segment_groups["dimension"] == "place") & (segment_groups["position"] == 1)]
    places = {row.segment: f"{str(row.value).title()} {percent(row.share, 0)}" for row in records(first)}
    return _heat(title, segment_names, table, "Share of the segment, % (below the name: its first place)", places)


def segment_worth(segment_names: pd.DataFrame) -> go.Figure:
    """What they are worth: share of customers beside share of the balances and of the money moved."""
    rows = segment_names.sort_values("customers", ascending=False)
    top = highest(rows.assign(weight=rows["balance_share"] / rows["share"].where(rows["share"] > 0)), "weight")
    title = (
        f"“{top.name}” are {percent(top.share)} of the customers and hold {percent(top.balance_share)} of the balances"
    )
    names = labels(rows)
    drawn = figure(title, 74 * len(names) + 150, x="Share of all, % (customers, balances, money moved)")
    for column, (name, color) in _WORTH.items():
        texts = [percent(value) for value in rows[column]]
        drawn.add_bar(x=100 * rows[column], y=names, text=texts, name=name, orientation="h", marker_color=color)
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False, ticksuffix=" ")
    largest = 100 * float(rows[[*_WORTH]].to_numpy().max())
    return drawn.update_layout(showlegend=True, barmode="group").update_xaxes(range=[0, 1.25 * largest])


def segment_times(segment_names: pd.DataFrame, segment_groups: pd.DataFrame) -> go.Figure:
    """When and how they transact: shares of each segment's transactions by part of the day and weekday."""
    parts, days = _wide(segment_groups, "part_of_day"), _wide(segment_groups, "weekday")
    late = parts.get("evening", parts.iloc[:, -1])
    title = f"{_who(segment_names, late.idxmax())} transact latest: {percent(late.max())} of it after 18 h, "
    title += f"{_who(segment_names, late.idxmin())} earliest: {percent(late.min())}"
    days = days.rename(columns=lambda name: str(name)[:3].title())
    table = pd.concat([parts.rename(columns=_PARTS), days], axis=1)
    spent = {
        row.segment: f"{row.transactions / max(row.customers, 1):.1f} transactions each, "
        f"{money(row.amount_sum / max(row.transactions, 1), 'transactions')} on average"
        for row in records(segment_names)
    }
    return _heat(title, segment_names, table, "Share of the segment's transactions, %", spent)


def clusterings(field: pd.DataFrame) -> go.Figure:
    """The whole field that scales: silhouette by number of clusters, a line for each space; the chosen is marked."""
    rows = field[field["algorithm"] == "k-means"].sort_values("k")
    best = records(field[field["chosen"]])[0]
    title = (
        f"{best.k} clusters of {SETS.get(best.features, best.features)} are published: silhouette {best.silhouette:.2f}"
    )
    drawn = figure(title, 420, x="Number of clusters (filled: the rule allows it)", y="Silhouette, -1 to 1, own space")
    for color, (_, part) in zip(_SPACES, rows.groupby(["features", "treatment"], sort=False), strict=False):
        name = f"{SETS.get(part['features'].iloc[0], '')}, {part['treatment'].iloc[0]}"
        symbols = ["circle" if verdict == "holds" else "circle-open" for verdict in part["verdict"]]
        marker = {"symbol": symbols, "size": 9, "color": color}
        drawn.add_scatter(x=part["k"], y=part["silhouette"], name=name, mode="lines+markers", marker=marker)
        drawn.data[-1].update(line={"color": color, "width": 1.4}, customdata=part["verdict"])
        drawn.data[-1].update(hovertemplate=name + ", k = %{x}: %{y:.3f}, %{customdata}<extra></extra>")
    ring = {"size": 18, "color": "rgba(0,0,0,0)", "line": {"color": INK, "width": 2}}
    drawn.add_scatter(x=[best.k], y=[best.silhouette], mode="markers", marker=ring, name="published", hoverinfo="skip")
    return drawn.update_layout(showlegend=True, legend={"y": -0.3, "yanchor": "top"}, margin={"b": 150})


def dendrogram(segment_dendrogram: pd.DataFrame, k: int) -> go.Figure:
    """The top of Ward's hierarchy, with the height at which it is cut into k clusters."""
    heights = segment_dendrogram.groupby("branch")["y"].max().sort_values(ascending=False).to_list()
    cut = (heights[k - 2] + heights[k - 1]) / 2 if len(heights) >= k else 0.0
    title = f"Cut into {k}, clusters are at least {heights[min(k - 2, len(heights) - 1)]:.0f} apart by Ward"
    drawn = figure(title, 340, x="Groups of customers", y="Distance at which two merge (Ward)")
    for _, line in segment_dendrogram.sort_values(["branch", "point"]).groupby("branch"):
        drawn.add_scatter(x=line["x"], y=line["y"], mode="lines", line={"color": BLUE, "width": 1.4}, hoverinfo="skip")
    drawn.add_hline(cut, line={"color": GREY, "dash": "dot", "width": 1.4})
    return drawn.update_xaxes(showticklabels=False, showgrid=False)


def labels(rows: pd.DataFrame, below: dict[str, str] | None = None) -> list[str]:
    """Letter and name of each segment, wrapped, with a note below it."""
    names = wrapped_names(f"{row.segment} {row.name}" for row in records(rows.rename_axis(None)))
    notes = [(below or {}).get(segment, "") for segment in rows["segment"]]
    return [f"{name}<br><i>{note}</i>" if note else name for name, note in zip(names, notes, strict=True)]


def _heat(title: str, segment_names: pd.DataFrame, table: pd.DataFrame, unit: str, below: dict[str, str]) -> go.Figure:
    """A cell for each segment and group, darker for a larger share."""
    rows = segment_names.sort_values("customers", ascending=False)
    shares = 100 * table.reindex(rows["segment"]).fillna(0)
    names = labels(rows, {segment: "<br>".join(_lines(note)) for segment, note in below.items()})
    texts = [[f"{value:.0f}" for value in line] for line in shares.to_numpy()]
    drawn = figure(title, 62 * len(rows) + 150, x=unit)
    drawn.add_heatmap(z=shares.to_numpy(), x=list(shares.columns), y=names, colorscale=_SCALE, showscale=False)
    drawn.data[-1].update(text=texts, texttemplate="%{text}", hovertemplate="%{y}<br>%{x}: %{z:.1f} %<extra></extra>")
    return drawn.update_yaxes(autorange="reversed", type="category", showgrid=False).update_xaxes(side="bottom")


def _lines(note: str) -> Sequence[str]:
    return wrap(note, WRAP + 6)


def _wide(segment_groups: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Shares of a dimension: a row a segment, a column a group in its order."""
    rows = segment_groups[segment_groups["dimension"] == dimension].sort_values("position")
    return (
        rows.pivot(index="segment", columns="value", values="share").reindex(columns=rows["value"].unique()).fillna(0)
    )


def _who(segment_names: pd.DataFrame, segment: object) -> str:
    return f"“{segment_names.set_index('segment')['name'].get(segment, segment)}”"
