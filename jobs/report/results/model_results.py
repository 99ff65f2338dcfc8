"""The models in results.json: the champion, and every candidate's figures with intervals, by evaluation."""

from typing import Any

import pandas as pd

from jobs.report.records import records
from jobs.report.report_tables import Facts

USE_CASES = {"subscription": "clients", "default": "credit"}
EVALUATIONS = ("random_cv", "with_leaking_columns")
COLUMNS = {"time_ordered": "all", "time_ordered_stable": "those that hold over time"}


def models(facts: Facts) -> dict[str, dict[str, Any]]:
    """Both use cases, those that were trained."""
    return {
        use_case: _use_case(facts, use_case)
        for use_case in USE_CASES
        if len(facts.table("model_metrics", use_case=use_case))
    }


def newest(facts: Facts, table: str, use_case: str) -> pd.DataFrame:
    """A use case's rows of the last night of a table that is kept by night."""
    rows = facts.table(table, use_case=use_case)
    return rows[rows["run_date"] == rows["run_date"].max()] if len(rows) else rows


def figures(facts: Facts, use_case: str, evaluation: str, candidate: str) -> dict[str, Any]:
    """One candidate's figures: `<metric>` and `<metric>_ci`."""
    rows = facts.table("model_metrics", use_case=use_case, evaluation=evaluation, candidate=candidate)
    found: dict[str, Any] = {}
    for row in records(rows.dropna(subset=["value"]) if len(rows) else rows):
        found |= {row.metric: float(row.value), f"{row.metric}_ci": [float(row.low), float(row.high)]}
    return found


def _use_case(facts: Facts, use_case: str) -> dict[str, Any]:
    (challenger,) = records(facts.table("challengers", use_case=use_case))
    metrics = facts.table("model_metrics", use_case=use_case)
    names = list(dict.fromkeys(metrics["candidate"]))
    by_evaluation = {
        evaluation: {name: found for name in names if (found := figures(facts, use_case, evaluation, name))}
        for evaluation in dict.fromkeys(metrics["evaluation"])
    }
    candidate = chosen(metrics)
    mine = {name: found.get(candidate) or next(iter(found.values()), None) for name, found in by_evaluation.items()}
    return {
        "champion": _champion(facts, use_case, candidate),
        "challenger": {
            **{"candidate": challenger.candidate, "version": int(challenger.version), "reason": challenger.reason},
            **{
                "threshold": float(challenger.threshold),
                "rows": int(challenger.row_count),
                "data_sha256": challenger.checksum,
            },
        },
        "candidates": by_evaluation.get("random_cv", {}),
        **{name: mine.get(name) for name in EVALUATIONS},
        "time_ordered": _in_time(by_evaluation, metrics),
        "time_ordered_all": by_evaluation.get("time_ordered"),
        "time_ordered_stable": by_evaluation.get("time_ordered_stable"),
        "drift": [row.column_name for row in records(newest(facts, "drift", use_case)) if row.warn],
    }


def chosen(metrics: pd.DataFrame) -> str:
    """The candidate that is the champion."""
    picked = metrics[metrics["chosen"].astype(bool) & (metrics["evaluation"] == "random_cv")]
    return str(picked["candidate"].iloc[0]) if len(picked) else ""


def _in_time(figures: dict[str, dict[str, Any]], metrics: pd.DataFrame) -> dict[str, Any] | None:
    """Figures on the later rows of the candidate and columns that did best within the earlier ones."""
    for row in records(metrics[metrics["chosen"].astype(bool) & metrics["evaluation"].isin(list(COLUMNS))]):
        found = figures[row.evaluation][row.candidate]
        return {"candidate": row.candidate, "columns": COLUMNS[row.evaluation], **found}
    return None


def _champion(facts: Facts, use_case: str, candidate: str) -> dict[str, Any] | None:
    for row in records(newest(facts, "model_runs", use_case)):
        return {
            **{"version": int(row.champion_version), "candidate": candidate},
            **{"decision": row.decision, "reason": row.reason, "run_date": str(row.run_date)},
        }
    return None
