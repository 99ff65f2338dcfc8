"""
### Explore: what the tables look like

Profiles, correlations, outliers, subscription and default rates with intervals, patterns by month, age, day and
place, feature relevance, terms and topics of the call notes. Starts when `ingest` changed a table.

**When it fails**: clear the task; steps that are done are skipped. A step that fails twice with the same error is a bug
or data that the contract lets through: the log names the step.

**Who waits for it**: the report.
"""

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables, inputs

with DAG(
    dag_id="explore",
    schedule=inputs("explore"),
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "explore"],
    doc_md=__doc__,
):
    create_tables("explore") >> RunStage(stage="explore")
