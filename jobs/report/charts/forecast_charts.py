"""The coming days with their intervals, and how near each way to forecast came before."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, money
from jobs.report.records import lowest, records
from jobs.report.theme import BLUE, GREY, INK, ORANGE, WHISKER, figure, level, named_rows, wrapped

METHODS = {
    "seasonal_naive": "last week repeated",
    "exponential_smoothing": "exponential smoothing",
    "gradient_boosting": "gradient boosting",
}
SERIES = {"transactions": "Transactions a day", "amount": "Sum of a day, ₹"}
SHOWN = 56  # past days drawn before the coming ones
_BANDS = ((95, "rgba(0,114,178,.14)"), (80, "rgba(0,114,178,.26)"))


def said(value: float, series: str) -> str:
    """A figure of a series in its unit."""
    return money(value, "transactions") if series == "amount" else count(value)


def volume_ahead(volume_forecast: pd.DataFrame, daily_volume: pd.DataFrame, tested: pd.DataFrame) -> go.Figure:
    """The coming days of one series, after the last that are known and what had been forecast for them.

    Args:
        volume_forecast: its rows of one series.
        daily_volume: all its rows.
        tested: the rows of forecast_backtest of that series and of the method that is published.

    """
    coming = _by_day(volume_forecast)
    series, unit = str(coming["series"].iloc[0]), SERIES[str(coming["series"].iloc[0])]
    past = _by_day(daily_volume).tail(SHOWN)
    usual = said(coming["forecast"].mean(), series)
    title = f"The next {len(coming)} days: about {usual}{'' if series == 'amount' else ' transactions'} a day"
    drawn = figure(title, 340, x="Day", y=unit)
    for percent, color in _BANDS:
        _band(drawn, coming, percent, color)
    _line(drawn, past["day"], past[series], "what came", INK)
    before = _by_day(tested)
    before = before[before["day"] >= past["day"].iloc[0]]
    _line(drawn, before["day"], before["forecast"], "forecast at the time", ORANGE, dash="dot")
    _line(drawn, coming["day"], coming["forecast"], "forecast", BLUE)
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="tozero")


def methods_compared(forecast_scores: pd.DataFrame) -> go.Figure:
    """MASE of each method of one series with its 95 % interval, the best first."""
    rows = forecast_scores.sort_values("rank")
    best = lowest(rows, "rank")
    title = f"{METHODS[best.method].capitalize()} came nearest: off by {best.mase:.2f} of a usual week-to-week change"
    names = wrapped(METHODS[row.method] for row in records(rows))
    drawn = named_rows(title, names, "MASE, in units of the mean change week to week (bar: 95 % interval)")
    whisker = {"array": rows["mase_high"] - rows["mase"], "arrayminus": rows["mase"] - rows["mase_low"]}
    drawn.add_scatter(
        x=rows["mase"],
        y=names,
        mode="markers",
        marker={"size": 9, "color": [BLUE] + [GREY] * (len(rows) - 1)},
        error_x={**whisker, "color": WHISKER, "thickness": 1.6, "width": 4},
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    written = [f" {value:.2f}" for value in rows["mase"]]
    drawn.add_scatter(x=rows["mase_high"], y=names, text=written, mode="text", textposition="middle right")
    drawn.data[-1].update(hoverinfo="skip", cliponaxis=False)
    return level(drawn, 1.0, "one week's change").update_xaxes(range=[0, 1.3 * float(rows["mase_high"].max())])


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(day=pd.to_datetime(rows["transaction_date"])).sort_values("day")


def _line(drawn: go.Figure, days: pd.Series, values: pd.Series, name: str, color: str, dash: str = "solid") -> None:
    line = {"color": color, "width": 1.8, "dash": dash}
    drawn.add_scatter(x=days, y=values, name=name, mode="lines", line=line)
    drawn.data[-1].update(hovertemplate="%{x|%a %-d %b %Y}: %{y:,.0f}<extra>" + name + "</extra>")


def _band(drawn: go.Figure, coming: pd.DataFrame, percent: int, color: str) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn.add_scatter(x=coming["day"], y=coming[f"low_{percent}"], showlegend=False, **edge)
    drawn.add_scatter(
        x=coming["day"],
        y=coming[f"high_{percent}"],
        fill="tonexty",
        fillcolor=color,
        name=f"{percent} % interval",
        **edge,
    )
