"""What all DAGs share: the tasks of a room and the assets that connect the rooms, all from jobs/pipeline.py."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.providers.apache.hive.operators.hive import HiveOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset, AssetAlias, AssetAny, Context, Param

from jobs import pipeline

PROJECT = Path(__file__).parents[1]
LAKE = "hdfs://namenode:8020/bank"
log = logging.getLogger(__name__)


def tell_failure(context: Context) -> None:
    """Say which task failed and where its log is; the notifier that is used unless another is set."""
    task = context["task_instance"]
    log.error("FAILED %s.%s, run %s, try %s", task.dag_id, task.task_id, task.run_id, task.try_number)


DEFAULTS: dict[str, Any] = {
    "owner": "data-platform",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": tell_failure,
}
PARAMS = {
    "run_date": Param(None, type=["null", "string"], format="date", description="Run date; empty: the day of the run"),
    "force": Param(False, type="boolean", description="Run steps even if their result is already published"),
}
OPTIONS = (
    *("--run-date", "{{ params.run_date or (dag_run.run_after | ds) }}"),
    "{{ '--force' if params.force else '--no-force' }}",
)


def asset(table: str) -> Asset:
    """The asset of a table."""
    return Asset(name=table, uri=f"hive://hiveserver2:10000/bank/{table}")


def inputs(room: str) -> AssetAny:
    """The tables of other rooms that a room reads: a change of any starts its DAG."""
    steps = pipeline.select([room])
    own = {table for step in steps for table in step.writes}
    read = {table for step in steps for table in step.tables_read} - own
    return AssetAny(*[asset(table) for table in sorted(read)])


def define_tables(room: str) -> HiveOperator:
    """Make the room's Hive tables from hive/<room>/, all in one beeline session; tables that are there stay."""
    files = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "hive" / room).glob("*.hql"))
    return HiveOperator(
        task_id="define_tables",
        doc_md="`CREATE EXTERNAL TABLE IF NOT EXISTS` for each file of `hive/`. Safe to repeat.",
        hql="\n".join(f"{{% include '{name}' %}}" for name in files),
        hive_cli_params=f"--hivevar db=bank --hivevar lake={LAKE}",
        mapred_job_name=f"{room}.define_tables",
    )


class RunRoom(SparkSubmitOperator):
    """Submit the steps of a room in one Spark session, and tell Airflow which tables they changed.

    A submit costs tens of seconds, a step a few: so one submit a room. A retry skips the steps whose result is
    already published for the same inputs.
    """

    def __init__(self, room: str, **kwargs: Any) -> None:  # noqa: ANN401
        """Make the task `run` of a room."""
        self.steps = [step.name for step in pipeline.select([room])]
        self.changed = f"/tmp/changed-{room}-{{{{ dag_run.id }}}}.json"
        super().__init__(
            task_id="run",
            name=f"bankstack.{room}",
            application=str(PROJECT / "jobs/__main__.py"),
            application_args=["run", *self.steps, *OPTIONS, "--changed", self.changed],
            outlets=[AssetAlias(f"{room}-tables")],
            doc_md="Steps, in this order: " + ", ".join(f"`{name}`" for name in self.steps),
            pool="spark",
            **kwargs,
        )
        self.room = room

    def execute(self, context: Context) -> None:
        """Submit, wait, then make an event for each changed table."""
        super().execute(context)
        path = Path(self.application_args[self.application_args.index("--changed") + 1])
        for table in json.loads(path.read_text()):
            log.info("changed: %s", table)
            context["outlet_events"][AssetAlias(f"{self.room}-tables")].add(asset(table))
        path.unlink()
