"""
### Maintenance: keep the lake small

Removes what killed jobs left behind (staging folders, unfinished versions of tables, each older than a day), rewrites
tables of many small files, and deletes task logs older than `BANK_KEEP_LOG_DAYS` days (30). Old versions of tables are
no business of this DAG: each publish keeps the last three. `select * from bank.maintenance_runs` says what was done.

**When it fails**: nothing is lost, and nobody waits for it. Clear the task, or let tomorrow's run do the work of both.
"""

import os
import time
from pathlib import Path

from airflow.sdk import DAG, task
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables

LOGS = Path("/data/airflow/logs")

with DAG(
    dag_id="maintenance",
    schedule="0 5 * * *",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "maintenance"],
    doc_md=__doc__,
):

    @task(doc_md="Delete task logs that nobody has written to for BANK_KEEP_LOG_DAYS days.")
    def clean_logs() -> int:
        """Delete old log files and folders that are empty then; returns how many files."""
        before = time.time() - 86_400 * int(os.environ.get("BANK_KEEP_LOG_DAYS", "30"))
        old = [path for path in LOGS.rglob("*.log*") if path.is_file() and path.stat().st_mtime < before]
        for path in old:
            path.unlink()
        for folder in sorted(LOGS.rglob("*/"), reverse=True):
            if not any(folder.iterdir()) and folder.stat().st_mtime < before:
                folder.rmdir()
        return len(old)

    create_tables("maintenance") >> RunStage(stage="maintenance")
    clean_logs()
