"""Classification models: ranking quality, calibration, profit, and feature importance."""

from collections.abc import Hashable

import pandas as pd
import plotly.graph_objects as go

from jobs.dimensions import CURRENCIES
from jobs.report.formatting import column, count, money, percent, sentence
from jobs.report.records import highest, records
from jobs.report.theme import BLUE, GREY, VERMILION, bars, figure, named_rows, values_at, whisker

CANDIDATES = {
    "logistic": "logistic regression",
    "forest": "random forest",
    "boosting": "gradient boosting",
    "xgboost": "XGBoost",
    "average": "tree-model average",
}
SHOWN = 10
"""Columns in a chart of importances."""


def candidates(metrics: pd.DataFrame) -> go.Figure:
    """Draw the ROC-AUC of each candidate with its 95 % interval, the best first.

    Args:
        metrics: rows of model_metrics of one use case and evaluation.

    """
    rows = metrics[metrics["metric"] == "roc_auc"].sort_values("value", ascending=False)
    best = highest(rows, "value")
    names = [CANDIDATES[name] for name in rows["candidate"]]
    title = f"{sentence(CANDIDATES[best.candidate])} has the highest ROC-AUC: {best.value:.3f}"
    drawn = named_rows(title, names, "ROC-AUC (bar: 95 % interval)")
    drawn.add_scatter(
        x=rows["value"],
        y=names,
        mode="markers",
        marker={"size": 9},
        error_x=whisker(rows["value"], rows["low"], rows["high"]),
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
    values_at(drawn, rows["high"], names, [f" {value:.3f}" for value in rows["value"]])
    margin = 0.35 * float(rows["high"].max() - rows["low"].min())
    return drawn.update_xaxes(range=[rows["low"].min() - margin / 3, rows["high"].max() + margin])


def calibration(tenths: pd.DataFrame) -> go.Figure:
    """Draw observed against predicted rates by tenth of the scores.

    Args:
        tenths: rows of `calibration` of one candidate and evaluation.

    """
    rows = tenths.sort_values("tenth")
    top = records(rows)[-1]
    title = (
        f"Calibration: the top tenth was predicted at {percent(top.predicted)} and {percent(top.observed)} was observed"
    )
    drawn = figure(title, 340, x="Predicted, %", y="Observed, %")
    end = 100 * max(rows["predicted"].max(), rows["observed"].max())
    drawn.add_scatter(x=[0, end], y=[0, end], mode="lines", line={"color": GREY, "dash": "dot"}, hoverinfo="skip")
    drawn.add_scatter(
        x=100 * rows["predicted"],
        y=100 * rows["observed"],
        mode="lines+markers",
        line={"color": BLUE},
        error_y={
            "array": 100 * (rows["observed_high"] - rows["observed"]),
            "arrayminus": 100 * (rows["observed"] - rows["observed_low"]),
            "thickness": 1,
        },
        hovertemplate="%{x:.1f} % predicted, %{y:.1f} % observed<extra></extra>",
    )
    return drawn


def profit(curve: pd.DataFrame, dataset: str) -> go.Figure:
    """Draw the profit by share of clients contacted, the highest scores first.

    Args:
        curve: rows of profit_curve of one candidate and evaluation.
        dataset: clients or credit, for the currency.

    """
    rows = curve.sort_values("share")
    best = highest(rows, "profit")
    title = f"Profit peaks at {money(best.profit, dataset)}, with the top {percent(best.share, 0)} of clients selected"
    axis = "Clients selected, % (highest scores first)"
    drawn = figure(title, 340, x=axis, y=f"Profit, {CURRENCIES[dataset]}")
    drawn.add_scatter(
        x=100 * rows["share"],
        y=rows["profit"],
        mode="lines",
        line={"color": BLUE},
        hovertemplate="%{x:.0f} %: %{y:,.0f}<extra></extra>",
    )
    drawn.add_scatter(
        x=[100 * best.share], y=[best.profit], mode="markers", marker={"size": 10, "color": VERMILION}, hoverinfo="skip"
    )
    return drawn


def importances(found: pd.DataFrame) -> go.Figure:
    """Draw the permutation importance of the columns: how much ROC-AUC falls when a column is shuffled."""
    rows = found.dropna(subset=["permutation"]).sort_values("permutation", ascending=False).head(SHOWN)
    first = records(rows)[0]
    values = pd.Series(rows["permutation"].to_numpy(), index=[column(name) for name in rows["column_name"]])
    title = f"Feature importance: {column(first.column_name)} matters most"
    return bars(title, values, [f"{value:.3f}" for value in values], "Drop in ROC-AUC")


def shap_values(points: pd.DataFrame) -> go.Figure:
    """Draw the SHAP values of single clients by feature; colours show the feature's value if it is a number."""
    strength = points["contribution"].abs().groupby(points["column_name"]).mean().sort_values(ascending=False)
    names = list(strength.head(SHOWN).index)
    title = f"SHAP values: {column(names[0])} shifts individual scores most"
    axis = "SHAP value, log-odds"
    drawn = named_rows(title, [column(name) for name in names], axis)
    for name in names:
        _shap_row(drawn, name, points[points["column_name"] == name])
    return drawn


def _shap_row(drawn: go.Figure, name: Hashable, rows: pd.DataFrame) -> None:
    is_number = rows["level"].notna().all()
    color = {"color": rows["level"], "colorscale": [[0, BLUE], [1, VERMILION]]} if is_number else {"color": GREY}
    drawn.add_scatter(
        x=rows["contribution"].round(3),
        y=[column(str(name))] * len(rows),
        mode="markers",
        marker={"size": 5, "opacity": 0.5, **color},
        customdata=rows["value"],
        hovertemplate=f"{column(str(name))} = %{{customdata}}: %{{x}}<extra></extra>",
    )


def lift(curve: pd.DataFrame, share: float, dataset: str) -> str:
    """Describe the top clients at about this share: how many positives they contain, their lift and their profit."""
    row = records(curve.assign(distance=(curve["share"] - share).abs()).sort_values("distance"))[0]
    positives = float(curve["positives"].max())
    captured = row.positives / max(positives, 1)
    return (
        f"the top {percent(row.share, 0)} ({count(row.clients)} clients) contain {percent(captured, 0)} of positives "
        f"(lift {captured / row.share:.1f}) and yield {money(row.profit, dataset)}"
    )
