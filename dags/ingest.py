"""
### Ingest: files to checked tables

Copies the bank's files from `BANK_DATA` unchanged to `/bank/raw/` in HDFS, checks each row against its contract
(`hive/ingest/*.toml`), and publishes `clients`, `credit`, `transactions` and `call_notes`, together with
`rejected_rows` and `load_runs`. Loading the same files again changes nothing and starts nothing downstream.

**When it fails**
- *a file is refused*: the log of its task ends with the file, the line, what the contract expects, and how to fix it.
  The old table stays. Fix the file and clear the task.
- *anything else*: clear the task. Published tables are skipped; the rest runs again with the same result.
- *`check` is red*: rows in, loaded and rejected don't add up, so don't trust anything downstream. Start with
  `select * from bank.load_runs`.

**Downstream**: explore, mapreduce and segments, by assets; models reads the tables at night.
"""

from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.sdk import DAG, Param, TriggerRule
from common import DEFAULTS, PARAMS, PROJECT, create_tables, run_steps

from jobs.pipeline import DATASETS

DATA = "/opt/bankstack/data"
FORM_FIELDS = {
    "dataset": Param("all", enum=["all", *DATASETS], description="Load only this data set"),
    "file": Param(None, type=["null", "string"], description="Load this file from BANK_DATA (needs a data set)"),
}

with DAG(
    dag_id="ingest",
    schedule="@daily",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params={**FORM_FIELDS, **PARAMS},
    template_searchpath=str(PROJECT),
    tags=["bankstack", "ingest"],
    doc_md=__doc__,
):
    check = SQLCheckOperator(
        task_id="check",
        doc_md="For every load, rows in = rows loaded + rows rejected; queried through HiveServer2.",
        conn_id="hiveserver2_default",
        trigger_rule=TriggerRule.NONE_FAILED,
        sql="select count(*) > 0, min(if(rows_in = rows_loaded + rows_rejected, 1, 0)) = 1 from bank.load_runs",
    )
    loads = run_steps(
        "ingest",
        before=create_tables("ingest"),
        options=[f"--file={{{{ '{DATA}/' ~ params.file if params.file else '' }}}}"],
        enabled="{{ params.dataset in ('all', '{step}') }}",
    )
    loads >> check
