"""
### Ingest: files to checked tables

Takes the bank's files from `BANK_DATA`, lands them untouched in HDFS under `/bank/raw/`, checks each row against its
contract (`hive/ingest/*.toml`) and publishes `clients`, `credit`, `transactions`, `call_notes`, with `rejected_rows`
and `load_runs` beside them. The same files again change nothing, and start nothing downstream.

**When it fails**
- *a file is refused*: the log of `run` ends with the contract's sentence: file, line, what was expected, the way out.
  The old table stays. Mend the file and clear the task.
- *anything else*: clear the task; what is already published is skipped, the rest is done again with the same result.
- *check is red*: the tables do not add up; nothing downstream should be believed. `select * from bank.load_runs`.

**Who waits for it**: explore, mapreduce and through them the report, by assets.
"""

from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.sdk import DAG, Param
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables

from jobs.pipeline import DATASETS

DATA = "/opt/bankstack/data"
FORM = {
    "dataset": Param("all", enum=["all", *DATASETS], description="Load only this data set"),
    "file": Param(None, type=["null", "string"], description="Load this file of BANK_DATA (needs a data set)"),
}

with DAG(
    dag_id="ingest",
    schedule="@daily",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params={**FORM, **PARAMS},
    template_searchpath=str(PROJECT),
    tags=["bankstack", "ingest"],
    doc_md=__doc__,
):
    check = SQLCheckOperator(
        task_id="check",
        doc_md="rows in = rows loaded + rows rejected for every load, asked of HiveServer2.",
        conn_id="hiveserver2_default",
        sql="select count(*) > 0, min(if(rows_in = rows_loaded + rows_rejected, 1, 0)) = 1 from bank.load_runs",
    )
    run = RunStage(
        stage="ingest",
        only="ingest{{ '' if params.dataset == 'all' else '.' ~ params.dataset }}",
        options=(f"--file={{{{ '{DATA}/' ~ params.file if params.file else '' }}}}",),
    )
    create_tables("ingest") >> run >> check
