"""What all DAGs share: the tasks of a stage and the assets that connect the stages, all from jobs/pipeline.py."""

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


def tell_failure(context: Context) -> None:
    """Say which task failed: in the log, and to whom BANK_NOTIFY names, an address of Apprise (as mailto://…)."""
    task = context["task_instance"]
    text = f"{task.dag_id}.{task.task_id} failed, run {task.run_id}, try {task.try_number}: {context.get('exception')}"
    log.error("FAILED %s", text)
    tell(f"bankstack: {task.dag_id} failed", text)


def tell(title: str, text: str) -> None:
    """Send a message to whom BANK_NOTIFY names, if it names anybody."""
    if address := os.environ.get("BANK_NOTIFY"):
        told = apprise.Apprise(address).notify(title=title, body=text)
        log.log(logging.INFO if told else logging.ERROR, "BANK_NOTIFY: %s", "told" if told else "could not be reached")


DEFAULTS: dict[str, Any] = {
    "owner": "data-platform",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(minutes=30),
    "priority_weight": 10,
    "on_failure_callback": tell_failure,
}
PARAMS = {
    "run_date": Param(None, type=["null", "string"], format="date", description="Run date; empty: the day of the run"),
    "force": Param(False, type="boolean", description="Run steps even if their result is already published"),
}
RUN_DATE = "--run-date={{ params.run_date or (dag_run.run_after | ds) }}"
FORCE = "{{ '--force' if params.force else '--no-force' }}"


def asset(table: str) -> Asset:
    """The asset of a table."""
    return Asset(name=table, uri=f"hive://hiveserver2:10000/bank/{table}")


def inputs(stage: str, without: str = "") -> AssetAny:
    """The tables of other stages (but for one) that a stage reads: a change of any starts its DAG.

    Not load_runs, which changes with every file: the table that the file went to says whose DAG is to start.
    """
    steps = pipeline.select([stage])
    read = {table for step in steps for table in step.tables_read}
    read -= {
        "load_runs",
        *(table for step in pipeline.STEPS if step.stage in (stage, without) for table in step.writes),
    }
    return AssetAny(*[asset(table) for table in sorted(read)])


def create_tables(stage: str) -> HiveOperator:
    """Make the stage's Hive tables from hive/<stage>/, all in one beeline session; tables that are there stay."""
    files = ["hive/database.hql"]
    files += sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "hive" / stage).glob("*.hql"))
    return HiveOperator(
        task_id="create_tables",
        doc_md="`CREATE EXTERNAL TABLE IF NOT EXISTS` for each file of `hive/`. Safe to repeat.",
        hql="\n".join(f"{{% include '{name}' %}}" for name in files),
        hive_cli_params=f"--hivevar db=bank --hivevar lake={LAKE}",
        mapred_job_name=f"{stage}.create_tables",
    )


class SubmitJobs(SparkSubmitOperator):
    """Submit `python -m jobs …` in one Spark session, and tell Airflow which tables it changed.

    A submit costs tens of seconds, a step a few: so one submit a stage. A retry skips the steps whose result is
    already published for the same inputs. Returns what the command says of files that it refused, by name.
    """

    def __init__(self, *, task_id: str, arguments: list[str], **kwargs: Any) -> None:  # noqa: ANN401
        """Make the task; `arguments` are those of the command line."""
        self.changes = f"{kwargs.pop('changes')}-tables"
        # Of the DAG, not of the run: what a failed run changed, the next one tells.
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
        """Submit, wait, then make an event for each changed table. A refused file is not tried again."""
        started = time.time()
        path = Path(self.application_args[-1])
        try:
            super().execute(context)
        except AirflowException:
            known = json.loads(path.read_text()) if path.exists() else {}
            if refusal := known.pop("refusal", ""):
                path.write_text(json.dumps(known))
                raise AirflowFailException(refusal) from None
            raise
        outcome = json.loads(path.read_text())
        seconds, startup = time.time() - started, outcome["ready"] - started
        log.info("%.0f s, of them %.0f s until Spark's session was there", seconds, startup)
        context["task_instance"].xcom_push("startup_s", startup)
        for table in sorted({table for tables in outcome["changed"].values() for table in tables}):
            log.info("changed: %s", table)
            context["outlet_events"][AssetAlias(self.changes)].add(asset(table))
        if warnings := [sentence for said in outcome["warnings"].values() for sentence in said]:
            log.warning("WARNING %s", "; ".join(warnings))
            tell(f"bankstack: {context['dag'].dag_id} warns", "\n".join(warnings))
        path.unlink()
        return outcome.get("refused", {})


class RunStage(SubmitJobs):
    """Run the steps of a stage, or those that `only` (a template) names."""

    def __init__(self, *, stage: str, only: str = "", options: tuple[str, ...] = (), **kwargs: Any) -> None:  # noqa: ANN401
        """Make the task `run` of a stage."""
        self.steps = [step.name for step in pipeline.select([stage])]
        super().__init__(
            task_id="run",
            arguments=["run", only or stage, RUN_DATE, FORCE, *options],
            changes=stage,
            doc_md="Steps, in this order: " + ", ".join(f"`{name}`" for name in self.steps),
            **kwargs,
        )


class TakeInbox(SubmitJobs):
    """Load the files of the landing folder."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        """Make the task `load` of the inbox."""
        super().__init__(
            task_id="load",
            arguments=["inbox", RUN_DATE],
            changes="inbox",
            doc_md="Load each file of the inbox; move it to `done/` or `refused/`.",
            **kwargs,
        )
