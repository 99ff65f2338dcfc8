"""The answers to the five MapReduce questions, from the rows of mapreduce_answers."""

import pandas as pd
import plotly.graph_objects as go

from jobs.dimensions import MONTHS
from jobs.report.formatting import THIN, count, month, percent
from jobs.report.records import highest, records
from jobs.report.theme import BLUE, GREY, ORANGE, bars, figure, named_rows, wrapped

MIN_CLIENTS = 30
"""Ages with fewer clients are not drawn."""


def wide(answers: pd.DataFrame) -> pd.DataFrame:
    """Turn the rows of one question (key, name, streaming) into one row per key and one column per name."""
    return answers.pivot(index="key", columns="name", values="streaming").fillna(0).reset_index()


def group_means(answers: pd.DataFrame, measure: str, unit: str) -> go.Figure:
    """Draw the mean by group with the number of clients, the largest mean first.

    Args:
        answers: rows of mapreduce_answers of one question, with the names count and mean.
        measure: what is averaged, for the title, such as "Mean balance by job".
        unit: of the mean.

    """
    rows = records(wide(answers).sort_values("mean", ascending=False))
    title = f"{measure}: highest for {rows[0].key} ({_with_unit(rows[0].mean, unit)}), "
    title += f"lowest for {rows[-1].key} ({_with_unit(rows[-1].mean, unit)})"
    means = pd.Series([row.mean for row in rows], index=wrapped(f"{row.key} ({row.count:,.0f})" for row in rows))
    return bars(title, means, [f"{row.mean:,.2f}" for row in rows], f"Mean, {unit} (in brackets: clients)")


def _with_unit(mean: float, unit: str) -> str:
    return f"{unit}{THIN}{mean:,.0f}" if unit == "€" else f"{mean:,.0f}{THIN}{unit}"


def group_shares(answers: pd.DataFrame) -> go.Figure:
    """Draw the share of clients with a housing loan by education, from the names yes and no."""
    rows = wide(answers)
    rows = rows.assign(clients=rows["yes"] + rows["no"], share=rows["yes"] / (rows["yes"] + rows["no"]))
    ranked = records(rows.sort_values("share", ascending=False))
    first, last = ranked[0], ranked[-1]
    title = f"{percent(first.share, 0)} of clients with {first.key} education have a housing loan, "
    title += f"{percent(last.share, 0)} with {last.key} education"
    shares = pd.Series(
        [100 * row.share for row in ranked], index=[f"{row.key} ({count(row.clients)})" for row in ranked]
    )
    return bars(title, shares, [percent(row.share) for row in ranked], "With a housing loan, % (in brackets: clients)")


def monthly_shares(answers: pd.DataFrame) -> go.Figure:
    """Draw the contacts in each month of the year, split into subscribed and not subscribed."""
    rows = wide(answers)
    rows = rows.assign(position=[MONTHS.index(key) for key in rows["key"]]).sort_values("position")
    top = highest(rows, "contacts")
    title = (
        f"{month(top.key)} had the most contacts: {count(top.contacts)}, of which {count(top.subscribed)} subscribed"
    )
    names = [key.title() for key in rows["key"]]
    drawn = named_rows(title, names, "Clients contacted")
    for name, values, color in (
        ("subscribed", rows["subscribed"], ORANGE),
        ("not subscribed", rows["contacts"] - rows["subscribed"], GREY),
    ):
        drawn.add_bar(x=values, y=names, name=name, orientation="h", marker_color=color)
    return drawn.update_layout(barmode="stack", showlegend=True, legend_traceorder="normal")


def balance_by_age(answers: pd.DataFrame) -> go.Figure:
    """Draw the mean balance by age as dots, whose area is the number of clients."""
    rows = wide(answers)
    rows = rows.assign(age=rows["key"].astype(int)).sort_values("age")
    large = rows[rows["count"] >= MIN_CLIENTS]
    rows = large if len(large) else rows
    top = highest(rows, "mean")
    title = f"The mean balance is highest at age {top.age}: {_with_unit(top.mean, '€')}"
    axis = f"Age, years (dot size: clients; ages with fewer than {MIN_CLIENTS} clients are left out)"
    drawn = figure(title, 340, x=axis, y="Mean balance, €")
    sizes = {"size": rows["count"], "sizemode": "area", "sizeref": rows["count"].max() / 260, "sizemin": 2.5}
    return drawn.add_scatter(
        x=rows["age"],
        y=rows["mean"],
        mode="markers",
        customdata=rows["count"],
        marker={**sizes, "color": BLUE},
        hovertemplate="Age %{x}: %{y:,.2f} €, %{customdata:,} clients<extra></extra>",
    )
