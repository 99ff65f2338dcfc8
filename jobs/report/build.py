"""Build the report: index.html for people and results.json for machines, from the same tables.

Reads: the small result tables of all rooms. Writes: two files in BANK_REPORT, each appearing whole or not at all.
"""

import json
import logging
import secrets
from pathlib import Path

from jobs.core.job import Job
from jobs.report.facts import collect
from jobs.report.page import render
from jobs.report.results import results
from jobs.report.versions import versions

log = logging.getLogger("bankstack")


def main(job: Job) -> None:
    """Write both files of the report."""
    facts = collect(job, versions(job.spark))
    folder = job.settings.report_folder
    write(folder / "results.json", json.dumps(results(facts), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    write(folder / "index.html", render(facts))
    job.rows_out |= {"index.html bytes": (folder / "index.html").stat().st_size}


def write(path: Path, text: str) -> None:
    """Write a file under another name, then rename it: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
