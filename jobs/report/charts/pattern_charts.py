"""Outcomes and money by month, age, day and place."""

from html import escape

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import OUTCOMES, count, money, month, percent
from jobs.report.records import highest, lowest, records
from jobs.report.theme import (
    BLUE,
    GREY,
    ORANGE,
    bars,
    dots,
    enough,
    figure,
    level,
    named_rows,
    share_axis,
    wrapped,
)

_WEEKEND = 6  # Saturday, by ISO
_BAR = 0.85 * 24 * 3600 * 1000  # width of a day's bar, in the milliseconds of a time axis


def by_month(month_patterns: pd.DataFrame) -> go.Figure:
    """Share of contacts that subscribed, by month of the year, with 95 % intervals and the number of contacts."""
    rows = month_patterns.rename(columns={"contacts": "row_count"})
    best, busiest = highest(rows, "rate_low"), highest(rows, "row_count")
    title = f"Most calls were in {month(busiest.month)} and {percent(busiest.rate)} succeeded; "
    title += f"in {month(best.month)} {percent(best.rate)} did"
    names = [f"{row.month.title()} ({row.row_count:,})" for row in records(rows)]
    drawn = named_rows(title, names, share_axis("clients"))
    overall = 100 * rows["subscribed"].sum() / rows["row_count"].sum()
    return level(dots(drawn, rows, names), overall, f"all {overall:.1f} %")


def by_age(age_patterns: pd.DataFrame, dataset: str) -> go.Figure:
    """Share with the outcome by age band, or for transactions their mean amount.

    Args:
        age_patterns: rows of age_patterns of one data set.
        dataset: clients, credit or transactions.

    """
    rows = enough(age_patterns).sort_values("position")
    names = [f"{row.age_band} ({row.row_count:,})" for row in records(rows)]
    if dataset == "transactions":
        return _amount_by_age(rows, names)
    most, least = highest(rows, "rate_low"), lowest(rows, "rate_high")
    title = f"Aged {most.age_band}: {percent(most.rate)} {OUTCOMES[dataset]}; "
    title += f"{least.age_band}: {percent(least.rate)}"
    return dots(named_rows(title, names, share_axis(dataset)), rows, names)


def _amount_by_age(rows: pd.DataFrame, names: list[str]) -> go.Figure:
    most = highest(rows, "mean_money")
    title = (
        f"Customers aged {most.age_band} move the largest amounts: {money(most.mean_money, 'transactions')} on average"
    )
    means = pd.Series(rows["mean_money"].to_list(), index=names)
    texts = [money(mean, "transactions") for mean in means]
    return bars(title, means, texts, "Mean amount, ₹ (in brackets: transactions)")


def by_day(daily_volume: pd.DataFrame) -> go.Figure:
    """Transactions a day, weekends marked; days without transactions are gaps."""
    rows = daily_volume.assign(day=pd.to_datetime(daily_volume["transaction_date"]))
    top = highest(rows, "transactions")
    title = (
        f"{count(len(rows))} days have transactions; the busiest, {top.day:%-d %b %Y}, has {count(top.transactions)}"
    )
    drawn = figure(title, 320, x="Day, UTC", y="Transactions a day")
    for name, chosen, color in (
        ("Monday to Friday", rows[rows["weekday"] < _WEEKEND], BLUE),
        ("Saturday, Sunday", rows[rows["weekday"] >= _WEEKEND], ORANGE),
    ):
        drawn.add_bar(x=chosen["day"], y=chosen["transactions"], name=name, marker_color=color, width=_BAR)
        drawn.data[-1].update(
            customdata=chosen["amount"], hovertemplate="%{x|%a %-d %b %Y}: %{y:,}, ₹ %{customdata:,.0f}<extra></extra>"
        )
    return drawn.update_layout(showlegend=True, barmode="overlay")


def by_place(place_totals: pd.DataFrame, places: int = 15) -> go.Figure:
    """Places with the largest sums, with their number of transactions."""
    rows = place_totals.sort_values("rank_by_amount").head(places)
    top = records(rows)[0]
    title = f"{top.place.title()} moves the most money: {money(top.amount, 'transactions')}"
    scale, unit = (1e6, "million ₹") if top.amount >= 1e6 else (1.0, "₹")
    names = wrapped(f"{escape(row.place.title())} ({row.transactions:,})" for row in records(rows))
    sums = pd.Series((rows["amount"] / scale).to_list(), index=names)
    texts = [f"{total:,.2f}" for total in sums]
    return bars(title, sums, texts, f"Sum, {unit} (in brackets: transactions)", [BLUE] + [GREY] * (len(rows) - 1))
