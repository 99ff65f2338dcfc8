"""Build the report: index.html for people and results.json for machines, from the same tables.

Reads: the small result tables of all stages. Writes: two files in BANK_REPORT, each appearing whole or not at all.
"""

import json
from typing import Any

from jobs.core.files import write_whole
from jobs.core.job import Job
from jobs.core.versions import versions
from jobs.report.page import render
from jobs.report.report_tables import collect
from jobs.report.results.results_json import results


def main(job: Job) -> None:
    """Write both files of the report."""
    facts = collect(job, versions(job.spark))
    folder = job.settings.report_folder
    found = json.dumps(results(facts) | streamed(job), indent=1, ensure_ascii=False, allow_nan=False)
    write_whole(folder / "results.json", f"{found}\n")
    write_whole(folder / "index.html", render(facts))
    job.rows_out["index.html bytes"] = (folder / "index.html").stat().st_size


def streamed(job: Job) -> dict[str, Any]:
    """The stream's figures under the key `stream`, if it left any."""
    path = job.settings.stream_folder / "results.json"
    return {"stream": json.loads(path.read_text())} if path.exists() else {}
