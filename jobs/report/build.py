"""Build the report: index.html for people and results.json for programs, from the same tables.

Reads: the small result tables of all stages. Writes: both files in BANK_REPORT; each replaces the old one atomically.
"""

import json
from typing import Any

from jobs.core.files import STREAM_RESULTS, get_text, lake_files, write_whole
from jobs.core.job import Job
from jobs.core.settings import Settings
from jobs.core.versions import versions
from jobs.report.page import render
from jobs.report.report_tables import collect
from jobs.report.results.results_json import results


def main(job: Job) -> None:
    """Write both files of the report."""
    tables = collect(job, versions(job.spark))
    folder = job.settings.report_folder
    content = results(tables) | stream_results(job.settings)
    write_whole(folder / "results.json", json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    write_whole(folder / "index.html", render(tables))
    job.rows_out["index.html bytes"] = (folder / "index.html").stat().st_size


def stream_results(settings: Settings) -> dict[str, Any]:
    """Return the stream's results under the key `stream`, or nothing if the stream never wrote any."""
    filesystem, root = lake_files(settings)
    text = get_text(filesystem, f"{root}/{STREAM_RESULTS}")
    return {"stream": json.loads(text)} if text else {}
