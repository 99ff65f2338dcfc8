"""
### Forecast: transactions and money of the coming days

Tests three ways to forecast (last week repeated, exponential smoothing, gradient boosting) on the days that are past,
and publishes the coming days by the one that came nearest, with intervals. Tracked in MLflow's experiment `forecast`.
Starts when `daily_volume` changed, and at night; a night without new data changes nothing.

**When it fails**
- *MLflow does not answer*: nothing was published, the old forecast stays. `make ps`, then clear the task.
- *anything else*: clear the task; steps that are done are skipped.

**When it succeeds and there is no forecast**: the data are too short or too irregular; `select * from
bank.forecast_decisions` says so in a sentence, and so does the report. That is not a failure.

**Who waits for it**: the report.
"""

from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable
from common import DEFAULTS, PARAMS, PROJECT, RunStage, create_tables, inputs

with DAG(
    dag_id="forecast",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("15 3 * * *", timezone="UTC"), assets=inputs("forecast")
    ),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "forecast"],
    doc_md=__doc__,
):
    create_tables("forecast") >> RunStage(stage="forecast")
