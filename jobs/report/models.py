"""The models in results.json: the champion, and every candidate's figures with intervals, by evaluation."""

from typing import Any

import pandas as pd

from jobs.report.facts import Facts
from jobs.report.rows import records

PROBLEMS = {"subscription": "clients", "default": "credit"}
EVALUATIONS = ("random_cv", "with_leaking_columns")
COLUMNS = {"time_ordered": "all", "time_ordered_stable": "those that hold over time"}


def models(facts: Facts) -> dict[str, dict[str, Any]]:
    """Both problems, those that were trained."""
    return {
        problem: _problem(facts, problem) for problem in PROBLEMS if len(facts.table("model_metrics", problem=problem))
    }


def newest(facts: Facts, table: str, problem: str) -> pd.DataFrame:
    """A problem's rows of the last night of a table that is kept by night."""
    rows = facts.table(table, problem=problem)
    return rows[rows["run_date"] == rows["run_date"].max()] if len(rows) else rows


def figures(facts: Facts, problem: str, evaluation: str, candidate: str) -> dict[str, Any]:
    """One candidate's figures: `<metric>` and `<metric>_ci`."""
    rows = facts.table("model_metrics", problem=problem, evaluation=evaluation, candidate=candidate)
    found: dict[str, Any] = {}
    for row in records(rows.dropna(subset=["value"]) if len(rows) else rows):
        found |= {row.metric: float(row.value), f"{row.metric}_ci": [float(row.low), float(row.high)]}
    return found


def _problem(facts: Facts, problem: str) -> dict[str, Any]:
    (challenger,) = records(facts.table("challengers", problem=problem))
    metrics = facts.table("model_metrics", problem=problem)
    names = list(dict.fromkeys(metrics["candidate"]))
    by_evaluation = {
        evaluation: {name: found for name in names if (found := figures(facts, problem, evaluation, name))}
        for evaluation in dict.fromkeys(metrics["evaluation"])
    }
    candidate = chosen(metrics)
    mine = {name: found.get(candidate) or next(iter(found.values()), None) for name, found in by_evaluation.items()}
    return {
        "champion": _champion(facts, problem, candidate),
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
        "drift": [row.column_name for row in records(newest(facts, "drift", problem)) if row.warn],
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


def _champion(facts: Facts, problem: str, candidate: str) -> dict[str, Any] | None:
    for row in records(newest(facts, "model_runs", problem)):
        return {
            **{"version": int(row.champion_version), "candidate": candidate},
            **{"decision": row.decision, "reason": row.reason, "run_date": str(row.run_date)},
        }
    return None
