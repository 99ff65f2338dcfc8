"""The stage at work: nights with and without new data, a rollback, a killed run, and bad tables."""

import mlflow
import pyspark
import pytest
from pyspark.sql import functions as F

from jobs import pipeline
from jobs.cli import main
from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.runner import run_steps
from jobs.models import promote, registry, train, training_run
from jobs.models.explain import in_words
from tests.conftest import RUN_DATE

PARAMETERS = {
    "logistic": {"regParam": 0.01},
    "forest": {"maxDepth": 3, "numTrees": 5},
    "boosting": {"maxDepth": 2, "maxIter": 3},
    "xgboost": {"max_depth": 2, "n_estimators": 10},
}
TWO = {name: PARAMETERS[name] for name in ("logistic", "xgboost")}
STAGE = [f"models.{verb}_default" for verb in ("train", "promote", "score", "drift")]


@pytest.fixture
def settings(settings):
    """Three folds, the fewest."""
    return settings.model_copy(update={"folds": 3})


@pytest.fixture
def quick(monkeypatch):
    """Small candidates; the search for parameters has a test of its own."""
    monkeypatch.setattr(train, "tune", lambda *_: PARAMETERS)


@pytest.fixture
def run(spark, settings, quick):
    """Runs steps, all of the use case default unless named."""
    return lambda steps=STAGE, date=RUN_DATE: run_steps(spark, settings, pipeline.select(steps), date)


def rows(spark, settings, table):
    return tables.read(spark, settings, table).where("use_case = 'default'").collect()


def test_the_nights_of_a_bank(spark, settings, run, credit, load, monkeypatch, caplog):
    load(credit(), "a")
    run()
    client = registry.connect(settings)
    assert int(registry.champion(client, "default").version) == 1
    (first,) = rows(spark, settings, "model_runs")
    assert (first["decision"], first["champion_version"]) == ("first", 1)
    check_tables(spark, settings)
    check_tracking(client, settings)
    # the next night brings nothing new: nothing is retrained, and it says so
    run(date=RUN_DATE.replace(day=30))
    assert [row["version"] for row in rows(spark, settings, "challengers")] == [1]
    night = rows(spark, settings, "model_runs")
    assert {row["decision"] for row in night} == {"first", "unchanged"}
    assert "no new data: nothing was retrained" in next(r["reason"] for r in night if r["decision"] == "unchanged")
    for name, value in {"BANK_VAR": settings.var, "BANK_DATABASE": settings.database}.items():
        monkeypatch.setenv(name, str(value))
    assert main(["rollback", "default"]) == 1
    assert "version 1 is the first champion; there is none to go back to" in caplog.text
    # a bad table and a killed run leave the champion in place
    for bad, message in bad_tables(credit()):
        load(bad, "bb")
        with pytest.raises(BankError, match=message):
            run(STAGE[:1])
    assert int(registry.champion(client, "default").version) == 1
    # new data: both are scored on rows that neither has seen
    monkeypatch.setattr(train, "tune", lambda *_: TWO)
    load(credit(700), "ccc")
    run(date=RUN_DATE.replace(day=29))
    judged = next(row for row in rows(spark, settings, "model_runs") if row["run_date"] == "2026-01-29")
    assert judged["decision"] in ("better", "kept") and 100 < judged["holdout_rows"] <= 240
    # rollback: the version before is champion again, and scores
    registry.promote(client, "default", 2)
    assert main(["rollback", "default"]) == 0
    assert "version 1 is champion again instead of 2" in caplog.text
    run(date=RUN_DATE.replace(day=29))
    assert {row["model_version"] for row in rows(spark, settings, "predictions")} == {1}
    last = next(row for row in rows(spark, settings, "model_runs") if row["run_date"] == "2026-01-29")
    assert (last["decision"], last["champion_version"]) == ("rolled back", 1)


def bad_tables(good):
    yield good.where("false"), "table credit is empty"
    yield good.withColumn("defaulted", F.lit(0)), "0 of 600 rows have defaulted = 1"
    yield good.withColumn("pay_amt6", F.col("defaulted") * 1000), "column pay_amt6 alone tells defaulted"


def check_tables(spark, settings):
    predictions = rows(spark, settings, "predictions")
    assert len(predictions) == 600 and all(0 < row["probability"] < 1 for row in predictions)
    assert all(row["act"] == (row["probability"] >= row["threshold"]) for row in predictions)
    assert all(len(row["reasons"]) == 3 for row in predictions)
    metrics = {(r["candidate"], r["metric"]): r for r in rows(spark, settings, "model_metrics")}
    assert {name for name, _ in metrics} == {"logistic", "forest", "boosting", "xgboost", "average"}
    auc = metrics["xgboost", "roc_auc"]
    assert 0.6 < auc["low"] < auc["value"] < auc["high"] < 0.9, "70 % against 15 % can be told, but not surely"
    falls = {row["column_name"]: row["permutation"] for row in rows(spark, settings, "importances")}
    assert max((name for name in falls if falls[name] is not None), key=falls.get) == "pay_0"
    assert {row["attribute"] for row in rows(spark, settings, "fairness")} == {"age", "sex"}
    assert not [row for row in rows(spark, settings, "drift") if row["warn"] and row["measure"] == "feature"]


def check_tracking(client, settings):
    version = client.get_model_version("default", "1")
    run = client.get_run(version.run_id)
    siblings = client.search_runs(
        run.info.experiment_id, f"tags.mlflow.parentRunId = '{run.data.tags['mlflow.parentRunId']}'"
    )
    assert {found.info.run_name for found in siblings} == {"logistic", "forest", "boosting", "xgboost", "average"}
    assert run.data.tags["data_sha256"] == "a" and run.data.tags["code"] and run.data.params["rows"] == "600"
    assert {"random_cv.roc_auc", "random_cv.roc_auc_low", "random_cv.roc_auc_high"} <= set(run.data.metrics)
    kept = {file.path for file in client.list_artifacts(run.info.run_id)}
    assert {"calibration.html", "profit.html", "importances.html", "shap_values.html", "card.json", "model"} <= kept
    info = mlflow.models.get_model_info(f"models:/default/{version.version}")
    assert "pay_0" in info.signature.inputs.input_names() and info.saved_input_example_info
    needs = mlflow.artifacts.load_text(f"models:/default/{version.version}/requirements.txt").split()
    assert f"pyspark=={pyspark.__version__}" in needs


def test_a_run_that_is_killed_after_registering_leaves_the_champion_and_is_done_again(
    spark, settings, run, job, credit, load, monkeypatch
):
    def kill(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "tune", lambda *_: TWO)
    load(credit().withColumn("marriage", F.lit(1)).withColumn("bill_amt6", F.lit(None)), "a")
    with monkeypatch.context() as killed:
        killed.setattr(training_run, "publish", kill)
        with pytest.raises(KeyboardInterrupt):
            run(STAGE[:1])
    client = registry.connect(settings)
    assert registry.champion(client, "default") is None and not rows(spark, settings, "challengers")
    run(STAGE[:1])
    with monkeypatch.context() as killed:
        killed.setattr(promote, "publish", kill)
        with pytest.raises(KeyboardInterrupt):
            run(STAGE[1:2])
    assert not rows(spark, settings, "model_runs"), "the alias has moved, the row is not there yet"
    run(STAGE[1:2])
    (row,) = rows(spark, settings, "model_runs")
    champion = int(registry.champion(client, "default").version)
    assert (row["decision"], row["champion_version"]) == ("first", champion)
    assert not {"marriage", "bill_amt6"} & set(registry.card(client, "default", champion).features), "they tell nothing"
    # the champion scores a category that it has never seen
    load(credit().withColumn("education", F.lit(6)), "bb")
    run(STAGE[2:3])
    assert len(rows(spark, settings, "predictions")) == 600
    # it goes without a fight once a model may not see what it was trained on
    monkeypatch.setattr(promote, "source_columns", lambda _: ["pay_0", "age"])
    found = promote.judged(job(STAGE[1]), client, "default", champion, champion)
    assert (found["decision"], found["won"]) == ("contract", True) and "pay_amt6" in found["reason"]


def test_reasons_name_the_strongest_features():
    import numpy as np
    import pandas as pd

    values = pd.DataFrame({"job": ["retired", None], "age": [61.0, 30.0], "day": [1.0, 2.0], "month": ["may", "jun"]})
    moved = np.array([[0.5, -1.0, 0.0, 0.1], [0.3, 0.0, 0.1, -0.2]])
    assert in_words(values, moved) == [
        ["age = 61 lowers it", "job = retired raises it", "month = may raises it"],
        ["job = not known raises it", "month = jun lowers it", "day = 2 raises it"],
    ]
