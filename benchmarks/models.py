"""Trains both use cases on BANK_DATA and compares each metric with its goal: make bench-models (about 10 minutes).

Metrics come from five folds, scored by models that hadn't seen the client, with 95 % bootstrap intervals. The last one
is the textbook exercise: a random forest with `duration`, trained on 80 % of bank.csv and tested on 20 %.
"""

import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import mlflow
from measure import measure
from pyspark.sql import functions as F

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.models.candidates import Trial
from jobs.models.classification_metrics import with_intervals
from jobs.models.cross_validation import split
from jobs.models.training_data import training_rows
from jobs.models.use_cases import USE_CASES, allowed_features

GOALS = (  # use case, evaluation, metric, lowest value
    ("subscription", "random_cv", "roc_auc", 0.806),
    ("subscription", "random_cv", "pr_auc", 0.455),
    ("subscription", "with_leaking_columns", "roc_auc", 0.940),
    ("subscription", "time_ordered", "roc_auc", 0.685),
    ("default", "random_cv", "roc_auc", 0.787),
    ("default", "random_cv", "pr_auc", 0.563),
    ("default", "random_cv", "ks", 0.44),
)
FOREST = {"numTrees": 100, "maxDepth": 12}


def textbook(data: Path, var: Path) -> tuple[float, float, float]:
    """Return the ROC-AUC of a random forest with `duration` on a fifth of bank.csv, and its interval."""
    (var / "data").mkdir(parents=True)
    (var / "data/bank.csv").symlink_to(data / "bank.csv")
    os.environ["BANK_VAR"] = str(var)
    settings, use_case = Settings(data=var / "data", var=var), USE_CASES["subscription"]
    spark = start_session(settings, "bank.csv")
    run_steps(spark, settings, pipeline.select(["ingest.clients"]), date.today())
    session = spark.newSession()  # see train.in_own_session
    rows = training_rows(tables.read(session, settings, "clients"), use_case, settings)
    trial = Trial(allowed_features(use_case, afterwards=True), {"forest": FOREST}, settings.seed)
    scores, _ = split(rows.cache(), F.col("fold") == 0, trial, "textbook")
    spark.stop()
    return with_intervals(scores["label"].to_numpy(), scores["forest"].to_numpy(), 0.5, settings.seed)["roc_auc"]


def print_metric(name: str, value: float, interval: list[float], goal: float) -> None:
    """Print one metric beside its goal."""
    reached = "reached" if value >= goal else "NOT REACHED"
    print(f"{name:<52} {value:.4f} ({interval[0]:.4f} to {interval[1]:.4f})  goal {goal:.3f}  {reached}", flush=True)


def xgboost_seconds(store: str) -> dict[str, float]:
    """Return the duration of XGBoost's fits in seconds by use case, from the runs in MLflow."""
    client = mlflow.MlflowClient(store)
    (experiment,) = client.search_experiments(filter_string="name = 'models'")
    runs = client.search_runs([experiment.experiment_id], "tags.mlflow.runName = 'xgboost'")
    return {run.data.tags["use_case"]: run.data.metrics["fit_seconds"] for run in runs}


def main() -> None:
    """Train, read results.json and compare."""
    data = Settings().data.resolve()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"BANK_DATA": str(data), "BANK_VAR": f"{folder}/var"}
        measure([sys.executable, "-m", "jobs", "run", "ingest", "explore"], **environment)
        seconds, memory = measure([sys.executable, "-m", "jobs", "run", "models"], **environment)
        measure([sys.executable, "-m", "jobs", "run", "report"], **environment)
        models = json.loads(Path(folder, "var/report/results.json").read_text())["models"]
        for use_case, evaluation, metric, goal in GOALS:
            found = models[use_case][evaluation]
            print_metric(f"{use_case} {evaluation} {metric}", found[metric], found[f"{metric}_ci"], goal)
        print(f"both use cases, all steps: {seconds:.0f} s, {memory:,.0f} MB (goal 150 s, 4,000 MB)", flush=True)
        for use_case, fits in xgboost_seconds(f"sqlite:///{folder}/var/mlflow.db").items():
            print(f"{use_case}: XGBoost's fits, all folds, while the others fit: {fits:.0f} s (goal 60 s)", flush=True)
        value, *interval = textbook(data, Path(folder, "textbook"))
        print_metric("bank.csv, 80/20, forest with duration, roc_auc", value, interval, 0.90)


if __name__ == "__main__":
    main()
