"""
### Stream: is somebody looking after the live transactions

Every five minutes this asks the live store how the streaming queries fare. It fails, and so tells `BANK_NOTIFY`, when a
query has finished no batch for five minutes, when an event takes more than a minute to the live page, when more than
100,000 events wait at the broker, or when more than one event in twenty was refused.

`make stream` switches it on, `make stop-stream` off.

**When it fails**: the log names the query and the figure.
- *no batch*: `make logs S=stream`; after a crash it starts again by itself. `make logs S=producer`: is anything sent?
- *behind*: other jobs take the cores; wait, or `make scale spark-worker=2`. Events wait at the broker for two days.
- *refused*: `select reason, count(*) from bank.dead_letters group by reason`; whoever sends them broke the contract.

**Who waits for it**: nobody.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from common import DEFAULTS

SILENT = timedelta(minutes=5)
SLOW_S = 60.0
WAITING = 100_000
REFUSED = 0.05
RECENT = """
    select query, max(finished_at) as finished_at,
           coalesce(sum(events) filter (where finished_at > :since), 0) as events,
           coalesce(sum(dead_letters) filter (where finished_at > :since), 0) as dead_letters,
           (array_agg(backlog order by batch desc))[1] as backlog,
           (array_agg(latency_p95_s order by batch desc))[1] as latency_p95_s
    from live_progress group by query order by query
"""


def problems(queries: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """A sentence for whatever is wrong; rows are those of RECENT, moments UTC without zone."""
    found = []
    for row in queries:
        name, quiet = row["query"], now - row["finished_at"]
        if quiet > SILENT:
            found.append(f"{name}: no batch for {quiet.total_seconds() / 60:.0f} minutes")
        if (row["latency_p95_s"] or 0) > SLOW_S:
            found.append(f"{name}: behind, an event takes up to {row['latency_p95_s']:.0f} s to the live page")
        if (row["backlog"] or 0) > WAITING:
            found.append(f"{name}: behind, {row['backlog']:,} events wait at the broker")
        if row["events"] and row["dead_letters"] / row["events"] > REFUSED:
            found.append(f"{name}: {row['dead_letters']:,} of {row['events']:,} events were refused in ten minutes")
    return found


with DAG(
    dag_id="stream",
    schedule="*/5 * * * *",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["bankstack", "stream"],
    doc_md=__doc__,
):

    @task(doc_md="Ask the live store; fail with a sentence for whatever is wrong.")
    def check() -> None:
        """Fail if the stream stands still, is behind, or refuses much."""
        import sqlalchemy as sa

        now = datetime.now(UTC).replace(tzinfo=None)
        engine = sa.create_engine(os.environ["BANK_LIVE"])
        if not sa.inspect(engine).has_table("live_progress"):
            raise AirflowSkipException("the stream was never started: make stream")
        with engine.connect() as connection:
            asked = connection.execute(sa.text(RECENT), {"since": now - timedelta(minutes=10)})
            queries = [dict(row) for row in asked.mappings()]
        if said := problems(queries, now):
            raise AirflowFailException("; ".join(said))

    check()
