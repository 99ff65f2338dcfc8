"""The forecast with its intervals and holidays, weekly totals, calendar effects, and the accuracy of each method."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, money, percent, sentence
from jobs.report.records import highest, lowest, records
from jobs.report.theme import BLUE, GREY, INK, ORANGE, figure, level, named_rows, values_at, whisker, wrapped

METHODS = {
    "seasonal_naive": "seasonal naive (repeats the last week)",
    "exponential_smoothing": "exponential smoothing",
    "theta": "the theta method",
    "gradient_boosting": "gradient boosting",
    "combination": "the mean of smoothing, theta and boosting",
}
SERIES = {
    "transactions": "Transactions per day",
    "amount": "Daily amount, ₹",
    "balance": "Mean account balance, ₹",
}
SHOWN = 56
"""Past days drawn before the forecast."""
_BANDS = ((95, "rgba(0,114,178,.14)"), (80, "rgba(0,114,178,.26)"))


def volume_ahead(volume_forecast: pd.DataFrame, tested: pd.DataFrame) -> go.Figure:
    """Draw the bank's forecast of one series after its latest past days, with the names of the coming holidays.

    Args:
        volume_forecast: rows of one series about the whole bank.
        tested: rows of forecast_backtest of that series about the whole bank, and of the published method.

    """
    coming = _by_day(volume_forecast)
    series = str(coming["series"].iloc[0])
    past = _by_day(tested).tail(SHOWN)
    drawn = figure(_forecast_title(coming, series), 360, x="Day", y=SERIES[series])
    for share, color in _BANDS:
        _band(drawn, coming, share, color)
    _line(drawn, past["day"], past["actual"], "actual", INK)
    _line(drawn, past["day"], past["forecast"], "backtest forecast", ORANGE, dash="dot")
    _line(drawn, coming["day"], coming["forecast"], "forecast (median)", BLUE)
    _line(drawn, coming["day"], coming["mean"], "mean, to be summed", GREY, dash="dash")
    for row in records(coming.dropna(subset=["holiday"])):
        drawn.add_annotation(x=row.day, y=row.forecast, text=row.holiday, ay=38, ax=0, arrowcolor=GREY, font_size=11)
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="normal" if series == "balance" else "tozero")


def weekly_totals(weekly_forecast: pd.DataFrame) -> go.Figure:
    """Draw the coming weekly totals of one series for the whole bank, with their 95 % intervals."""
    rows = weekly_forecast.sort_values("first_day")
    series = str(rows["series"].iloc[0])
    as_text = count if series == "transactions" else lambda value: money(value, "transactions")
    first = records(rows)[0]
    names = [f"{pd.Timestamp(row.first_day):%-d %b} to {pd.Timestamp(row.last_day):%-d %b}" for row in records(rows)]
    what = "transactions" if series == "transactions" else "amount"
    title = f"The coming week's {what}: {as_text(first.total)} ({as_text(first.low_80)} to {as_text(first.high_80)})"
    unit = "Transactions" if series == "transactions" else "Amount, ₹"
    drawn = named_rows(title, names, f"{unit}, per week (bar: 95 % interval)")
    drawn.add_scatter(
        x=rows["total"],
        y=names,
        mode="markers",
        marker={"size": 9, "color": BLUE},
        error_x=whisker(rows["total"], rows["low_95"], rows["high_95"]),
        hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
    )
    largest = rows["high_95"].fillna(rows["total"])
    values_at(drawn, largest, names, [f" {as_text(value)}" for value in rows["total"]])
    return drawn.update_xaxes(range=[0, 1.35 * float(largest.max())], nticks=5)


def calendar_factors(calendar_effects: pd.DataFrame) -> go.Figure:
    """Draw the effects of one series and kind, as changes in per cent with their 95 % intervals."""
    rows = calendar_effects[calendar_effects["days"] > 1]
    is_holiday = str(rows["kind"].iloc[0]) == "holiday"
    rows = rows.sort_values("factor") if is_holiday else rows
    change, low, high = (100 * (rows[name] - 1) for name in ("factor", "factor_low", "factor_high"))
    top = lowest(rows, "factor") if is_holiday else highest(rows, "factor")
    sign = "+" if top.factor > 1 else "\N{MINUS SIGN}"
    title = f"{sentence(top.effect)}: {sign}{percent(abs(top.factor - 1), 0)} against an ordinary day"
    names = wrapped(rows["effect"])
    drawn = named_rows(title, names, "Change of the volume, % (bar: 95 % interval)")
    drawn.add_scatter(
        x=change,
        y=names,
        mode="markers",
        marker={"size": 9, "color": BLUE},
        error_x=whisker(change, low, high),
        hovertemplate="%{y}: %{x:.0f} %<extra></extra>",
    )
    return level(drawn, 0.0, "ordinary day")


def methods_compared(forecast_scores: pd.DataFrame) -> go.Figure:
    """Draw the MASE of each method of one series with its 95 % interval, the best method first."""
    rows = forecast_scores.sort_values("rank")
    best = lowest(rows, "rank")
    title = f"{sentence(METHODS[best.method])} was the most accurate method: MASE {best.mase:.2f}"
    names = wrapped(METHODS[row.method] for row in records(rows))
    drawn = named_rows(title, names, "MASE: error in units of the mean weekly change (bar: 95 % interval)")
    drawn.add_scatter(
        x=rows["mase"],
        y=names,
        mode="markers",
        marker={"size": 9, "color": [BLUE] + [GREY] * (len(rows) - 1)},
        error_x=whisker(rows["mase"], rows["mase_low"], rows["mase_high"]),
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    values_at(drawn, rows["mase_high"], names, [f" {value:.2f}" for value in rows["mase"]])
    return level(drawn, 1.0, "mean weekly change").update_xaxes(range=[0, 1.3 * float(rows["mase_high"].max())])


def _forecast_title(coming: pd.DataFrame, series: str) -> str:
    mean, days = coming["mean"].mean(), len(coming)
    if series == "transactions":
        return f"Forecast: about {count(mean)} transactions per day over the next {days} days"
    what = "daily amount" if series == "amount" else "mean account balance"
    return f"Forecast: {what} of about {money(mean, 'transactions')} over the next {days} days"


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(day=pd.to_datetime(rows["transaction_date"])).sort_values("day")


def _line(drawn: go.Figure, days: pd.Series, values: pd.Series, name: str, color: str, dash: str = "solid") -> None:
    drawn.add_scatter(
        x=days,
        y=values,
        name=name,
        mode="lines",
        line={"color": color, "width": 1.8, "dash": dash},
        hovertemplate="%{x|%a %-d %b %Y}: %{y:,.0f}<extra>" + name + "</extra>",
    )


def _band(drawn: go.Figure, coming: pd.DataFrame, share: int, color: str) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn.add_scatter(x=coming["day"], y=coming[f"low_{share}"], showlegend=False, **edge)
    drawn.add_scatter(
        x=coming["day"],
        y=coming[f"high_{share}"],
        fill="tonexty",
        fillcolor=color,
        name=f"{share} % prediction interval",
        **edge,
    )
