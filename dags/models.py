"""
### Models: subscription propensity and credit default

Every night at 3:30 (UTC), and by hand: trains all candidates for both use cases on the current tables, compares the
best one with the champion on rows that neither was trained on, scores all clients with the winner, and measures drift
of data and scores against the champion's training data. A run without new data trains nothing and records that in
`model_runs`.

**When it fails**
- *only one class, an empty table, a missing column, or a column that gives the outcome away*: the log of `run` ends
  with the table and how to fix it. The champion and the last predictions stay. Fix the load, then clear the task.
- *MLflow doesn't respond*: start it (`make restart S=mlflow`) and clear the task.
- *anything else*: clear the task; finished steps are skipped. Killing a run at any point leaves the champion in place.

**When a model turns out to be bad**: `bankstack rollback subscription` (in `make sh`) makes the previous champion
champion again. Then trigger this DAG to score with it.

**Warnings**: if drift exceeds `BANK_DRIFT_WARNING`, the log of `run` ends with the columns concerned. They are also
sent to `BANK_NOTIFY` and shown in the report. The run still succeeds: check the data, retrain, or roll back.

**Downstream**: report.
"""

from datetime import timedelta

from airflow.sdk import DAG
from common import DEFAULTS, FORCE, PARAMS, PROJECT, RUN_DATE, SubmitCommand, create_tables, report_changes

from jobs.pipeline import select

with DAG(
    dag_id="models",
    schedule="30 3 * * *",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"execution_timeout": timedelta(hours=3)},
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "models"],
    doc_md=__doc__,
):
    run = SubmitCommand(
        task_id="run",
        name="models",
        arguments=["run", "models", RUN_DATE, FORCE],
        pool="training",
        doc_md="Run these steps: " + ", ".join(f"`{step.name}`" for step in select(["models"])),
    )
    create_tables("models") >> run >> report_changes(["models"], "models")
