"""
### Report: what was found

Builds `index.html` and `results.json` from the small result tables. Starts when `explore` or `mapreduce` changed one.

**When it fails**: clear the task. The old report stays until the new one is whole.
"""

from datetime import datetime

from airflow.sdk import DAG
from house import DEFAULTS, PARAMS, PROJECT, RunRoom, inputs

with DAG(
    dag_id="report",
    schedule=inputs("report"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "report"],
    doc_md=__doc__,
):
    RunRoom(room="report")
