"""
### Forecast: daily number and amount of transactions by city, and the mean balance

`backtest` compares five methods (last week repeated, exponential smoothing, theta, gradient boosting, their mean) and
publishes the next days and weeks of the bank and its cities by the method with the smallest error, with prediction
intervals, calendar effects and anomalies. `windows` breaks the bank's forecast down to ten minutes for the stream.
MLflow experiment: `forecast`. Starts when `city_volume` or `intraday_volume` has changed, and every night at 3:15
(UTC); a run without new data changes nothing.

**When it fails**
- *MLflow doesn't respond*: nothing was published and the old forecast stays. Check `make ps`, then clear the task.
- *anything else*: clear the task; finished steps are skipped.

**When it succeeds without a forecast**: the history is too short or too irregular. `select * from
bank.forecast_decisions` gives the reason, and so does the report. This is not a failure.

**Downstream**: report; the stream reads each day's `window_forecast` when its first window closes.
"""

from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable
from common import DEFAULTS, PARAMS, PROJECT, create_tables, input_assets, run_steps

with DAG(
    dag_id="forecast",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("15 3 * * *", timezone="UTC"), assets=input_assets("forecast")
    ),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    template_searchpath=str(PROJECT),
    tags=["bankstack", "forecast"],
    doc_md=__doc__,
):
    run_steps("forecast", before=create_tables("forecast"))
