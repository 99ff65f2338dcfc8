"""Shared by all DAGs: the tasks of a stage, the assets that connect stages, and notifications.

Steps, tables and their order come from `jobs/pipeline.py`; nothing here repeats them.
"""

import json
import logging
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import apprise
from airflow.providers.apache.hive.operators.hive import HiveOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset, AssetAlias, AssetAny, Context, Param
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from jobs import pipeline

PROJECT = Path(__file__).parents[1]
LAKE = os.environ.get("BANK_LAKE", "hdfs://namenode:8020/bank")
log = logging.getLogger(__name__)


def notify_failure(context: Context) -> None:
    """Log which task failed and send it to `BANK_NOTIFY`; the `on_failure_callback` of every task."""
    task = context["task_instance"]
    text = f"{task.dag_id}.{task.task_id} failed, run {task.run_id}, try {task.try_number}: {context.get('exception')}"
    log.error("FAILED %s", text)
    notify(f"bankstack: {task.dag_id} failed", text)


def notify(title: str, text: str) -> None:
    """Send a message to `BANK_NOTIFY`, an Apprise URL such as `mailto://…`. Does nothing if it isn't set."""
    address = os.environ.get("BANK_NOTIFY")
    if not address:
        return
    if apprise.Apprise(address).notify(title=title, body=text):
        log.info("BANK_NOTIFY: sent")
    else:
        log.error("BANK_NOTIFY: could not be sent")


DEFAULTS: dict[str, Any] = {
    "owner": "data-platform",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "priority_weight": 10,
    "on_failure_callback": notify_failure,
}
PARAMS = {
    "run_date": Param(None, type=["null", "string"], format="date", description="Run date; empty: the day of the run"),
    "force": Param(False, type="boolean", description="Run steps even if their result is already published"),
}
RUN_DATE = "--run-date={{ params.run_date or (dag_run.run_after | ds) }}"
FORCE = "{{ '--force' if params.force else '--no-force' }}"


def table_asset(table: str) -> Asset:
    """Return the asset of a table."""
    return Asset(name=table, uri=f"hive://hiveserver2:10000/bank/{table}")


def input_assets(stage: str, without: str = "") -> AssetAny:
    """Return the tables of other stages that a stage reads; a change to any of them starts its DAG.

    `load_runs` is left out: it changes with every loaded file, while the table that the file was loaded into already
    starts the DAGs that need it.

    Args:
        stage: the stage that reads.
        without: a stage whose tables don't start the DAG either.

    """
    read = {table for step in pipeline.select([stage]) for table in step.tables_read}
    excluded = {table for step in pipeline.STEPS if step.stage in (stage, without) for table in step.writes}
    return AssetAny(*[table_asset(table) for table in sorted(read - excluded - {"load_runs"})])


def create_tables(stage: str) -> HiveOperator:
    """Return the task that creates the stage's Hive tables from `hive/<stage>/`, in one beeline session."""
    files = ["hive/database.hql"]
    files += sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "hive" / stage).glob("*.hql"))
    return HiveOperator(
        task_id="create_tables",
        doc_md="Run `CREATE EXTERNAL TABLE IF NOT EXISTS` for each file in `hive/`. Safe to repeat.",
        hql="\n".join(f"{{% include '{name}' %}}" for name in files),
        hive_cli_params=f"--hivevar db=bank --hivevar lake={LAKE}",
        mapred_job_name=f"{stage}.create_tables",
    )


class SubmitJobs(SparkSubmitOperator):
    """Submit a `bankstack` command in one Spark session and report the tables it changed to Airflow.

    A submit takes tens of seconds and a step only a few, so there is one submit per stage. A retry skips steps whose
    results are already published for the same inputs.
    """

    def __init__(self, *, task_id: str, arguments: list[str], changes: str, **kwargs: Any) -> None:
        """Create the task.

        Args:
            task_id: the task's name.
            arguments: arguments of the `bankstack` command.
            changes: prefix of the asset alias that stands for the changed tables.
            kwargs: further arguments of `SparkSubmitOperator`.

        """
        self.changes = f"{changes}-tables"
        # One file per DAG, not per run: if a run fails, the next one still reports what the failed one changed.
        outcome = f"{os.environ.get('BANK_VAR', '/tmp')}/outcomes/{{{{ dag.dag_id }}}}.json"
        super().__init__(
            task_id=task_id,
            name="bankstack {{ dag.dag_id }}",
            application=str(PROJECT / "jobs/__main__.py"),
            application_args=[*arguments, "--outcome", outcome],
            outlets=[AssetAlias(self.changes)],
            pool="spark",
            **kwargs,
        )

    def execute(self, context: Context) -> dict[str, str]:
        """Submit, wait, and emit an asset event for each changed table.

        Returns:
            The reason for each refused file, by file name.

        Raises:
            AirflowFailException: the input file was refused; Airflow doesn't retry.

        """
        started = time.time()
        path = Path(self.application_args[-1])
        try:
            super().execute(context)
        except AirflowException:
            if refusal := take_refusal(path):
                raise AirflowFailException(refusal) from None
            raise
        outcome = json.loads(path.read_text())
        self.report_duration(context, time.time() - started, outcome["ready"] - started)
        self.report_changes(context, outcome["changed"])
        report_warnings(context, outcome["warnings"])
        path.unlink()
        return outcome.get("refused", {})

    def report_duration(self, context: Context, seconds: float, startup: float) -> None:
        """Log how long the job took, and how long of that Spark needed to start."""
        log.info("%.0f s, of which %.0f s until the Spark session was ready", seconds, startup)
        context["task_instance"].xcom_push("startup_s", startup)

    def report_changes(self, context: Context, changed: dict[str, list[str]]) -> None:
        """Emit one asset event per table; `changed` has the tables of each step."""
        for table in sorted({table for tables in changed.values() for table in tables}):
            log.info("changed: %s", table)
            context["outlet_events"][AssetAlias(self.changes)].add(table_asset(table))


def take_refusal(outcome: Path) -> str:
    """Remove the reason for a refused file from an outcome file and return it; empty if no file was refused."""
    known = json.loads(outcome.read_text()) if outcome.exists() else {}
    refusal = str(known.pop("refusal", ""))
    if refusal:
        outcome.write_text(json.dumps(known))
    return refusal


def report_warnings(context: Context, warnings: dict[str, list[str]]) -> None:
    """Log the warnings of all steps and send them to `BANK_NOTIFY`."""
    sentences = [sentence for step in warnings.values() for sentence in step]
    if sentences:
        log.warning("WARNING %s", "; ".join(sentences))
        notify(f"bankstack: {context['dag'].dag_id} warns", "\n".join(sentences))


class RunStage(SubmitJobs):
    """Run the steps of a stage, or only those that the template `only` names."""

    def __init__(self, *, stage: str, only: str = "", options: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Create the task `run` of a stage."""
        self.steps = [step.name for step in pipeline.select([stage])]
        super().__init__(
            task_id="run",
            arguments=["run", only or stage, RUN_DATE, FORCE, *options],
            changes=stage,
            doc_md="Runs these steps in order: " + ", ".join(f"`{name}`" for name in self.steps),
            **kwargs,
        )


class LoadInbox(SubmitJobs):
    """Load the files of the landing folder."""

    def __init__(self, **kwargs: Any) -> None:
        """Create the task `load` of the inbox."""
        super().__init__(
            task_id="load",
            arguments=["inbox", RUN_DATE],
            changes="inbox",
            doc_md="Load each file in the inbox, then move it to `done/` or `refused/`.",
            **kwargs,
        )
