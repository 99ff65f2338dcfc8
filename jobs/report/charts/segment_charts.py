"""Four boards of the customer segments: an overview, who they are, what they are worth, when and how they transact.

What to see in a board is in its figure, as `layout.meta`: a sentence to print beside it.
"""

from collections.abc import Sequence
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, money, percent
from jobs.report.records import highest, lowest, records
from jobs.report.theme import BLUE, GREY, ORANGE, WRAP, figure, named_rows
from jobs.report.theme import wrapped as wrapped_names

PLACES = 3  # below a segment's name
LINE = 19  # pixels of a name's line
_WORTH = {"share": ("customers", GREY), "balance_share": ("balances", BLUE), "amount_share": ("money moved", ORANGE)}
_SCALE = [[0, "#FFFFFF"], [1, BLUE]]
_PARTS = {"night": "0-6 h", "morning": "6-12 h", "afternoon": "12-18 h", "evening": "18-24 h"}
_GENDERS = {"F": "women", "M": "men", "unknown": "gender<br>unknown"}
_AGES = {"under 25": "under<br>25", "65 and over": "65 and<br>over", "unknown": "age<br>unknown"}
_DRAWN = 0.005  # share from which a group has a column: of less, all cells would say 0
_NOWHERE = ("unknown", "all others")


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
    drawn.update_xaxes(range=[0, 180 * float(rows["share"].max())])
    return drawn.update_layout(meta="Overview of the segments. Names say what sets them apart.")


def segment_people(segment_names: pd.DataFrame, segment_groups: pd.DataFrame) -> go.Figure:
    """Who they are: shares of each segment by gender and age band, and its first places."""
    genders, ages = _wide(segment_groups, "gender"), _wide(segment_groups, "age_band")
    younger = ages.reindex(columns=["under 25", "25-34"]).fillna(0).sum(axis=1)
    title = (
        f"{_who(segment_names, younger.idxmax())} are the youngest: {percent(younger.max())} are under 35"
        if younger.max() > 0
        else "Of nobody it is known that they are under 35"
    )
    groups = pd.concat([genders.rename(columns=_GENDERS), ages.rename(columns=_AGES)], axis=1)
    table = groups.loc[:, (groups >= _DRAWN).any()]
    note = f"Share of the segment, % (below the name: its first {PLACES} places)"
    drawn = _heat(title, segment_names, table, note, _first_places(segment_groups))
    seen = (
        f"Who they are: darker is a larger share of the segment. Genders of a row add up to {percent(1, 0)}, ages too."
    )
    return drawn.update_layout(meta=seen)


def segment_worth(
    segment_names: pd.DataFrame, segment_profiles: pd.DataFrame, segment_concentration: pd.DataFrame
) -> go.Figure:
    """What they are worth: share of customers beside share of the balances and of the money moved; who holds most."""
    rows = segment_names.sort_values("customers", ascending=False)
    top = highest(rows.assign(weight=rows["balance_share"] / rows["share"].where(rows["share"] > 0)), "weight")
    title = (
        f"“{top.name}” are {percent(top.share)} of the customers and hold {percent(top.balance_share)} of the balances"
    )
    names = labels(rows, _typical(rows, segment_profiles))
    drawn = figure(title, (LINE * _most_lines(names) + 12) * len(names) + 150, x="Share of all, %")
    for column, (name, color) in _WORTH.items():
        texts = [percent(value) for value in rows[column]]
        drawn.add_bar(x=100 * rows[column], y=names, text=texts, name=name, orientation="h", marker_color=color)
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False, ticksuffix=" ")
    largest = 100 * float(rows[[*_WORTH]].to_numpy().max())
    drawn.update_layout(showlegend=True, barmode="group").update_xaxes(range=[0, 1.25 * largest])
    seen = "What they are worth: a bar longer than the grey one is concentration."
    return drawn.update_layout(meta=" ".join([seen, *_held(segment_concentration)]))


def _typical(segment_names: pd.DataFrame, segment_profiles: pd.DataFrame) -> dict[str, str]:
    """By segment: the median of the balances and the mean amount."""
    balances = {
        row.segment: f"median balance {money(row.median, 'transactions')}, "
        for row in records(segment_profiles)
        if row.feature == "balance" and row.median == row.median
    }
    return {
        row.segment: balances.get(row.segment, "")
        + f"mean amount {money(row.amount_sum / max(row.transactions, 1), 'transactions')}"
        for row in records(segment_names)
    }


def _held(segment_concentration: pd.DataFrame) -> list[str]:
    """A sentence each for the balances and for the money moved: what those with the most hold."""
    told = []
    for measure, name in (("balance", "balances"), ("amount_sum", "money moved")):
        rows = [row for row in records(segment_concentration) if row.measure == measure and row.held == row.held]
        parts = [f"{percent(row.top, 0)} of the customers hold {percent(row.held)}" for row in rows[:1]]
        parts += [f"{percent(row.top, 0)} hold {percent(row.held)}" for row in rows[1:]]
        told += [f"Of the {name} {' and '.join(parts)}."] if parts else []
    return told


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
    drawn = _heat(title, segment_names, table, "Share of the segment's transactions, %", spent)
    seen = f"When and how they transact: compare the rows. Parts of the day add up to {percent(1, 0)}, weekdays too."
    return drawn.update_layout(meta=seen)


def labels(rows: pd.DataFrame, below: dict[str, str] | None = None) -> list[str]:
    """Letter and name of each segment, wrapped, with a note below it."""
    names = wrapped_names(f"{row.segment} {row.name}" for row in records(rows.rename_axis(None)))
    notes = ["<br>".join(wrap((below or {}).get(segment, ""), WRAP + 6)) for segment in rows["segment"]]
    return [f"{name}<br><i>{note}</i>" if note else name for name, note in zip(names, notes, strict=True)]


def _heat(title: str, segment_names: pd.DataFrame, table: pd.DataFrame, unit: str, below: dict[str, str]) -> go.Figure:
    """A cell for each segment and group, darker for a larger share."""
    rows = segment_names.sort_values("customers", ascending=False)
    shares = 100 * table.reindex(rows["segment"]).fillna(0)
    names = labels(rows, below)
    texts = [[f"{value:.0f}" for value in line] for line in shares.to_numpy()]
    drawn = figure(title, max(62, LINE * _most_lines(names) + 8) * len(rows) + 150, x=unit)
    drawn.add_heatmap(z=shares.to_numpy(), x=list(shares.columns), y=names, colorscale=_SCALE, showscale=False)
    drawn.data[-1].update(text=texts, texttemplate="%{text}", hovertemplate="%{y}<br>%{x}: %{z:.1f} %<extra></extra>")
    return drawn.update_yaxes(autorange="reversed", type="category", showgrid=False).update_xaxes(side="bottom")


def _most_lines(names: Sequence[str]) -> int:
    return max(name.count("<br>") + 1 for name in names)


def _first_places(segment_groups: pd.DataFrame) -> dict[str, str]:
    rows = segment_groups[(segment_groups["dimension"] == "place") & ~segment_groups["value"].isin(_NOWHERE)]
    first = rows.sort_values("position").groupby("segment").head(PLACES)
    return {
        str(segment): ", ".join(f"{str(row.value).title()} {percent(row.share, 0)}" for row in records(part))
        for segment, part in first.groupby("segment")
    }


def _wide(segment_groups: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Shares of a dimension: a row a segment, a column a group in its order."""
    rows = segment_groups[segment_groups["dimension"] == dimension].sort_values("position")
    return (
        rows.pivot(index="segment", columns="value", values="share").reindex(columns=rows["value"].unique()).fillna(0)
    )


def _who(segment_names: pd.DataFrame, segment: object) -> str:
    return f"“{segment_names.set_index('segment')['name'].get(segment, segment)}”"
