"""results.json: the findings for machines. Later stages add keys of their own."""

from typing import Any

from jobs.report.charts.mapreduce_charts import MONTHS
from jobs.report.findings import as_dicts, findings
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.results.forecast_results import forecast
from jobs.report.results.model_results import models
from jobs.report.results.segment_results import segments


def results(facts: Facts) -> dict[str, Any]:
    """Everything that results.json holds."""
    return {
        "data": data(facts),
        "mapreduce": mapreduce(facts),
        "agreement": agreement(facts),
        "forecast": forecast(facts),
        "models": models(facts),
        "segments": segments(facts),
        "findings": as_dicts(findings(facts)),
        "timings_s": dict(facts.timings),
    }


def data(facts: Facts) -> dict[str, dict[str, Any]]:
    """What was loaded, by data set."""
    return {
        str(load.dataset): {
            "source": load.source,
            "file": load.file,
            "sha256": load.sha256,
            "rows_in": int(load.rows_in),
            "rows_loaded": int(load.rows_loaded),
            "rows_rejected": int(load.rows_rejected),
        }
        for load in records(facts.loads)
    }


def mapreduce(facts: Facts) -> dict[str, dict[str, dict[str, float]]]:
    """The answers: question, key, name. Counts are integers, means are not rounded."""
    answers: dict[str, dict[str, dict[str, float]]] = {}
    rows = facts.table("mapreduce_answers").to_dict("records")
    for row in sorted(rows, key=lambda row: (row["question"], _order(row["key"]), row["name"])):
        value = row["streaming"] if row["name"] == "mean" else int(row["streaming"])
        answers.setdefault(row["question"], {}).setdefault(row["key"], {})[row["name"]] = value
    return answers


def agreement(facts: Facts) -> dict[str, bool]:
    """Whether MapReduce and Spark agree on every key, by question."""
    rows = facts.table("mapreduce_answers")
    if rows.empty:
        return {}
    return {str(question): bool(agrees) for question, agrees in rows.groupby("question")["agrees"].all().items()}


def _order(key: str) -> tuple[float, str]:
    """Months by the calendar, ages by size, other keys by their letters."""
    if key in MONTHS:
        return MONTHS.index(key), ""
    return (float(key), "") if key.isdigit() else (0.0, key)
