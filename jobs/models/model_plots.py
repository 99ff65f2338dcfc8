"""Plots that MLflow keeps beside a model, drawn from the rows of the training run's tables."""

import pandas as pd
import plotly.graph_objects as go

PLOTTED_COLUMNS = 15


def _plot(title: str, x: str, y: str) -> go.Figure:
    plot = go.Figure(layout={"title": title, "template": "plotly_white"})
    return plot.update_xaxes(title_text=x).update_yaxes(title_text=y)


def calibration(rows: pd.DataFrame, candidate: str) -> go.Figure:
    """Plot predicted against observed rates in tenths of the clients, one line per evaluation."""
    plot = _plot(f"Calibration of {candidate}", "Predicted rate", "Observed rate")
    for evaluation, found in rows[rows["candidate"] == candidate].groupby("evaluation"):
        plot.add_scatter(x=found["predicted"], y=found["observed"], name=str(evaluation))
    return plot


def profit(rows: pd.DataFrame, candidate: str) -> go.Figure:
    """Plot the profit of acting on the clients with the highest scores, one line per evaluation."""
    plot = _plot(f"Profit with {candidate}", "Share of clients, highest scores first", "Profit")
    for evaluation, found in rows[rows["candidate"] == candidate].groupby("evaluation"):
        plot.add_scatter(x=found["share"], y=found["profit"], name=str(evaluation))
    return plot


def importances(rows: pd.DataFrame) -> go.Figure:
    """Plot the permutation importance of the most important columns, with standard deviations."""
    top = rows.dropna(subset=["permutation"]).nlargest(PLOTTED_COLUMNS, "permutation").iloc[::-1]
    plot = _plot("Permutation importance", "Loss of ROC-AUC", "")
    deviation = {"type": "data", "array": top["permutation_sd"]}
    return plot.add_bar(x=top["permutation"], y=top["column_name"], orientation="h", error_x=deviation)


def shap_values(rows: pd.DataFrame) -> go.Figure:
    """Plot the SHAP values of the most important features, one dot per client, coloured by the feature's value."""
    means = rows["contribution"].abs().groupby(rows["column_name"]).mean().nlargest(PLOTTED_COLUMNS)
    shown = rows[rows["column_name"].isin(means.index)]
    plot = _plot("SHAP values", "Contribution to the log-odds", "")
    colour = {"color": shown["level"], "colorscale": "Cividis", "showscale": True, "size": 4, "opacity": 0.6}
    plot.add_scatter(x=shown["contribution"], y=shown["column_name"], mode="markers", marker=colour)
    return plot.update_yaxes(categoryorder="array", categoryarray=list(means.index[::-1]))
