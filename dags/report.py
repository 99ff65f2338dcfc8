"""
### Report: build index.html and results.json

Builds the report from the small result tables. Starts when another stage has changed one of them (a change by `ingest`
arrives through `explore`), and waits for the steps that are queued. If several runs are queued, only the last one
builds.

**When it fails**: clear the task. The old report stays until the new one is complete.
"""

import time

from airflow.sdk import DAG, task
from airflow.sdk.types import RuntimeTaskInstanceProtocol
from common import ALL_SLOTS, DEFAULTS, PARAMS, PROJECT, input_assets, run_steps

with DAG(
    dag_id="report",
    schedule=input_assets("report", without="ingest"),
    max_active_runs=2,  # so that a run can see whether a later one is queued
    default_args=DEFAULTS | {"priority_weight": 1},
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "report"],
    doc_md=__doc__,
):

    @task.short_circuit(
        pool="spark",
        pool_slots=ALL_SLOTS,
        doc_md="Wait for the steps of other stages; continue if no later run of this DAG is queued.",
    )
    def is_last(ti: RuntimeTaskInstanceProtocol) -> bool:
        """Return whether no other run is queued; Airflow creates one within a second or two of a change."""
        time.sleep(5)
        return ti.get_dr_count("report", states=["queued", "running"]) == 1

    run_steps("report", before=is_last(), pool_slots=ALL_SLOTS)
