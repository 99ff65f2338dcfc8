"""Outcomes and amounts by month, age, day and city."""

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
    figure,
    large_groups,
    level,
    named_rows,
    share_axis,
    wrapped,
)

_WEEKEND = 6  # ISO weekday of Saturday
_BAR = 0.85 * 24 * 3600 * 1000  # width of a day's bar in the milliseconds of a time axis


def by_month(month_patterns: pd.DataFrame) -> go.Figure:
    """Draw the subscription rate by month of the year with 95 % intervals and the number of contacts."""
    rows = month_patterns.rename(columns={"contacts": "row_count"})
    best, busiest = highest(rows, "rate_low"), highest(rows, "row_count")
    title = f"{month(best.month)} has the highest subscription rate, {percent(best.rate)}; "
    title += f"{month(busiest.month)}, with the most calls, {percent(busiest.rate)}"
    if best.month == busiest.month:
        title = f"{month(best.month)} has the most calls and the highest subscription rate, {percent(best.rate)}"
    names = [f"{row.month.title()} ({row.row_count:,})" for row in records(rows)]
    drawn = named_rows(title, names, share_axis("clients"))
    overall = 100 * rows["subscribed"].sum() / rows["row_count"].sum()
    return level(dots(drawn, rows, names), overall, f"all {overall:.1f} %")


def by_age(age_patterns: pd.DataFrame, dataset: str) -> go.Figure:
    """Draw the rate of the outcome by age band; for transactions, the mean amount.

    Args:
        age_patterns: rows of age_patterns of one data set.
        dataset: clients, credit or transactions.

    """
    rows = large_groups(age_patterns).sort_values("position")
    names = [f"{row.age_band} ({row.row_count:,})" for row in records(rows)]
    if dataset == "transactions":
        return _amount_by_age(rows, names)
    most, least = highest(rows, "rate_low"), lowest(rows, "rate_high")
    title = f"Age {most.age_band}: {percent(most.rate)} {OUTCOMES[dataset]}; "
    title += f"age {least.age_band}: {percent(least.rate)}"
    return dots(named_rows(title, names, share_axis(dataset)), rows, names)


def _amount_by_age(rows: pd.DataFrame, names: list[str]) -> go.Figure:
    most = highest(rows, "mean_money")
    title = (
        f"Customers aged {most.age_band} make the largest transactions: "
        f"{money(most.mean_money, 'transactions')} on average"
    )
    means = pd.Series(rows["mean_money"].to_list(), index=names)
    texts = [money(mean, "transactions") for mean in means]
    return bars(title, means, texts, "Mean amount, ₹ (in brackets: transactions)")


def by_day(daily_volume: pd.DataFrame) -> go.Figure:
    """Draw the transactions per day with weekends in another colour; days without transactions are gaps."""
    rows = daily_volume.assign(day=pd.to_datetime(daily_volume["transaction_date"]))
    top = highest(rows, "transactions")
    title = (
        f"The busiest of {count(len(rows))} days was {top.day:%-d %b %Y}, with {count(top.transactions)} transactions"
    )
    drawn = figure(title, 320, x="Day, UTC", y="Transactions per day")
    for name, chosen, color in (
        ("Monday to Friday", rows[rows["weekday"] < _WEEKEND], BLUE),
        ("Saturday and Sunday", rows[rows["weekday"] >= _WEEKEND], ORANGE),
    ):
        drawn.add_bar(
            x=chosen["day"],
            y=chosen["transactions"],
            name=name,
            marker_color=color,
            width=_BAR,
            customdata=chosen["amount"],
            hovertemplate="%{x|%a %-d %b %Y}: %{y:,}, ₹ %{customdata:,.0f}<extra></extra>",
        )
    return drawn.update_layout(showlegend=True, barmode="overlay")


def by_city(city_totals: pd.DataFrame, shown: int = 15) -> go.Figure:
    """Draw the cities with the largest total amounts and their number of transactions."""
    rows = city_totals.sort_values("rank_by_amount").head(shown)
    top = records(rows)[0]
    title = f"{top.city.title()} has the largest total amount: {money(top.amount, 'transactions')}"
    scale, unit = (1e6, "million ₹") if top.amount >= 1e6 else (1.0, "₹")
    names = wrapped(f"{escape(row.city.title())} ({row.transactions:,})" for row in records(rows))
    sums = pd.Series((rows["amount"] / scale).to_list(), index=names)
    texts = [f"{total:,.2f}" for total in sums]
    colors = [BLUE] + [GREY] * (len(rows) - 1)
    return bars(title, sums, texts, f"Total amount, {unit} (in brackets: transactions)", colors)
