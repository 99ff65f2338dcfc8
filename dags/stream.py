"""
### Stream: check the health of the live transactions

Runs every five minutes and reads the serving database. It fails, and so notifies `BANK_NOTIFY`, when for five minutes
a streaming query has made no progress or the stream has been behind, or when more than 5% of the events of the last ten
minutes were refused or came too late to be counted. A quiet bank is fine: a stream that polls its source and finds no
events is idle, not down. The live page uses the same thresholds (`jobs/serving/health.py`).

`make stream` enables this DAG, `make stop-stream` disables it.

**When it fails**, the log names the query and the numbers.
- *No progress*: `make logs S=stream`. After a crash the stream restarts by itself.
- *Behind*: other jobs are using the cores. Wait, or run `make scale spark-worker=2`. The broker keeps events for two
  days.
- *Too late*: the senders' clocks are slow, or their network was down. The live page shows each query's watermark.
- *Refused*: `select reason, count(*) from bank.dead_letters group by reason`. The sender breaks the event contract.

**Downstream**: nothing.
"""

import os
from datetime import UTC, datetime

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from common import DEFAULTS

with DAG(
    dag_id="stream",
    schedule="*/5 * * * *",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["bankstack", "stream"],
    doc_md=__doc__,
):

    @task(doc_md="Read the serving database; fail with one sentence per problem.")
    def check_health() -> None:
        """Fail if the stream is down, is behind for too long, or loses too many events."""
        from jobs.serving import health, reader

        found = reader.ask(reader.connect_read_only(os.environ["BANK_LIVE"]), reader.stream_activity)
        if isinstance(found, health.NoAnswer):
            message = f"{health.no_answer(found).headline} {found.text}"
            raise AirflowSkipException(message) if found.kind == "never" else AirflowException(message)
        if incidents := health.incidents(*found, datetime.now(UTC).replace(tzinfo=None)):
            raise AirflowFailException(" ".join(incidents))

    check_health()
