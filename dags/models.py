"""
### Models: who will subscribe, who will default

At night, and by hand: trains all candidates for both problems on the tables as they are, lets the best one challenge
the champion on rows that neither has seen, scores all clients with the winner, and compares data and scores with the
champion's training data. A night without new data retrains nothing and writes so into `model_runs`.

**When it fails**
- *one class only, an empty table, a column that tells all, a missing one*: the log of `run` ends with a sentence that
  names the table and the way out. Champion and last predictions stay; mend the load, clear the task.
- *MLflow does not answer*: start it (`make restart S=mlflow`) and clear the task.
- *anything else*: clear the task; steps that are done are skipped. A run killed anywhere leaves the champion in place.

**When a model turns out bad**: `python -m jobs rollback subscription` brings the previous champion back; then trigger
this DAG.

**Warnings**: the log of `run` ends with what drifted above `BANK_DRIFT_WARNING`; it is sent to `BANK_NOTIFY`, and the
report shows it too. The run succeeds: look at the data, retrain, or roll back.

**Who waits for it**: the report.
"""

from datetime import timedelta

from airflow.sdk import DAG
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables

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
    create_tables("models") >> RunStage(stage="models")
