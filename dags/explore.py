"""
### Explore: profiles, correlations, outliers, rates

Profiles every column, correlates columns, finds outliers, computes subscription and default rates with confidence
intervals, patterns by month, age, weekday and city, feature relevance, and the terms and topics of the call notes.
Starts when `ingest` has changed a table.

**When it fails**: clear the task; finished steps are skipped. If a step fails twice with the same error, it is a bug or
data that the contract lets through: the log names the step.

**Downstream**: forecast and report.
"""

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, create_tables, input_assets, run_steps

with DAG(
    dag_id="explore",
    schedule=input_assets("explore"),
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "explore"],
    doc_md=__doc__,
):
    run_steps("explore", before=create_tables("explore"))
