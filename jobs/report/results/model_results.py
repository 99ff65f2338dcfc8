"""The block `models` of results.json: the champion, and the metrics of every candidate by evaluation."""

from typing import Any

import pandas as pd

from jobs.pipeline import USE_CASES
from jobs.report.records import records
from jobs.report.report_tables import ReportTables

EVALUATIONS = ("random_cv", "with_leaking_columns")
COLUMN_SETS = {"time_ordered": "all columns", "time_ordered_stable": "stable columns only"}
"""The columns that each time-ordered evaluation uses."""


def models(tables: ReportTables) -> dict[str, dict[str, Any]]:
    """Return the results of each use case that has been trained."""
    return {
        use_case: _use_case(tables, use_case)
        for use_case in USE_CASES
        if len(tables.rows("model_metrics", use_case=use_case))
    }


def newest(tables: ReportTables, table: str, use_case: str) -> pd.DataFrame:
    """Return a use case's rows of the latest run, from a table that is partitioned by run date."""
    rows = tables.rows(table, use_case=use_case)
    return rows[rows["run_date"] == rows["run_date"].max()] if len(rows) else rows


def metrics_of(tables: ReportTables, use_case: str, evaluation: str, candidate: str) -> dict[str, Any]:
    """Return one candidate's metrics as `<metric>` and `<metric>_ci`."""
    rows = tables.rows("model_metrics", use_case=use_case, evaluation=evaluation, candidate=candidate)
    found: dict[str, Any] = {}
    for row in records(rows.dropna(subset=["value"]) if len(rows) else rows):
        found |= {row.metric: float(row.value), f"{row.metric}_ci": [float(row.low), float(row.high)]}
    return found


def _use_case(tables: ReportTables, use_case: str) -> dict[str, Any]:
    metrics = tables.rows("model_metrics", use_case=use_case)
    candidates = list(dict.fromkeys(metrics["candidate"]))
    by_evaluation = {
        evaluation: {name: found for name in candidates if (found := metrics_of(tables, use_case, evaluation, name))}
        for evaluation in dict.fromkeys(metrics["evaluation"])
    }
    champion = champion_candidate(metrics)
    of_champion = {
        evaluation: found.get(champion) or next(iter(found.values()), None)
        for evaluation, found in by_evaluation.items()
    }
    return {
        "champion": _champion(tables, use_case, champion),
        "challenger": _challenger(tables, use_case),
        "candidates": by_evaluation.get("random_cv", {}),
        **{evaluation: of_champion.get(evaluation) for evaluation in EVALUATIONS},
        "time_ordered": _time_ordered(by_evaluation, metrics),
        "time_ordered_all": by_evaluation.get("time_ordered"),
        "time_ordered_stable": by_evaluation.get("time_ordered_stable"),
        "drift": [row.column_name for row in records(newest(tables, "drift", use_case)) if row.warn],
    }


def champion_candidate(metrics: pd.DataFrame) -> str:
    """Return the name of the candidate that the champion is, or an empty string if there is no champion."""
    chosen = metrics[metrics["chosen"].astype(bool) & (metrics["evaluation"] == "random_cv")]
    return str(chosen["candidate"].iloc[0]) if len(chosen) else ""


def _challenger(tables: ReportTables, use_case: str) -> dict[str, Any]:
    (challenger,) = records(tables.rows("challengers", use_case=use_case))
    return {
        "candidate": challenger.candidate,
        "version": int(challenger.version),
        "reason": challenger.reason,
        "threshold": float(challenger.threshold),
        "rows": int(challenger.row_count),
        "data_sha256": challenger.checksum,
    }


def _time_ordered(by_evaluation: dict[str, dict[str, Any]], metrics: pd.DataFrame) -> dict[str, Any] | None:
    """Return the metrics on later rows of the candidate and column set that did best within the earlier rows."""
    for row in records(metrics[metrics["chosen"].astype(bool) & metrics["evaluation"].isin(list(COLUMN_SETS))]):
        found = by_evaluation[row.evaluation][row.candidate]
        return {"candidate": row.candidate, "columns": COLUMN_SETS[row.evaluation], **found}
    return None


def _champion(tables: ReportTables, use_case: str, candidate: str) -> dict[str, Any] | None:
    for row in records(newest(tables, "model_runs", use_case)):
        return {
            "version": int(row.champion_version),
            "candidate": candidate,
            "decision": row.decision,
            "reason": row.reason,
            "run_date": str(row.run_date),
        }
    return None
