"""
### Maintenance: clean up HDFS and logs

Deletes what killed jobs left behind (staging folders and unfinished table versions older than a day), compacts tables
that consist of many small files, and deletes task logs older than `BANK_KEEP_LOG_DAYS` days (30). It doesn't touch old
table versions: each publish keeps the last three. `select * from bank.maintenance_runs` shows what it did.

**When it fails**: no data is lost and no other DAG depends on it. Clear the task, or leave it to tomorrow's run.
"""

import os
import time
from pathlib import Path

from airflow.sdk import DAG, task
from common import ALL_SLOTS, DEFAULTS, PARAMS, PROJECT, create_tables, run_steps

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

    @task(doc_md="Delete task logs not written to for BANK_KEEP_LOG_DAYS days.")
    def clean_logs() -> int:
        """Delete old log files and empty folders, and return the number of deleted files."""
        oldest_kept = time.time() - 86_400 * int(os.environ.get("BANK_KEEP_LOG_DAYS", "30"))
        old = [path for path in LOGS.rglob("*.log*") if path.is_file() and path.stat().st_mtime < oldest_kept]
        for path in old:
            path.unlink()
        for folder in sorted(LOGS.rglob("*/"), reverse=True):
            if not any(folder.iterdir()) and folder.stat().st_mtime < oldest_kept:
                folder.rmdir()
        return len(old)

    # Alone, because compaction reads a table and publishes it again.
    run_steps("maintenance", before=create_tables("maintenance"), pool_slots=ALL_SLOTS)
    clean_logs()
