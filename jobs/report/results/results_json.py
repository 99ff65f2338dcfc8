"""The content of results.json."""

from typing import Any

from jobs.dimensions import MONTHS
from jobs.report.findings import as_dicts, findings
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.results.forecast_results import forecast
from jobs.report.results.model_results import models
from jobs.report.results.segment_results import segments, tiers


def results(tables: ReportTables) -> dict[str, Any]:
    """Return every block of results.json but `stream`, which the stream writes itself."""
    return {
        "data": data(tables),
        "mapreduce": mapreduce(tables),
        "agreement": agreement(tables),
        "forecast": forecast(tables),
        "models": models(tables),
        "segments": segments(tables),
        "tiers": tiers(tables),
        "findings": as_dicts(findings(tables)),
        "timings_s": dict(tables.timings),
    }


def data(tables: ReportTables) -> dict[str, dict[str, Any]]:
    """Return file, checksum and row counts of each loaded data set."""
    return {
        str(load.dataset): {
            "source": load.source,
            "file": load.file,
            "sha256": load.sha256,
            "rows_in": int(load.rows_in),
            "rows_loaded": int(load.rows_loaded),
            "rows_rejected": int(load.rows_rejected),
        }
        for load in records(tables.loads)
    }


def mapreduce(tables: ReportTables) -> dict[str, dict[str, dict[str, float]]]:
    """Return the MapReduce answers by question, key and name. Counts are integers; means are not rounded."""
    answers: dict[str, dict[str, dict[str, float]]] = {}
    rows = tables.rows("mapreduce_answers").to_dict("records")
    for row in sorted(rows, key=lambda row: (row["question"], _order(row["key"]), row["name"])):
        value = row["streaming"] if row["name"] == "mean" else int(row["streaming"])
        answers.setdefault(row["question"], {}).setdefault(row["key"], {})[row["name"]] = value
    return answers


def agreement(tables: ReportTables) -> dict[str, bool]:
    """Return for each question whether MapReduce and Spark agree on every key."""
    rows = tables.rows("mapreduce_answers")
    if rows.empty:
        return {}
    return {str(question): bool(agrees) for question, agrees in rows.groupby("question")["agrees"].all().items()}


def _order(key: str) -> tuple[float, str]:
    """Sort months by the calendar, ages by value and other keys alphabetically."""
    if key in MONTHS:
        return MONTHS.index(key), ""
    return (float(key), "") if key.isdigit() else (0.0, key)
