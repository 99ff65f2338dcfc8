"""Logs the backtest to MLflow: one run per backtest, with a child run for each series and method."""

from collections.abc import Mapping

import pandas as pd

from jobs.core.tracking import TrackedRun, tracked_run

EXPERIMENT = "forecast"
NOT_METRICS = ("series", "method", "published")
"""Columns of forecast_scores that aren't metrics."""


def track(
    experiment: str, title: str, scores: pd.DataFrame, decisions: pd.DataFrame, parameters: Mapping[str, object]
) -> None:
    """Log a finished backtest.

    Args:
        experiment: id of the experiment.
        title: name of the run.
        scores: rows of forecast_scores.
        decisions: rows of forecast_decisions.
        parameters: parameters of the run.

    """
    with tracked_run(experiment, title) as run:
        for row in scores.to_dict("records"):
            _log_method(run, {str(key): value for key, value in row.items()})
        metrics = {
            f"{row['series']}_later_mase": row["later_mase"]
            for row in decisions.dropna(subset=["later_mase"]).to_dict("records")
        }
        run.log(parameters, metrics)
        run.log_text("scores.csv", scores.to_csv(index=False))
        run.log_text("decisions.csv", decisions.to_csv(index=False))


def _log_method(parent: TrackedRun, row: Mapping[str, object]) -> None:
    with parent.child(f"{row['series']} {row['method']}") as run:
        run.log(
            params={"series": row["series"], "method": row["method"]},
            metrics={key: value for key, value in row.items() if key not in NOT_METRICS},
            tags={"published": row["published"]},
        )
