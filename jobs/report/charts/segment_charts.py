"""Four charts of the customer segments: overview, demographics, value, and time of transactions.

Each figure carries a sentence on how to read it as `layout.meta`, to be printed beside it.
"""

from collections.abc import Sequence
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from jobs.dimensions import AGE_BANDS, DAY_PART_HOURS, DAY_PARTS
from jobs.report.charts.share_bars import share_bars
from jobs.report.formatting import count, money, percent, sentence
from jobs.report.records import highest, lowest, records
from jobs.report.theme import BLUE, WRAP, figure, named_rows
from jobs.report.theme import wrapped as wrapped_names

CITIES = 3
"""Cities listed below a segment's name."""
LINE = 19
"""Height in pixels of a line of a segment's label."""
_SCALE = [[0, "#FFFFFF"], [1, BLUE]]
_DAY_PARTS = {name: f"{DAY_PART_HOURS * n}-{DAY_PART_HOURS * (n + 1)} h" for n, name in enumerate(DAY_PARTS)}
_GENDERS = {"F": "women", "M": "men", "unknown": "gender<br>unknown"}
_AGES = {AGE_BANDS[0]: "under<br>25", AGE_BANDS[-1]: "65 and<br>over", "unknown": "age<br>unknown"}
_DRAWN = 0.005
"""Groups with a smaller share in every segment get no column: all their cells would round to 0."""
_NOT_A_CITY = ("unknown", "all others")


def segment_overview(segment_names: pd.DataFrame) -> go.Figure:
    """Draw the segments' shares of all customers, the largest first."""
    rows = segment_names.sort_values("customers", ascending=False)
    most, least = highest(rows, "customers"), lowest(rows, "customers")
    title = f"{len(rows)} segments, from “{most.name}” with {percent(most.share)} of customers "
    title += f"to “{least.name}” with {percent(least.share)}"
    names = labels(rows)
    drawn = named_rows(title, names, "Share of customers, % (in brackets: customers)")
    texts = [f"{percent(row.share)} ({count(row.customers)})" for row in records(rows)]
    drawn.add_bar(x=100 * rows["share"], y=names, text=texts, orientation="h", marker_color=BLUE)
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    drawn.update_xaxes(range=[0, 180 * float(rows["share"].max())], tickvals=list(range(0, 101, 20)))
    return drawn.update_layout(meta="Overview. Each name states what distinguishes the segment.")


def segment_people(segment_names: pd.DataFrame, segment_groups: pd.DataFrame) -> go.Figure:
    """Draw each segment by gender and age band, with its largest cities below the name."""
    genders, ages = _wide(segment_groups, "gender"), _wide(segment_groups, "age_band")
    under_35 = ages.reindex(columns=list(AGE_BANDS[:2])).fillna(0).sum(axis=1)
    title = (
        f"{_name_of(segment_names, under_35.idxmax())} is the youngest segment: {percent(under_35.max())} are under 35"
        if under_35.max() > 0
        else "No segment has customers known to be under 35"
    )
    groups = pd.concat([genders.rename(columns=_GENDERS), ages.rename(columns=_AGES)], axis=1)
    table = groups.loc[:, (groups >= _DRAWN).any()]
    unit = f"Share of the segment, % (below the name: its {CITIES} largest cities)"
    drawn = _heat_map(title, segment_names, table, unit, _largest_cities(segment_groups))
    reading = f"Demographics. Darker cells are larger shares; gender and age each add up to {percent(1, 0)} per row."
    return drawn.update_layout(meta=reading)


def segment_worth(
    segment_names: pd.DataFrame, segment_profiles: pd.DataFrame, segment_concentration: pd.DataFrame
) -> go.Figure:
    """Draw each segment's share of customers beside its shares of balances and transaction amounts."""
    rows = segment_names.sort_values("customers", ascending=False)
    names = labels(rows, _typical(rows, segment_profiles))
    drawn = share_bars(rows, "name", names, LINE * _most_lines(names) + 12)
    reading = "Value. Where a coloured bar is longer than the grey one, the segment holds more than its share."
    return drawn.update_layout(meta=" ".join([reading, *_concentration(segment_concentration)]))


def segment_times(segment_names: pd.DataFrame, segment_groups: pd.DataFrame) -> go.Figure:
    """Draw the share of each segment's transactions by part of the day and by weekday."""
    parts, days = _wide(segment_groups, "day_part"), _wide(segment_groups, "weekday")
    late = parts.get("evening", parts.iloc[:, -1])
    title = f"{_name_of(segment_names, late.idxmax())} has the largest share of evening transactions: "
    title += f"{percent(late.max())} after 18 h; {_name_of(segment_names, late.idxmin())} the smallest: "
    title += percent(late.min())
    days = days.rename(columns=lambda name: str(name)[:3].title())
    table = pd.concat([parts.rename(columns=_DAY_PARTS), days], axis=1)
    spending = {
        row.segment: f"{row.transactions / max(row.customers, 1):.1f} transactions per customer, "
        f"{money(row.amount_sum / max(row.transactions, 1), 'transactions')} on average"
        for row in records(segment_names)
    }
    drawn = _heat_map(title, segment_names, table, "Share of the segment's transactions, %", spending)
    reading = f"Timing. Compare the rows; parts of the day and weekdays each add up to {percent(1, 0)} per row."
    return drawn.update_layout(meta=reading)


def labels(rows: pd.DataFrame, below: dict[str, str] | None = None) -> list[str]:
    """Return the letter and name of each segment, wrapped, with an optional note below."""
    names = wrapped_names(f"{row.segment} {row.name}" for row in records(rows.rename_axis(None)))
    notes = ["<br>".join(wrap((below or {}).get(segment, ""), WRAP + 6)) for segment in rows["segment"]]
    return [f"{name}<br><i>{note}</i>" if note else name for name, note in zip(names, notes, strict=True)]


def _typical(segment_names: pd.DataFrame, segment_profiles: pd.DataFrame) -> dict[str, str]:
    """Return the median balance and the mean amount of each segment as text."""
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


def _concentration(segment_concentration: pd.DataFrame) -> list[str]:
    """Describe in a sentence each how much of the balances and amounts the top customers hold."""
    sentences = []
    for measure, verb, total in (("balance", "hold", "balances"), ("amount_sum", "make", "transaction amounts")):
        rows = [row for row in records(segment_concentration) if row.measure == measure and row.held == row.held]
        shares = [f"the top {percent(row.top, 0)} of customers {verb} {percent(row.held)}" for row in rows]
        sentences += [f"{sentence(' and '.join(shares))} of {total}."] if shares else []
    return sentences


def _heat_map(
    title: str, segment_names: pd.DataFrame, table: pd.DataFrame, unit: str, below: dict[str, str]
) -> go.Figure:
    """Draw a cell per segment and group, darker for a larger share."""
    rows = segment_names.sort_values("customers", ascending=False)
    shares = 100 * table.reindex(rows["segment"]).fillna(0)
    names = labels(rows, below)
    texts = [[f"{value:.0f}" for value in line] for line in shares.to_numpy()]
    drawn = figure(title, max(62, LINE * _most_lines(names) + 8) * len(rows) + 150, x=unit)
    drawn.add_heatmap(
        z=shares.to_numpy(),
        x=list(shares.columns),
        y=names,
        colorscale=_SCALE,
        showscale=False,
        text=texts,
        texttemplate="%{text}",
        hovertemplate="%{y}<br>%{x}: %{z:.1f} %<extra></extra>",
    )
    return drawn.update_yaxes(autorange="reversed", type="category", showgrid=False).update_xaxes(side="bottom")


def _most_lines(names: Sequence[str]) -> int:
    return max(name.count("<br>") + 1 for name in names)


def _largest_cities(segment_groups: pd.DataFrame) -> dict[str, str]:
    rows = segment_groups[(segment_groups["dimension"] == "city") & ~segment_groups["value"].isin(_NOT_A_CITY)]
    first = rows.sort_values("position").groupby("segment").head(CITIES)
    return {
        str(segment): ", ".join(f"{str(row.value).title()} {percent(row.share, 0)}" for row in records(part))
        for segment, part in first.groupby("segment")
    }


def _wide(segment_groups: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return the shares of a dimension: a row per segment, a column per value in its order."""
    rows = segment_groups[segment_groups["dimension"] == dimension].sort_values("position")
    return (
        rows.pivot(index="segment", columns="value", values="share").reindex(columns=rows["value"].unique()).fillna(0)
    )


def _name_of(segment_names: pd.DataFrame, segment: object) -> str:
    return f"“{segment_names.set_index('segment')['name'].get(segment, segment)}”"
