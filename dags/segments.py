"""
### Segments: customers in groups that the bank can act on

Makes one row per customer from the transactions, measures a field of clusterings, publishes the best by a written rule,
names the segments, and counts who moved. Tracked in MLflow's experiment `segments`. Starts when `transactions` changed.

**When it fails**
- *MLflow does not answer*: no new segments were published, the old segments stay. `make ps`, then clear the task.
- *anything else*: clear the task; steps that are done are skipped.

**When it succeeds and there are no segments**: too few customers, or no clear groups; `select reason from
bank.segment_decisions` says so in a sentence, and so does the report. `BANK_SEGMENTS_K` pins a number of segments.

**Who waits for it**: the report.
"""

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables, inputs

with DAG(
    dag_id="segments",
    schedule=inputs("segments"),
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "segments"],
    doc_md=__doc__,
):
    create_tables("segments") >> RunStage(stage="segments")
