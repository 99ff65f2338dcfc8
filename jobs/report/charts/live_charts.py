"""The live stream: its pace, its windows against the forecast, and one customer's latest amounts.

Event times are UTC. What is still open is drawn hollow, so that nobody takes half a window for a quiet one.
"""

from html import escape

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import count, listed, money, sentence
from jobs.report.theme import BLUE, GREY, INK, ORANGE, VERMILION, bars, figure

MEASURES = {
    "transactions": ("Transactions", "Transactions", "%{y:,.0f} transactions"),
    "mean_balance": ("Mean balance", "Mean balance, ₹", "₹ %{y:,.0f}"),
}
MARKS = {"surge": ("triangle-up", VERMILION, "top center"), "outage": ("triangle-down", ORANGE, "middle right")}
"""Shape, colour and place of the word of each kind of anomaly: told apart without colours."""
_BAND, _FILL = "rgba(0,114,178,.16)", "rgba(0,114,178,.10)"
_TIME = "%a %-d %b, %H:%M"
HEIGHT = 268
FEW_OPEN = 12  # open windows that get a point each; more are a line


def length(windows: pd.DataFrame) -> str:
    """How long the windows are, in words: `10 minutes`, `hour`."""
    minutes = int((windows["ends"] - windows["starts"]).iloc[-1].total_seconds() // 60)
    if minutes % 60:
        return f"{minutes} minutes"
    return "hour" if minutes == 60 else f"{minutes // 60} hours"


def event_rate(rates: pd.DataFrame) -> go.Figure:
    """Events a second of each micro-batch.

    Args:
        rates: a row a micro-batch: finished_at (wall clock, UTC), per_second; in order of time.

    """
    drawn = figure(
        f"About {count(rates['per_second'].median())} events a second",
        HEIGHT,
        x="Wall clock, UTC",
        y="Events a second",
    )
    drawn.add_scatter(x=rates["finished_at"], y=rates["per_second"], mode="lines", fill="tozeroy", fillcolor=_FILL)
    drawn.data[-1].update(
        line={"color": BLUE, "width": 1.8}, hovertemplate="%{x|%H:%M:%S}: %{y:,.0f} events a second<extra></extra>"
    )
    return drawn.update_yaxes(rangemode="tozero").update_xaxes(tickangle=0, nticks=5)


def rolling(windows: pd.DataFrame, measure: str) -> go.Figure:
    """A measure of sliding windows, each at its end; the one that is still open as a hollow point.

    Args:
        windows: sliding windows of one place in order of time: starts, ends, closed, transactions, mean_balance.
        measure: transactions or mean_balance (rupees).

    """
    name, axis, hover = MEASURES[measure]
    over = f"of the last {length(windows)}"
    said = (
        count(windows[measure].iloc[-1])
        if measure == "transactions"
        else money(windows[measure].iloc[-1], "transactions")
    )
    drawn = figure(f"{name} {over}: {said}", HEIGHT, x="End of the window, UTC", y=axis)
    drawn.add_scatter(x=windows["ends"], y=windows[measure], mode="lines", line={"color": BLUE, "width": 2})
    drawn.data[-1].update(hovertemplate=f"to %{{x|{_TIME}}}: {hover}<extra></extra>")
    _hollow(drawn, windows[~windows["closed"]].tail(1), "ends", measure)
    drawn.update_xaxes(tickangle=0, nticks=6)
    return drawn.update_yaxes(rangemode="tozero" if measure == "transactions" else "normal")


def against_forecast(windows: pd.DataFrame) -> go.Figure:
    """Transactions of tumbling windows against what was expected of them; anomalies marked by shape and word.

    Args:
        windows: tumbling windows of one place in order of time: starts, ends, closed, transactions, expected, low,
            high (null where there is no forecast), anomaly (surge, outage or null).

    """
    drawn = figure(
        _surprises(windows), HEIGHT + 60, x="Start of the window, UTC", y=f"Transactions in {length(windows)}"
    )
    known = windows.dropna(subset=["expected", "low", "high"])
    if len(known):
        _band(drawn, known)
        _line(drawn, known, "expected", "expected", BLUE, dash="dot")
    closed = windows[windows["closed"]]
    _line(drawn, closed, "transactions", "what came", INK)
    _hollow(drawn, windows[~windows["closed"]], "starts", "transactions")
    for kind in sorted(set(MARKS) & set(windows["anomaly"])):
        _marked(drawn, windows[windows["anomaly"] == kind], kind)
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="tozero")


def alerts_by_type(alerts: pd.Series) -> go.Figure:
    """Number of alerts by type (the index), the most frequent first."""
    ordered = alerts.sort_values(ascending=False, kind="stable")
    first, most = sentence(str(ordered.index[0])), f"{count(ordered.iloc[0])} of {count(ordered.sum())} alerts"
    title = f"{first} is the most frequent type: {most}"
    return bars(title, ordered, [count(number) for number in ordered], "Alerts in the last 30 min")


def customer_amounts(events: pd.DataFrame) -> go.Figure:
    """The latest amounts of one customer; those behind an alert as large diamonds.

    Args:
        events: event_time, amount, balance (rupees), city, alerted (true behind an alert); in order of time.

    """
    behind = int(events["alerted"].sum())
    title = f"{len(events)} transactions, {behind or 'none'} of them behind an alert"
    drawn = figure(title, HEIGHT - 24, x="Event time, UTC", y="Amount, ₹")
    for alerted, name, mark in (
        (False, "usual", {"size": 8, "color": BLUE, "symbol": "circle"}),
        (True, "behind an alert", {"size": 13, "color": VERMILION, "symbol": "diamond"}),
    ):
        rows = events[events["alerted"] == alerted]
        places = [escape(str(place)) for place in rows["city"]]
        drawn.add_scatter(
            x=rows["event_time"], y=rows["amount"], name=name, mode="markers", marker=mark, customdata=places
        )
        drawn.data[-1].update(cliponaxis=False)
    drawn.update_traces(hovertemplate="%{x|%a %-d %b, %H:%M:%S}<br>₹ %{y:,.2f}, %{customdata}<extra></extra>")
    return drawn.update_layout(showlegend=True).update_yaxes(rangemode="tozero")


def _surprises(windows: pd.DataFrame) -> str:
    found = [
        f"{number} {kind}{'s' if number > 1 else ''}"
        for kind in MARKS
        if (number := int((windows["anomaly"] == kind).sum()))
    ]
    kept = f"{count(len(windows))} windows of {length(windows)}"
    if found:
        return f"{listed(found)} in {kept}"
    known = windows["expected"].notna().any()
    return f"No surge and no outage in {kept}" if known else f"{kept}; no forecast for them yet"


def _band(drawn: go.Figure, known: pd.DataFrame) -> None:
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn.add_scatter(x=known["starts"], y=known["low"], showlegend=False, **edge)
    drawn.add_scatter(
        x=known["starts"], y=known["high"], fill="tonexty", fillcolor=_BAND, name="forecast, low to high", **edge
    )


def _line(drawn: go.Figure, windows: pd.DataFrame, column: str, name: str, color: str, dash: str = "solid") -> None:
    line = {"color": color, "width": 1.8, "dash": dash}
    drawn.add_scatter(x=windows["starts"], y=windows[column], name=name, mode="lines", line=line)
    drawn.data[-1].update(hovertemplate=f"from %{{x|{_TIME}}}: %{{y:,.0f}}<extra>{name}</extra>")


def _hollow(drawn: go.Figure, windows: pd.DataFrame, x: str, y: str) -> None:
    mark, line = {"size": 8, "color": "white", "line": {"color": INK, "width": 1.6}}, {"color": GREY, "width": 1.4}
    mode = "lines+markers" if len(windows) <= FEW_OPEN else "lines"
    drawn.add_scatter(x=windows[x], y=windows[y], name="still open", mode=mode, marker=mark, line=line)
    drawn.data[-1].update(hovertemplate=f"%{{x|{_TIME}}}: %{{y:,.0f}} so far<extra></extra>")


def _marked(drawn: go.Figure, windows: pd.DataFrame, kind: str) -> None:
    symbol, color, where = MARKS[kind]
    begins = windows["starts"].diff() != windows["ends"] - windows["starts"]
    mark = {"size": 13, "color": color, "symbol": symbol, "line": {"color": "white", "width": 1}}
    drawn.add_scatter(x=windows["starts"], y=windows["transactions"], name=kind, mode="markers+text", marker=mark)
    words = [kind if begin else "" for begin in begins]
    drawn.data[-1].update(text=words, textposition=where, textfont={"size": 12, "color": INK})
    drawn.data[-1].update(hovertemplate=f"from %{{x|{_TIME}}}: %{{y:,.0f}}<extra>{kind}</extra>")
    # Its word is beside the first mark of each, so the legend does without.
    drawn.data[-1].update(cliponaxis=False, showlegend=False)
