"""The whole stage: from city_volume to its tables and MLflow."""

from decimal import Decimal

import mlflow
import pytest

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from tests.forecast.daily_volume_rows import volume, weekly

STEPS = pipeline.select(["forecast"])
DAY = "transaction_date DATE, city STRING, transactions DOUBLE, amount DOUBLE, balances DOUBLE, balance_sum DOUBLE"
SLOTS = "weekday INT, slot INT, transactions LONG"


@pytest.fixture
def run(spark, settings, job):
    """Publishes days and runs the stage; returns a function that reads a table."""

    def make(days):
        rows = list(days.itertuples(index=False, name=None))
        fingerprint = f"{abs(hash(tuple(rows))):x}"[:12]
        tables.publish(spark.createDataFrame(rows, DAY), settings, "city_volume", fingerprint)
        slots = spark.createDataFrame([(day, 60, 100) for day in range(1, 8)], SLOTS)
        tables.publish(slots, settings, "intraday_volume", "aa")
        run_steps(spark, settings, STEPS, job("forecast.windows").run_date)
        return lambda name: tables.read(spark, settings, name).collect()

    return make


@pytest.fixture
def rows(run):
    """Reads the tables of a history with a weekly pattern."""
    return run(volume(weekly(140, noise=0.05).round()))


def check_the_forecast(rows):
    ahead = [row for row in rows("volume_forecast") if row["series"] == "transactions"]
    assert [row["horizon"] for row in ahead] == [*range(1, 8)]
    assert str(ahead[0]["transaction_date"]) == "2016-06-20" and isinstance(ahead[0]["forecast"], Decimal)
    bounds = [[row[name] for name in ("low_95", "low_80", "forecast", "high_80", "high_95")] for row in ahead]
    assert all(row == sorted(row) and row[0] > 0 for row in bounds)
    assert float(ahead[6]["forecast"]) == pytest.approx(50, rel=0.15), "the quiet Sunday"


def check_the_published_method(rows):
    decided = {row["series"]: row["method"] for row in rows("forecast_decisions") if row["method"]}
    published = {row["series"]: row["method"] for row in rows("forecast_scores") if row["published"]}
    assert published == decided
    used = {row["method"] for row in rows("volume_forecast") if row["series"] == "transactions"}
    assert used == {published["transactions"]}


def check_the_mlflow_runs(rows, settings):
    client = mlflow.MlflowClient(settings.mlflow_url)
    runs = client.search_runs([client.get_experiment_by_name("forecast").experiment_id])
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    assert len(runs) == 16 and len(parents) == 1 and {run.info.status for run in runs} == {"FINISHED"}
    children = [run.data for run in runs if run.data.tags.get("mlflow.parentRunId") == parents[0].info.run_id]
    mase = {(data.params["series"], data.params["method"]): data.metrics["mase"] for data in children}
    assert mase == {(row["series"], row["method"]): row["mase"] for row in rows("forecast_scores")}


def check_the_windows(rows):
    """All transactions of a day happen around ten o'clock."""
    means = {
        row["transaction_date"]: float(row["mean"])
        for row in rows("volume_forecast")
        if row["series"] == "transactions"
    }
    windows = rows("window_forecast")
    assert len(windows) == 7 * 144 and {row["transaction_date"] for row in windows} == set(means)
    for day, mean in means.items():
        expected = {row["slot"]: row["expected"] for row in windows if row["transaction_date"] == day}
        assert sum(expected.values()) == pytest.approx(mean, rel=1e-3)
        assert expected[60] == pytest.approx(mean * (0.98 / 7 + 0.02 / 144), rel=1e-3)
        assert expected[70] == pytest.approx(mean * 0.02 / 144, rel=1e-3)


def test_a_weekly_pattern_is_forecast_backtested_and_tracked(settings, rows):
    check_the_forecast(rows)
    check_the_published_method(rows)
    assert len(rows("forecast_backtest")) == 3 * 5 * 12 * 7, "series, methods, tests, days"
    check_the_mlflow_runs(rows, settings)
    check_the_windows(rows)


def test_a_history_without_days_replaces_the_old_forecast_by_a_reason(run):
    assert len(run(volume(weekly(112)))("volume_forecast")) == 21

    rows = run(volume([]))

    assert [len(rows(name)) for name in ("volume_forecast", "forecast_backtest", "window_forecast")] == [0, 0, 0]
    decided = [(row["series"], row["method"], row["horizon"], row["first_day"]) for row in rows("forecast_decisions")]
    assert decided == [(name, None, 0, None) for name in ("transactions", "amount", "balance", "defaults")]
    reasons = {row["series"]: row["reason"] for row in rows("forecast_decisions")}
    assert reasons["transactions"] == "There are no transactions, so nothing is forecast."
    assert reasons["defaults"].startswith("Loan defaults aren't forecast: the credit file has one outcome per client")
