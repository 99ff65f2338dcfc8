"""Forecast three years of daily volume of 50 cities: .venv/bin/python benchmarks/forecast.py [CITIES].

Prints the seconds of the stage `forecast` (goal: 60 on two cores), without the start of Spark, and its accuracy: each
method's error beside the naive's, and the coverage of the published intervals. The last line is the error of a forecast
that knows everything but the noise.
"""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pandas as pd

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.simulation.datasets.daily_volume import city_volume, make_cities
from jobs.simulation.datasets.volume_plan import VolumePlan, plan_volume
from jobs.simulation.window_counts import intraday_volume

SEED, TRANSACTIONS, GOAL_S = 1, 5_000_000, 60
FIRST, LAST = "2013-11-01", "2016-10-31"
SHOWN = ["series", "method", "mase", "rmsse", "smape", "pinball", "error_to_naive", "coverage_80", "coverage_95"]


def print_planted(plan: VolumePlan, effects: pd.DataFrame, anomalies: pd.DataFrame) -> None:
    """Print how many planted calendar effects lie within their 95 % intervals, and the planted incidents."""
    planted = pd.Series(plan.calendar_factors(), name="planted")
    effects = effects.join(planted, how="inner")
    inside = effects["planted"].between(effects["factor_low"], effects["factor_high"])
    print(f"{inside.sum()} of {len(inside)} planted holidays and pay days lie within their 95 % intervals")
    for name, day in plan.dates.items():
        found = anomalies[(pd.to_datetime(anomalies["first_day"]) - pd.Timestamp(day)).abs() <= pd.Timedelta(days=3)]
        print(f"{name} planted on {day}; flagged:")
        print(found[["city", "kind", "first_day", "change"]].head(3).round(2).to_string(index=False, header=False))


def main() -> None:
    """Publish generated volumes, run the stage, print seconds and accuracy."""
    cities = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    plan = plan_volume(make_cities(cities), FIRST, LAST, SEED)
    volume = city_volume(plan, TRANSACTIONS, SEED)
    daily = TRANSACTIONS * plan.expected().sum(axis=1)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), var=Path(folder, "var"))
        spark = start_session(settings, "benchmark")
        inputs = {"city_volume": volume, "intraday_volume": intraday_volume(plan.days, daily, SEED)}
        for name, rows in inputs.items():
            tables.publish(spark.createDataFrame(rows), settings, name, "aa")
        started = time.monotonic()
        run_steps(spark, settings, pipeline.select(["forecast"]), date.today())
        seconds = time.monotonic() - started
        reached = "reached" if seconds <= GOAL_S else "NOT REACHED"
        print(f"{len(plan.days):,} days, {cities} cities: {seconds:.1f} s (goal {GOAL_S} s, {reached})")
        print(f"the machine's load was {os.getloadavg()[0]:.1f}")
        scores = tables.read(spark, settings, "forecast_scores").toPandas()
        print(scores[SHOWN].round(3).to_string(index=False))
        reconciled = tables.read(spark, settings, "forecast_reconciliation").toPandas()
        print(reconciled.drop(columns="method").round(3).to_string(index=False))
        effects = tables.read(spark, settings, "calendar_effects").where("series = 'transactions'").toPandas()
        anomalies = tables.read(spark, settings, "volume_anomalies").where("series = 'transactions'").toPandas()
        spark.stop()
    print_planted(plan, effects.set_index("effect"), anomalies)
    counted = volume.groupby("transaction_date")["transactions"].sum().to_numpy()
    print(f"sMAPE of the noise around the plan: {(2 * abs(counted - daily) / (counted + daily)).mean():.3f}")


if __name__ == "__main__":
    main()
