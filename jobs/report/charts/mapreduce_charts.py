"""The five MapReduce questions, drawn from the rows of mapreduce_answers."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, month, percent
from jobs.report.records import highest, records
from jobs.report.theme import BLUE, GREY, ORANGE, bars, figure, named_rows, wrapped

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENOUGH = 30  # clients of an age, for its mean to be drawn


def wide(answers: pd.DataFrame) -> pd.DataFrame:
    """One row a key with a column for each name, from long rows (key, name, streaming) of one question."""
    return answers.pivot(index="key", columns="name", values="streaming").fillna(0).reset_index()


def group_means(answers: pd.DataFrame, question: str, unit: str) -> go.Figure:
    """Mean by group with the number of clients, the largest first.

    Args:
        answers: rows of mapreduce_answers of one question with names count and mean.
        question: what is asked, for the title: "Mean balance by job".
        unit: of the mean.

    """
    rows = records(wide(answers).sort_values("mean", ascending=False))
    title = f"{question}: {rows[0].key} {rows[0].mean:,.0f} {unit}, {rows[-1].key} {rows[-1].mean:,.0f} {unit}"
    means = pd.Series([row.mean for row in rows], index=wrapped(f"{row.key} ({row.count:,.0f})" for row in rows))
    return bars(title, means, [f"{row.mean:,.2f}" for row in rows], f"Mean, {unit} (in brackets: clients)")


def group_shares(answers: pd.DataFrame) -> go.Figure:
    """Share of clients with a housing loan by education, from names yes and no."""
    rows = wide(answers)
    rows = rows.assign(clients=rows["yes"] + rows["no"], share=rows["yes"] / (rows["yes"] + rows["no"]))
    ranked = records(rows.sort_values("share", ascending=False))
    first, last = ranked[0], ranked[-1]
    title = f"Housing loan: {percent(first.share, 0)} of clients with {first.key} education, "
    title += f"{percent(last.share, 0)} with {last.key}"
    shares = pd.Series(
        [100 * row.share for row in ranked], index=[f"{row.key} ({count(row.clients)})" for row in ranked]
    )
    return bars(title, shares, [percent(row.share) for row in ranked], "With a housing loan, % (in brackets: clients)")


def monthly_shares(answers: pd.DataFrame) -> go.Figure:
    """Contacts by month of the year, the part that subscribed in another colour."""
    rows = wide(answers)
    rows = rows.assign(place=[MONTHS.index(key) for key in rows["key"]]).sort_values("place")
    top = highest(rows, "contacts")
    title = f"Contacts by month: {month(top.key)} {count(top.contacts)}, of them {count(top.subscribed)} subscribed"
    drawn = named_rows(title, list(rows["key"]), "Clients contacted")
    names = [key.title() for key in rows["key"]]
    for name, values, color in (
        ("subscribed", rows["subscribed"], ORANGE),
        ("did not", rows["contacts"] - rows["subscribed"], GREY),
    ):
        drawn.add_bar(x=values, y=names, name=name, orientation="h", marker_color=color)
    return drawn.update_layout(barmode="stack", showlegend=True, legend_traceorder="normal")


def spread_of_ages(answers: pd.DataFrame) -> go.Figure:
    """Mean balance by age: a dot an age, its area the number of clients."""
    rows = wide(answers)
    rows = rows.assign(age=rows["key"].astype(int)).sort_values("age")
    steady = rows[rows["count"] >= ENOUGH]
    rows = steady if len(steady) else rows
    top = highest(rows, "mean")
    title = f"Mean balance by age: highest at {top.age}, {top.mean:,.0f} €"
    drawn = figure(
        title, 340, x=f"Age, years (size: clients; ages with fewer than {ENOUGH} left out)", y="Mean balance, €"
    )
    sizes = {"size": rows["count"], "sizemode": "area", "sizeref": rows["count"].max() / 260, "sizemin": 2.5}
    return drawn.add_scatter(
        x=rows["age"],
        y=rows["mean"],
        mode="markers",
        customdata=rows["count"],
        marker={**sizes, "color": BLUE},
        hovertemplate="Age %{x}: %{y:,.2f} €, %{customdata:,} clients<extra></extra>",
    )
