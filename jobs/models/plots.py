"""Plots that MLflow keeps beside a model: rows are those of the tables of the same night."""

import pandas as pd
import plotly.graph_objects as go

COLUMNS = 15  # columns in the plot of importances


def _figure(title: str, x: str, y: str) -> go.Figure:
    drawn = go.Figure(layout={"title": title, "template": "plotly_white"})
    return drawn.update_xaxes(title_text=x).update_yaxes(title_text=y)


def calibration(rows: pd.DataFrame, candidate: str) -> go.Figure:
    """Predicted against observed rates in tenths of the clients, a line an evaluation."""
    drawn = _figure(f"Calibration of {candidate}", "Predicted rate", "Observed rate")
    for evaluation, found in rows[rows["candidate"] == candidate].groupby("evaluation"):
        drawn.add_scatter(x=found["predicted"], y=found["observed"], name=str(evaluation))
    return drawn


def profit(rows: pd.DataFrame, candidate: str) -> go.Figure:
    """What acting on the best N clients brings, a line an evaluation."""
    drawn = _figure(f"Profit with {candidate}", "Share of the clients, the best first", "Profit")
    for evaluation, found in rows[rows["candidate"] == candidate].groupby("evaluation"):
        drawn.add_scatter(x=found["share"], y=found["profit"], name=str(evaluation))
    return drawn


def importances(rows: pd.DataFrame) -> go.Figure:
    """How much ROC-AUC falls if a column is shuffled, with its spread; the columns that matter most."""
    top = rows.dropna(subset=["permutation"]).nlargest(COLUMNS, "permutation").iloc[::-1]
    drawn = _figure("Permutation importance", "Loss of ROC-AUC", "")
    spread = {"type": "data", "array": top["permutation_sd"]}
    return drawn.add_bar(x=top["permutation"], y=top["column_name"], orientation="h", error_x=spread)


def shap_values(rows: pd.DataFrame) -> go.Figure:
    """A dot a client and column: how far the column moved the log-odds, coloured by how high its value is."""
    means = rows["contribution"].abs().groupby(rows["column_name"]).mean().nlargest(COLUMNS)
    shown = rows[rows["column_name"].isin(means.index)]
    drawn = _figure("SHAP values", "Contribution to the log-odds", "")
    colour = {"color": shown["level"], "colorscale": "Cividis", "showscale": True, "size": 4, "opacity": 0.6}
    drawn.add_scatter(x=shown["contribution"], y=shown["column_name"], mode="markers", marker=colour)
    return drawn.update_yaxes(categoryorder="array", categoryarray=list(means.index[::-1]))
