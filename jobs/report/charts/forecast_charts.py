"""The forecast with its prediction intervals, and the accuracy of each method in the backtest."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, money, sentence
from jobs.report.records import lowest, records
from jobs.report.theme import BLUE, GREY, INK, ORANGE, figure, level, named_rows, values_at, whisker, wrapped

METHODS = {
    "seasonal_naive": "seasonal naive (repeats the last week)",
    "exponential_smoothing": "exponential smoothing",
    "gradient_boosting": "gradient boosting",
}
SERIES = {"transactions": "Transactions per day", "amount": "Daily amount, ₹"}
SHOWN = 56
"""Past days drawn before the forecast."""
_BANDS = ((95, "rgba(0,114,178,.14)"), (80, "rgba(0,114,178,.26)"))


def volume_ahead(volume_forecast: pd.DataFrame, daily_volume: pd.DataFrame, tested: pd.DataFrame) -> go.Figure:
    """Draw the forecast of one series after its latest past days.

    Args:
        volume_forecast: rows of one series.
        daily_volume: all rows.
        tested: rows of forecast_backtest of that series and of the published method.

    """
    coming = _by_day(volume_forecast)
    series = str(coming["series"].iloc[0])
    past = _by_day(daily_volume).tail(SHOWN)
    drawn = figure(_forecast_title(coming, series), 340, x="Day", y=SERIES[series])
    for percent, color in _BANDS:
        _band(drawn, coming, percent, color)
    _line(drawn, past["day"], past[series], "actual", INK)
    before = _by_day(tested)
    before = before[before["day"] >= past["day"].iloc[0]]
    _line(drawn, before["day"], before["forecast"], "backtest forecast", ORANGE, dash="dot")
    _line(drawn, coming["day"], coming["forecast"], "forecast", BLUE)
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="tozero")


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
    mean = coming["forecast"].mean()
    if series == "amount":
        return f"Forecast: daily amount of about {money(mean, 'transactions')} over the next {len(coming)} days"
    return f"Forecast: about {count(mean)} transactions per day over the next {len(coming)} days"


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


def _band(drawn: go.Figure, coming: pd.DataFrame, percent: int, color: str) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn.add_scatter(x=coming["day"], y=coming[f"low_{percent}"], showlegend=False, **edge)
    drawn.add_scatter(
        x=coming["day"],
        y=coming[f"high_{percent}"],
        fill="tonexty",
        fillcolor=color,
        name=f"{percent} % prediction interval",
        **edge,
    )
