"""
### Inbox: a file dropped into `data/inbox/` is loaded without a click

Waits for a CSV file (in the triggerer: no worker slot is held), checks and loads it as `ingest` does, and moves it to
`data/done/`, or to `data/refused/` with the reason beside it. Tables that changed start what depends on them.

**When it fails**
- *tell_refused is red*: a file was refused; its sentence is in the log and in `data/refused/`. The old table stays.
  Mend the file and drop it again: there is nothing to clear.
- *load is red*: the file is still in the inbox, and the next run takes it again.
"""

from datetime import datetime, timedelta

from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException
from common import DEFAULTS, PARAMS, TakeInbox

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
    def tell_refused(refused: dict[str, str]) -> None:
        """Turn red, so that somebody is told."""
        if refused:
            raise AirflowFailException("\n".join(refused.values()))

    load = TakeInbox()
    wait >> load
    tell_refused(load.output)
