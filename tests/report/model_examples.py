"""Example rows of the model tables: a subscription model and no default model."""

import pandas as pd

METRICS = ("roc_auc", "pr_auc", "ks", "brier", "accuracy", "majority_accuracy", "f1", "recall", "precision")
RANDOM = {"xgboost": 0.80, "logistic": 0.77}
TIME_ORDERED = {"xgboost": 0.69, "logistic": 0.66}
CHOSEN = [("random_cv", "xgboost"), ("time_ordered_stable", "logistic"), ("with_leaking_columns", "xgboost")]


def metric_rows():
    tried = {
        "random_cv": RANDOM,
        "time_ordered": TIME_ORDERED,
        "time_ordered_stable": {"logistic": 0.72, "xgboost": 0.70},
    }
    tried["with_leaking_columns"] = {"xgboost": 0.94}
    return pd.DataFrame(
        [
            (
                "subscription",
                evaluation,
                candidate,
                (evaluation, candidate) in CHOSEN,
                metric,
                value,
                value - 0.01,
                value + 0.01,
                100,
            )
            for evaluation, found in tried.items()
            for candidate, value in found.items()
            for metric in METRICS
        ],
        columns=["use_case", "evaluation", "candidate", "chosen", "metric", "value", "low", "high", "clients"],
    )


def with_keys(rows):
    return pd.DataFrame(
        [{"use_case": "subscription", "evaluation": "random_cv", "candidate": "xgboost", **row} for row in rows]
    )


CHALLENGER = {
    "use_case": "subscription",
    "candidate": "xgboost",
    "version": 2,
    "reason": "it has the highest ROC-AUC",
    "row_count": 100,
}
RUN = {"use_case": "subscription", "champion_version": 1, "decision": "kept", "reason": "the challenger is not better"}
DRIFT = {"use_case": "subscription", "run_date": "2026-01-31", "measure": "feature", "level": 0.25}
TABLES = {
    "model_metrics": metric_rows(),
    "challengers": pd.DataFrame([{**CHALLENGER, "threshold": 0.125, "checksum": "c" * 64}]),
    "model_runs": pd.DataFrame([{**RUN, "run_date": "2026-01-30", "reason": "old"}, {**RUN, "run_date": "2026-01-31"}]),
    "calibration": with_keys(
        [
            {"tenth": 1, "predicted": 0.1, "observed": 0.2, "observed_low": 0.1, "observed_high": 0.3},
            {"tenth": 2, "predicted": 0.5, "observed": 0.4, "observed_low": 0.3, "observed_high": 0.5},
        ]
    ),
    "profit_curve": with_keys(
        [
            {"clients": 20, "share": 0.2, "positives": 9, "profit": 70.0},
            {"clients": 100, "share": 1.0, "positives": 12, "profit": -400.0},
        ]
    ),
    "importances": pd.DataFrame(
        [("subscription", "month", 0.05, 0.3), ("subscription", "day_of_year", None, 0.2)],
        columns=["use_case", "column_name", "permutation", "mean_abs_shap"],
    ),
    "shap_points": pd.DataFrame(
        [("subscription", "month", "may", None, -0.4), ("subscription", "age", "33.0", 0.5, 0.1)],
        columns=["use_case", "column_name", "value", "level", "contribution"],
    ),
    "fairness": pd.DataFrame(
        [
            ("subscription", "age", "under 30", 10, 0.5, 0.8, 0.1, 0.0),
            ("subscription", "age", "30-44", 90, 0.2, 0.5, 0.1, -0.3),
            ("subscription", "age", "not known", 1, 0.0, None, 0.0, None),
        ],
        columns=[
            "use_case",
            "attribute",
            "group_name",
            "clients",
            "selection_rate",
            "true_positive_rate",
            "false_positive_rate",
            "equal_opportunity_difference",
        ],
    ),
    "top_clients": pd.DataFrame(
        [("subscription", 7, 0.93, ["month = mar raises it"])],
        columns=["use_case", "client_id", "probability", "reasons"],
    ),
    "drift": pd.DataFrame(
        [
            {**DRIFT, "column_name": "month", "value": 0.4, "warn": True},
            {**DRIFT, "column_name": "age", "value": 0.1, "warn": False},
        ]
    ),
}
