"""
### MapReduce: five questions, asked twice

Writes `clients` as text, answers five questions with Hadoop Streaming on YARN (one job for all five), asks Spark the
same, and compares. Starts when `clients` changed.

**When it fails**
- *they differ*: the log names question, key and both answers. The old answers stay. One of the two is wrong: do not
  publish the report by hand.
- *YARN has no room*: `make ps`, then the ResourceManager's page: is a NodeManager alive and its memory free?

**Who waits for it**: the report.
"""

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables, inputs

with DAG(
    dag_id="mapreduce",
    schedule=inputs("mapreduce"),
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "mapreduce"],
    doc_md=__doc__,
):
    create_tables("mapreduce") >> RunStage(stage="mapreduce")
