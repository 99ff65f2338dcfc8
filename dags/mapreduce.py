"""
### MapReduce: five questions, answered by Hadoop Streaming and by Spark

Writes `clients` as text, answers five questions with one Hadoop Streaming job on YARN, answers them again with Spark,
and compares the answers. Starts when `clients` has changed.

**When it fails**
- *the answers differ*: the log names the question, the key and both answers. The old answers stay. One of the two
  implementations is wrong; don't rebuild the report until you know which.
- *YARN has no capacity*: check `make ps` and the ResourceManager's page. Is a NodeManager alive, and is memory free?

**Downstream**: report.
"""

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, create_tables, input_assets, run_steps

with DAG(
    dag_id="mapreduce",
    schedule=input_assets("mapreduce"),
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "mapreduce"],
    doc_md=__doc__,
):
    run_steps("mapreduce", before=create_tables("mapreduce"))
