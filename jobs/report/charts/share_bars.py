"""Bars of each group's share of customers beside its shares of balances and transaction amounts."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import percent
from jobs.report.records import highest
from jobs.report.theme import BLUE, GREY, ORANGE, figure

_SHARES = {
    "share": ("customers", GREY),
    "balance_share": ("balances", BLUE),
    "amount_share": ("transaction amounts", ORANGE),
}


def share_bars(rows: pd.DataFrame, name: str, labels: list[str], height: int) -> go.Figure:
    """Draw three bars per group, the first row on top; the title names the group with most balances per customer.

    Args:
        rows: share, balance_share and amount_share from 0 to 1, and the column `name`.
        name: the column with the groups' names.
        labels: what stands beside the bars, one per row.
        height: of a group's three bars, in pixels.

    """
    top = highest(rows.assign(weight=rows["balance_share"] / rows["share"].where(rows["share"] > 0)), "weight")
    title = f"“{getattr(top, name)}”: {percent(top.share)} of customers hold {percent(top.balance_share)} of balances"
    drawn = figure(title, height * len(labels) + 150, x="Share of the total, %")
    for column, (title_of_column, color) in _SHARES.items():
        texts = [percent(value) for value in rows[column]]
        drawn.add_bar(
            x=100 * rows[column], y=labels, text=texts, name=title_of_column, orientation="h", marker_color=color
        )
    drawn.update_traces(textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>")
    drawn.update_yaxes(autorange="reversed", type="category", showgrid=False, ticksuffix=" ")
    largest = 100 * float(rows[[*_SHARES]].to_numpy().max())
    return drawn.update_layout(showlegend=True, barmode="group").update_xaxes(range=[0, 1.25 * largest])
