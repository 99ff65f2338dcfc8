"""
### Report: what was found

Builds `index.html` and `results.json` from the small result tables. Starts when another stage has changed one of them
(what `ingest` changes, `explore` changes after it), waits until those that queue for Spark are done, and leaves the
work to the last of several runs.

**When it fails**: clear the task. The old report stays until the new one is whole.
"""

import time

from airflow.sdk import DAG, task
from airflow.sdk.types import RuntimeTaskInstanceProtocol
from common import DEFAULTS, PARAMS, PROJECT, RunStage, inputs

with DAG(
    dag_id="report",
    schedule=inputs("report", without="ingest"),
    max_active_runs=2,  # so that there is a later one to see
    default_args=DEFAULTS | {"priority_weight": 1},
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "report"],
    doc_md=__doc__,
):

    @task.short_circuit(
        pool="spark", doc_md="Wait for Spark jobs of other stages; go on if no later run of this DAG waits."
    )
    def is_last(ti: RuntimeTaskInstanceProtocol) -> bool:
        """Whether no change is waiting to be reported; Airflow makes a run of a change within a second or two."""
        time.sleep(5)
        return ti.get_dr_count("report", states=["queued", "running"]) == 1

    is_last() >> RunStage(stage="report")
