"""Shared by all DAGs: the tasks of a stage, the assets that connect stages, and notifications.

Steps, tables and their order come from `jobs/pipeline.py`; nothing here repeats them.
"""

import json
import logging
import os
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import apprise
from airflow.providers.apache.hive.operators.hive import HiveOperator
from airflow.providers.apache.spark.hooks.spark_connect import SparkConnectHook
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.sdk import Asset, AssetAlias, AssetAny, BaseOperator, Context, Param, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

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
ALL_SLOTS = 2
"""Slots of the pool `spark`; a task that takes them all runs alone, after the steps that are queued."""

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


def outcome_file(name: str) -> Path:
    """Return the file to which `bankstack` writes what it changed.

    It is one file per step, not per run: if a run fails, the next one still reports what the failed one changed.
    """
    return Path(os.environ.get("BANK_VAR", "/tmp"), "outcomes", f"{name}.json")


class BankstackCommand(BaseOperator):
    """Run a `bankstack` command in Spark's Python, with the resident Spark Connect server as its Spark.

    Only the commands of `jobs/` run, in a process of their own: Airflow's Python has other libraries. If the task is
    killed, its process ends, and the server cancels its Spark jobs seconds later.
    """

    template_fields = ("arguments", "enabled")
    ui_color = "#ffe0b2"

    def __init__(self, *, name: str, arguments: Sequence[str], enabled: str = "True", **kwargs: Any) -> None:
        """Create the task.

        Args:
            name: the step, or another name for the command's outcome file.
            arguments: arguments of the `bankstack` command.
            enabled: a template; the task is skipped unless it gives `True`.
            kwargs: further arguments of the operator.

        """
        super().__init__(pool="spark", **kwargs)
        self.outcome = outcome_file(name)
        self.arguments = [*arguments, "--outcome", str(self.outcome)]
        self.enabled = enabled
        self.hook = SubprocessHook()

    def execute(self, context: Context) -> dict[str, Any]:
        """Run the command and return what it did.

        Returns:
            `rows` read and written by step, and `refused`, the reason for each refused file by file name.

        Raises:
            AirflowSkipException: the run's form doesn't select this task.
            AirflowFailException: the input file was refused; Airflow doesn't retry.
            AirflowException: the command failed.

        """
        if self.enabled != "True":
            raise AirflowSkipException("not selected in the form of this run")
        started = time.time()
        environment = {**os.environ, "SPARK_REMOTE": SparkConnectHook().get_connection_url()}
        result = self.hook.run_command(["bankstack", *self.arguments], env=environment)
        if result.exit_code:
            if refusal := take_refusal(self.outcome):
                raise AirflowFailException(refusal)
            raise AirflowException(f"bankstack {self.arguments[0]} failed: {result.output}")
        return report_outcome(context, self.outcome, started)

    def on_kill(self) -> None:
        """End the command."""
        self.hook.send_sigterm()


class SubmitCommand(SparkSubmitOperator):
    """Submit a `bankstack` command as a Spark application with its own driver, for work that Connect can't do."""

    def __init__(self, *, name: str, arguments: Sequence[str], **kwargs: Any) -> None:
        """Create the task; see `BankstackCommand`."""
        self.outcome = outcome_file(name)
        super().__init__(
            name="bankstack {{ dag.dag_id }}",
            application=str(PROJECT / "jobs/__main__.py"),
            application_args=[*arguments, "--outcome", str(self.outcome)],
            **kwargs,
        )

    def execute(self, context: Context) -> dict[str, Any]:
        """Submit, wait, and return what the command did."""
        started = time.time()
        super().execute(context)
        return report_outcome(context, self.outcome, started)


def report_outcome(context: Context, outcome: Path, started: float) -> dict[str, Any]:
    """Log how long the command took and what it warns of, and return what it did.

    Args:
        context: the running task's.
        outcome: the command's file; it stays, as `changed_tables` reads it.
        started: Unix time at which the task started.

    """
    found = json.loads(outcome.read_text())
    startup = found["ready"] - started
    log.info("%.1f s, of which %.1f s until the Spark session was ready", time.time() - started, startup)
    context["task_instance"].xcom_push("startup_s", startup)
    report_warnings(context, found["warnings"])
    return {"rows": found["rows"], "refused": found["refused"]}


def report_changes(names: Sequence[str], stage: str) -> Any:
    """Return the task that emits an asset event for each table that the commands changed.

    It runs at the end of every run, also of a failed one, and doesn't decide whether the run succeeds. One task for
    all steps, because each batch of events starts the DAGs downstream.

    Args:
        names: the commands' names.
        stage: prefix of the asset alias that stands for the changed tables.

    """
    alias = AssetAlias(f"{stage}-tables")

    def delete_outcomes(_: Context) -> None:
        """Delete the files once Airflow has the events; killed before that, the next run reports them again."""
        for name in names:
            outcome_file(name).unlink(missing_ok=True)

    @task(
        outlets=[alias],
        on_success_callback=delete_outcomes,
        doc_md="Emit an asset event for each changed table, which starts the DAGs downstream.",
    )
    def changed_tables(*, outlet_events: Any) -> list[str]:
        """Emit the events and return the tables."""
        outcomes = [json.loads(path.read_text()) for path in map(outcome_file, names) if path.exists()]
        changed = sorted({table for found in outcomes for tables in found["changed"].values() for table in tables})
        for table in changed:
            outlet_events[alias].add(table_asset(table))
        return changed

    return changed_tables().as_teardown()


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


def run_steps(
    stage: str, before: BaseOperator, options: Sequence[str] = (), enabled: str = "True", **settings: Any
) -> list[BankstackCommand]:
    """Add a task for each step of a stage, in the order of their tables, and then the task `changed_tables`.

    Args:
        stage: the stage.
        before: the task that ends before the first step starts.
        options: further options of `bankstack run`.
        enabled: a template that may contain `{step}`, the step's name without the stage; see `BankstackCommand`.
        settings: further arguments of all steps' tasks.

    Returns:
        The steps' tasks.

    """
    tasks: dict[str, BankstackCommand] = {}
    for step in pipeline.select([stage]):
        name = step.name.split(".")[1]
        tasks[step.name] = BankstackCommand(
            task_id=name,
            name=step.name,
            arguments=["run", step.name, RUN_DATE, FORCE, *options],
            enabled=enabled.replace("{step}", name),
            doc_md=f"Reads {', '.join(step.reads) or 'no table'}; writes {', '.join(step.writes) or 'no table'}.",
            **settings,
        )
        needed = [tasks[other.name] for other in pipeline.upstream(step) if other.name in tasks and other is not step]
        (needed or before) >> tasks[step.name]
    list(tasks.values()) >> report_changes(list(tasks), stage)
    return list(tasks.values())
