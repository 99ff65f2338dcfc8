"""Plots that MLflow keeps beside a model."""

import pandas as pd
import plotly.graph_objects as go


def calibration_plot(calibration: pd.DataFrame, candidate: str) -> go.Figure:
    """Predicted against observed rates in tenths of the clients, a line an evaluation."""
    drawn = go.Figure(layout={"title": f"Calibration of {candidate}", "template": "plotly_white"})
    drawn.update_xaxes(title_text="Predicted rate").update_yaxes(title_text="Observed rate")
    for evaluation, rows in calibration[calibration["candidate"] == candidate].groupby("evaluation"):
        drawn.add_scatter(x=rows["predicted"], y=rows["observed"], name=str(evaluation))
    return drawn
