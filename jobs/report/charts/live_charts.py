"""Charts of the live stream: event rate, windows compared with their forecast, and one customer's amounts.

Event times are UTC. Open windows are drawn as hollow points, so nobody takes an incomplete window for a quiet one.
"""

from html import escape

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, listed, money, sentence
from jobs.report.theme import BLUE, GREY, INK, ORANGE, VERMILION, bars, figure

MEASURES = {
    "transactions": ("Transactions in", "Transactions", "%{y:,.0f} transactions"),
    "mean_balance": ("Mean balance of", "Mean balance, ₹", "₹ %{y:,.0f}"),
}
"""Per measure: start of the title, axis title, hover text."""
ANOMALY_MARKS = {
    "surge": ("triangle-up", VERMILION, "top center"),
    "outage": ("triangle-down", ORANGE, "middle right"),
}
"""Symbol, colour and label position of each kind of anomaly; the symbols differ, so colour isn't needed."""
_BAND, _FILL = "rgba(0,114,178,.16)", "rgba(0,114,178,.10)"
_TIME = "%a %-d %b, %H:%M"
HEIGHT = 268
MAX_OPEN_MARKERS = 12
"""Up to this many open windows get a marker each; more are drawn as a line."""


def window_length(windows: pd.DataFrame) -> str:
    """Return the windows' length in words: `30 seconds`, `10 minutes`, `hour`, `2 hours`."""
    seconds = int((windows["ends"] - windows["starts"]).iloc[-1].total_seconds())
    for unit_seconds, unit in ((3600, "hour"), (60, "minute")):
        if seconds % unit_seconds == 0:
            number = seconds // unit_seconds
            return unit if number == 1 else f"{number} {unit}s"
    return f"{seconds} seconds"


def event_rate(rates: pd.DataFrame) -> go.Figure:
    """Draw the events per second of each micro-batch.

    Args:
        rates: one row per micro-batch, in order of time: finished_at (wall clock, UTC) and per_second.

    """
    drawn = figure(
        f"About {count(rates['per_second'].median())} events per second",
        HEIGHT,
        x="Wall clock, UTC",
        y="Events per second",
    )
    drawn.add_scatter(
        x=rates["finished_at"],
        y=rates["per_second"],
        mode="lines",
        fill="tozeroy",
        fillcolor=_FILL,
        line={"color": BLUE, "width": 1.8},
        hovertemplate="%{x|%H:%M:%S}: %{y:,.0f} events per second<extra></extra>",
    )
    return drawn.update_yaxes(rangemode="tozero").update_xaxes(tickangle=0, nticks=5)


def rolling_measure(windows: pd.DataFrame, measure: str) -> go.Figure:
    """Draw a measure of sliding windows at each window's end; the open window is a hollow point.

    Args:
        windows: sliding windows of one city in order of time: starts, ends, closed, transactions, mean_balance.
        measure: transactions or mean_balance (rupees).

    """
    title, axis, hover = MEASURES[measure]
    newest = windows[measure].iloc[-1]
    value = count(newest) if measure == "transactions" else money(newest, "transactions")
    drawn = figure(f"{title} the last {window_length(windows)}: {value}", HEIGHT, x="End of the window, UTC", y=axis)
    drawn.add_scatter(
        x=windows["ends"],
        y=windows[measure],
        mode="lines",
        line={"color": BLUE, "width": 2},
        hovertemplate=f"until %{{x|{_TIME}}}: {hover}<extra></extra>",
    )
    _add_open_windows(drawn, windows[~windows["closed"]].tail(1), "ends", measure)
    drawn.update_xaxes(tickangle=0, nticks=6)
    return drawn.update_yaxes(rangemode="tozero" if measure == "transactions" else "normal")


def volume_and_forecast(windows: pd.DataFrame) -> go.Figure:
    """Draw the transactions of tumbling windows with their forecast; symbols and labels mark anomalies.

    Args:
        windows: tumbling windows of one city in order of time: starts, ends, closed, transactions, expected, low,
            high (null without a forecast), anomaly (surge, outage or null).

    """
    drawn = figure(
        _anomaly_summary(windows),
        HEIGHT + 60,
        x="Start of the window, UTC",
        y=f"Transactions per {window_length(windows)}",
    )
    forecast = windows.dropna(subset=["expected", "low", "high"])
    if len(forecast):
        _add_interval(drawn, forecast)
        _add_line(drawn, forecast, "expected", "forecast", BLUE, dash="dot")
    _add_line(drawn, windows[windows["closed"]], "transactions", "actual", INK)
    _add_open_windows(drawn, windows[~windows["closed"]], "starts", "transactions")
    for kind in sorted(set(ANOMALY_MARKS) & set(windows["anomaly"])):
        _add_anomalies(drawn, windows[windows["anomaly"] == kind], kind)
    drawn.update_xaxes(tickangle=0, nticks=6)
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="tozero")


def alerts_by_type(alerts: pd.Series) -> go.Figure:
    """Draw the number of alerts by type (the index), the most frequent first."""
    ordered = alerts.sort_values(ascending=False, kind="stable")
    first, share = sentence(str(ordered.index[0])), f"{count(ordered.iloc[0])} of {count(ordered.sum())} alerts"
    title = f"{first} is the most frequent type: {share}"
    return bars(title, ordered, [count(number) for number in ordered], "Alerts in the last 30 min")


def customer_amounts(events: pd.DataFrame) -> go.Figure:
    """Draw the latest amounts of one customer; large diamonds are part of an alert.

    Args:
        events: event_time, amount, balance (rupees), city, alerted (true if part of an alert); in order of time.

    """
    alerted = int(events["alerted"].sum())
    title = f"{len(events)} transactions, {alerted or 'none'} of them part of an alert"
    drawn = figure(title, HEIGHT - 24, x="Event time, UTC", y="Amount, ₹")
    for is_alerted, name, marker in (
        (False, "other transactions", {"size": 8, "color": BLUE, "symbol": "circle"}),
        (True, "part of an alert", {"size": 13, "color": VERMILION, "symbol": "diamond"}),
    ):
        rows = events[events["alerted"] == is_alerted]
        drawn.add_scatter(
            x=rows["event_time"],
            y=rows["amount"],
            name=name,
            mode="markers",
            marker=marker,
            customdata=[escape(str(city or "unknown city")) for city in rows["city"]],
            cliponaxis=False,
        )
    drawn.update_traces(hovertemplate="%{x|%a %-d %b, %H:%M:%S}<br>₹ %{y:,.2f}, %{customdata}<extra></extra>")
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="tozero")


def _anomaly_summary(windows: pd.DataFrame) -> str:
    anomalies = [
        f"{number} {kind}{'s' if number > 1 else ''}"
        for kind in ANOMALY_MARKS
        if (number := int((windows["anomaly"] == kind).sum()))
    ]
    total = f"{count(len(windows))} windows of {_with_number(window_length(windows))}"
    if anomalies:
        return f"{listed(anomalies)} in {total}"
    has_forecast = windows["expected"].notna().any()
    return f"No surges or outages in {total}" if has_forecast else f"{total}, no forecast yet"


def _with_number(length: str) -> str:
    return length if length[0].isdigit() else f"1 {length}"


def _add_interval(drawn: go.Figure, forecast: pd.DataFrame) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn.add_scatter(x=forecast["starts"], y=forecast["low"], showlegend=False, **edge)
    drawn.add_scatter(
        x=forecast["starts"], y=forecast["high"], fill="tonexty", fillcolor=_BAND, name="forecast interval", **edge
    )


def _add_line(drawn: go.Figure, windows: pd.DataFrame, column: str, name: str, color: str, dash: str = "solid") -> None:
    drawn.add_scatter(
        x=windows["starts"],
        y=windows[column],
        name=name,
        mode="lines",
        line={"color": color, "width": 1.8, "dash": dash},
        hovertemplate=f"from %{{x|{_TIME}}}: %{{y:,.0f}}<extra>{name}</extra>",
    )


def _add_open_windows(drawn: go.Figure, windows: pd.DataFrame, x: str, y: str) -> None:
    drawn.add_scatter(
        x=windows[x],
        y=windows[y],
        name="still open",
        mode="lines+markers" if len(windows) <= MAX_OPEN_MARKERS else "lines",
        marker={"size": 8, "color": "white", "line": {"color": INK, "width": 1.6}},
        line={"color": GREY, "width": 1.4},
        hovertemplate=f"%{{x|{_TIME}}}: %{{y:,.0f}} so far<extra></extra>",
    )


def _add_anomalies(drawn: go.Figure, windows: pd.DataFrame, kind: str) -> None:
    """Mark anomalies; the first window of each has a text label, so the legend needs no entry."""
    symbol, color, position = ANOMALY_MARKS[kind]
    is_first = windows["starts"].diff() != windows["ends"] - windows["starts"]
    drawn.add_scatter(
        x=windows["starts"],
        y=windows["transactions"],
        name=kind,
        mode="markers+text",
        marker={"size": 13, "color": color, "symbol": symbol, "line": {"color": "white", "width": 1}},
        text=[kind if first else "" for first in is_first],
        textposition=position,
        textfont={"size": 12, "color": INK},
        hovertemplate=f"from %{{x|{_TIME}}}: %{{y:,.0f}}<extra>{kind}</extra>",
        cliponaxis=False,
        showlegend=False,
    )
