"""The whole stage: runs with and without new data, a rollback, killed runs, and unusable tables."""

import mlflow
import numpy as np
import pandas as pd
import pyspark
import pytest
from pyspark.sql import functions as F

from jobs import pipeline
from jobs.cli import main
from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.runner import run_steps
from jobs.core.tracking import tracked_run
from jobs.models import model_registry, promote, train, training_run
from jobs.models.explanations import strongest_reasons
from tests.conftest import RUN_DATE

PARAMETERS = {
    "logistic": {"regParam": 0.01},
    "forest": {"maxDepth": 3, "numTrees": 5},
    "boosting": {"maxDepth": 2, "maxIter": 3},
    "xgboost": {"max_depth": 2, "n_estimators": 10},
}
TWO_CANDIDATES = {name: PARAMETERS[name] for name in ("logistic", "xgboost")}
TRAIN, PROMOTE, SCORE, DRIFT = STAGE = [f"models.{verb}_default" for verb in ("train", "promote", "score", "drift")]


@pytest.fixture
def settings(settings):
    """Three folds, the fewest."""
    return settings.model_copy(update={"folds": 3})


@pytest.fixture
def quick(monkeypatch):
    """Small candidates; the parameter search has its own test."""
    monkeypatch.setattr(train, "tune", lambda *_: PARAMETERS)


@pytest.fixture
def run(spark, settings, quick):
    """Runs steps of the use case default, all of them unless named."""

    def run_stage(steps=STAGE, date=RUN_DATE):
        run_steps(spark, settings, pipeline.select(steps), date)

    return run_stage


@pytest.fixture
def rows(spark, settings):
    """Reads a table's rows of the use case default."""
    return lambda table: tables.read(spark, settings, table).where("use_case = 'default'").collect()


@pytest.fixture
def client(settings):
    return model_registry.connect(settings)


def champion_version(client):
    champion = model_registry.champion(client, "default")
    return int(champion.version) if champion else None


def model_run(rows, day):
    (row,) = [row for row in rows("model_runs") if row["run_date"] == f"2026-01-{day}"]
    return row


def test_a_champion_is_trained_kept_challenged_and_rolled_back(
    settings, run, rows, client, credit, load, monkeypatch, caplog
):
    monkeypatch.setenv("BANK_VAR", str(settings.var))
    monkeypatch.setenv("BANK_DATABASE", settings.database)

    # the first challenger becomes champion
    load(credit(), "a")
    run()
    assert champion_version(client) == 1
    first = model_run(rows, 31)
    assert (first["decision"], first["champion_version"]) == ("first", 1)
    check_predictions(rows)
    check_evaluation(rows)
    check_tracking(client)

    # a run without new data retrains nothing and says so
    run(date=RUN_DATE.replace(day=30))
    assert [row["version"] for row in rows("challengers")] == [1]
    unchanged = model_run(rows, 30)
    assert unchanged["decision"] == "unchanged" and "no new data: nothing was retrained" in unchanged["reason"]

    # the first champion can't be rolled back
    assert main(["rollback", "default"]) == 1
    assert "version 1 is the first champion; there is none to go back to" in caplog.text

    # after new data, both are scored on rows that neither has seen
    monkeypatch.setattr(train, "tune", lambda *_: TWO_CANDIDATES)
    load(credit(700), "ccc")
    run(date=RUN_DATE.replace(day=29))
    compared = model_run(rows, 29)
    assert compared["decision"] in ("better", "kept") and 100 < compared["holdout_rows"] <= 240

    # a rollback makes the version before champion again, and it scores
    model_registry.promote(client, "default", 2)
    assert main(["rollback", "default"]) == 0
    assert "version 1 replaces version 2 as champion" in caplog.text
    run(date=RUN_DATE.replace(day=29))
    assert {row["model_version"] for row in rows("predictions")} == {1}
    rolled_back = model_run(rows, 29)
    assert (rolled_back["decision"], rolled_back["champion_version"]) == ("rolled back", 1)


def check_predictions(rows):
    predictions = rows("predictions")
    assert len(predictions) == 600 and all(0 < row["probability"] < 1 for row in predictions)
    assert all(row["act"] == (row["probability"] >= row["threshold"]) for row in predictions)
    assert all(len(row["reasons"]) == 3 for row in predictions)


def check_evaluation(rows):
    metrics = {(row["candidate"], row["metric"]): row for row in rows("model_metrics")}
    assert {name for name, _ in metrics} == {"logistic", "forest", "boosting", "xgboost", "average"}
    auc = metrics["xgboost", "roc_auc"]
    assert 0.6 < auc["low"] < auc["value"] < auc["high"] < 0.9, "70 % against 15 % is predictable, but not certain"
    losses = {row["column_name"]: row["permutation"] for row in rows("importances")}
    assert max((name for name in losses if losses[name] is not None), key=losses.get) == "pay_0"
    assert {row["attribute"] for row in rows("fairness")} == {"age", "sex"}
    assert not [row for row in rows("drift") if row["warn"] and row["measure"] == "feature"]


def check_tracking(client):
    version = client.get_model_version("default", "1")
    run = client.get_run(version.run_id)
    siblings = client.search_runs(
        run.info.experiment_id, f"tags.mlflow.parentRunId = '{run.data.tags['mlflow.parentRunId']}'"
    )
    assert {found.info.run_name for found in siblings} == {"logistic", "forest", "boosting", "xgboost", "average"}
    assert run.data.tags["data_sha256"] == "a" and run.data.tags["code"] and run.data.params["rows"] == "600"
    assert {"random_cv.roc_auc", "random_cv.roc_auc_low", "random_cv.roc_auc_high"} <= set(run.data.metrics)
    artifacts = {file.path for file in client.list_artifacts(run.info.run_id)}
    plots = {"calibration.html", "profit.html", "importances.html", "shap_values.html"}
    assert {*plots, "scoring_config.json", "model"} <= artifacts
    info = mlflow.models.get_model_info(f"models:/default/{version.version}")
    assert "pay_0" in info.signature.inputs.input_names() and info.saved_input_example_info
    needs = mlflow.artifacts.load_text(f"models:/default/{version.version}/requirements.txt").split()
    assert f"pyspark=={pyspark.__version__}" in needs


def test_a_table_that_cannot_be_trained_on_leaves_the_champion_in_place(settings, run, client, credit, load):
    with tracked_run(model_registry.experiment(settings), "earlier run") as earlier:
        champion = model_registry.register(client, earlier.id, "default")
    model_registry.promote(client, "default", champion)
    good = credit()
    unusable = {
        "table credit is empty": good.where("false"),
        "0 of 600 rows have defaulted = 1": good.withColumn("defaulted", F.lit(0)),
        "column pay_amt6 alone predicts defaulted": good.withColumn("pay_amt6", F.col("defaulted") * 1000),
    }

    for message, table in unusable.items():
        load(table, "bb")
        with pytest.raises(BankError, match=message):
            run([TRAIN])

    assert champion_version(client) == 1


def test_a_killed_run_leaves_the_champion_in_place_and_is_completed_by_the_next(
    run, rows, client, job, credit, load, monkeypatch
):
    def kill(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "tune", lambda *_: TWO_CANDIDATES)
    load(credit().withColumn("marriage", F.lit(1)).withColumn("bill_amt6", F.lit(None)), "a")

    # training is killed after it registered a version
    with monkeypatch.context() as killed:
        killed.setattr(training_run, "publish", kill)
        with pytest.raises(KeyboardInterrupt):
            run([TRAIN])
    assert champion_version(client) is None and not rows("challengers")
    run([TRAIN])

    # promotion is killed after it moved the alias
    with monkeypatch.context() as killed:
        killed.setattr(promote, "publish", kill)
        with pytest.raises(KeyboardInterrupt):
            run([PROMOTE])
    assert not rows("model_runs"), "the alias has moved, but there is no row yet"
    run([PROMOTE])
    (row,) = rows("model_runs")
    champion = champion_version(client)
    assert (row["decision"], row["champion_version"]) == ("first", champion)
    features = model_registry.load_scoring_config(client, "default", champion).features
    assert not {"marriage", "bill_amt6"} & set(features), "they are uninformative"

    # the champion scores a category that it has never seen
    load(credit().withColumn("education", F.lit(6)), "bb")
    run([SCORE])
    assert len(rows("predictions")) == 600

    # it's replaced without a comparison once the allowed columns change
    monkeypatch.setattr(promote, "source_columns", lambda _: ["pay_0", "age"])
    verdict = promote.make_verdict(job(PROMOTE), client, "default", champion, champion)
    assert (verdict["decision"], verdict["won"]) == ("contract", True) and "pay_amt6" in verdict["reason"]


def test_reasons_name_the_strongest_features():
    values = pd.DataFrame({"job": ["retired", None], "age": [61.0, 30.0], "day": [1.0, 2.0], "month": ["may", "jun"]})
    contributions = np.array([[0.5, -1.0, 0.0, 0.1], [0.3, 0.0, 0.1, -0.2]])
    assert strongest_reasons(values, contributions) == [
        ["age = 61 lowers it", "job = retired raises it", "month = may raises it"],
        ["job = not known raises it", "month = jun lowers it", "day = 2 raises it"],
    ]
