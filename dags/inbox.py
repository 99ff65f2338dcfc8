"""
### Inbox: load files dropped into `data/inbox/`

Waits for a CSV file (in the triggerer, so it holds no worker slot), checks and loads it as `ingest` does, and moves it
to `data/done/`, or to `data/refused/` with the reason in a text file beside it. Changed tables start their downstream
DAGs.

**When it fails**
- *`report_refused` is red*: a file was refused. The reason is in the log and in `data/refused/`; the old table stays.
  Fix the file and drop it again. You don't need to clear anything.
- *`load` is red*: the file is still in the inbox, and the next run picks it up again.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException
from common import DEFAULTS, PARAMS, RUN_DATE, BankstackCommand, report_changes

with DAG(
    dag_id="inbox",
    schedule="@continuous",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["bankstack", "ingest"],
    doc_md=__doc__,
):
    wait = FileSensor(
        task_id="wait",
        doc_md="Wait for a `.csv` or `.csv.gz` in the inbox.",
        filepath="inbox/*.cs*[vz]",
        fs_conn_id="bank_data",
        poke_interval=10,
        deferrable=True,
        timeout=timedelta(days=7).total_seconds(),
        execution_timeout=timedelta(days=7),
        soft_fail=True,
    )

    @task(doc_md="Fail with the reasons if files were refused.")
    def report_refused(refused: dict[str, str]) -> None:
        """Fail, so that the on-call person is notified."""
        if refused:
            raise AirflowFailException("\n".join(refused.values()))

    load = BankstackCommand(
        task_id="load",
        name="inbox",
        arguments=["inbox", RUN_DATE],
        doc_md="Load each file in the inbox, then move it to `done/` or `refused/`.",
    )
    wait >> load >> report_changes(["inbox"], "inbox")
    report_refused(load.output["refused"])
