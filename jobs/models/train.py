"""Train and compare all candidates of a problem; register the best as challenger.

Reads: clients or credit, load_runs. Writes: challengers, model_metrics, calibration, profit_curve, importances,
shap_points, fairness. The champion is not touched: models.promote decides. Scores are computed by Spark, each client's
by models that have not seen it, once per candidate; all figures and their bootstraps are computed from them on the
driver, for at most BANK_TRAINING_ROWS rows.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.models import check, judge
from jobs.models.candidates import NAMES, Fitted, tune
from jobs.models.card import Card
from jobs.models.evaluate import Trial, later, out_of_fold
from jobs.models.explain import SAMPLE
from jobs.models.fairness import fairness
from jobs.models.folds import HOLDOUT, holdout_below
from jobs.models.metrics import calibrate
from jobs.models.night import Night, explanations, log_night
from jobs.models.prepare import training_rows, tuning_vectors, view
from jobs.models.problems import PROBLEMS, Features, Problem, features, known_afterwards, source_columns
from jobs.models.stability import DISJOINT, moved, profile, profiles

EARLIER = 0.7  # share of the rows, in order of time, that train for the time-ordered figures
UNCHANGED = "no new data and no new code: nothing retrained"
log = logging.getLogger("bankstack")


def main(job: Job) -> None:
    """Publish what the night found and register its challenger."""
    problem, settings, apart = PROBLEMS[job.step.arguments["problem"]], job.settings, own_session(job)
    rows = training_rows(apart.read(problem.table), problem, settings.training_rows, settings.seed).coalesce(2).cache()
    seen = view(rows, problem)
    job.rows_in[problem.table] = len(seen)
    usable = checked(problem, seen)
    vectors = tuning_vectors(rows, usable, settings.tuning_rows, settings.seed).cache()
    parameters = tune(vectors, problem.name, settings.seed)
    vectors.unpersist()
    trial = Trial(problem.name, usable, parameters, settings.seed)
    scores, fitted = out_of_fold(rows, trial)
    load = current_load(job, problem)
    evaluations = {"random_cv": scores, **others(rows, seen, trial, problem, str(load["file"]))}
    night = finish(apart, problem, seen, scores, evaluations, trial, fitted, str(load["sha256"]))
    log_night(job, night, rows)
    rows.unpersist()


def own_session(job: Job) -> Job:
    """The job in a Spark session of its own, for everything but publishing.

    A fitted logistic regression holds its session, and Spark 4.1 cannot send it to a worker once that session counted
    the rows of a publish (NotSerializableException: ObservationManager).
    """
    return replace(job, spark=job.spark.newSession())


def checked(problem: Problem, seen: pd.DataFrame) -> Features:
    """The features that can be used; raises BankError if the rows cannot be trained on."""
    check.check_rows(problem, seen["label"])
    allowed = features(problem)
    if still := check.constant(seen, allowed.names):
        log.warning("%s: %s left out: one value only", problem.table, ", ".join(still))
    usable = allowed.without(still)
    check.check_leaks(problem, seen, usable.names)
    return usable


def current_load(job: Job, problem: Problem) -> Mapping[str, object]:
    """The valid load of the problem's table: its file and checksum; blanks if there is none."""
    loads = job.read("load_runs").where(F.col("dataset") == problem.table).orderBy(F.desc("loaded_at")).limit(1)
    found = loads.select("file", "sha256").collect()
    return found[0].asDict() if found else {"file": "", "sha256": ""}


def others(rows: DataFrame, seen: pd.DataFrame, trial: Trial, problem: Problem, file: str) -> dict[str, pd.DataFrame]:
    """The evaluations beside the random folds: in order of time, and with columns known only afterwards."""
    found = {}
    if file in problem.ordered_files:
        start = int(seen["position"].quantile(EARLIER))
        stable = trial.features.without(unstable(seen[seen["position"] < start], trial.features))
        found["time_ordered"] = later(rows, start, trial)
        found["time_ordered_stable"] = later(rows, start, Trial(trial.problem, stable, trial.parameters, trial.seed))
    if known_afterwards(problem):
        every, only = features(problem, afterwards=True), {"xgboost": trial.parameters["xgboost"]}
        found["with_leaking_columns"] = out_of_fold(rows, Trial(trial.problem, every, only, trial.seed))[0]
    return found


def unstable(earlier: pd.DataFrame, allowed: Features) -> list[str]:
    """Columns whose values within the earlier part itself hardly overlap: what they told then cannot hold later."""
    middle = earlier["position"].median()
    first, second = (
        earlier.loc[half, allowed.names] for half in (earlier["position"] < middle, earlier["position"] >= middle)
    )
    return [name for name, value in moved(first, second, allowed.categories).items() if value > DISJOINT]


def finish(
    job: Job,
    problem: Problem,
    seen: pd.DataFrame,
    scores: pd.DataFrame,
    evaluations: Mapping[str, pd.DataFrame],
    trial: Trial,
    fitted: Fitted,
    checksum: str,
) -> Night:
    """Choose, calibrate, judge and describe: everything of the night but MLflow."""
    seed, (cost, gain) = trial.seed, job.settings.costs(problem.name)
    name, members, why = judge.choose(scores, seed)
    slope, intercept, helps = judge.platt(scores, name, seed)
    cut = judge.thresholds(scores, cost, gain)
    threshold = float(calibrate(np.array([cut[name]]), slope, intercept)[0])
    outside = scores["fold"] != HOLDOUT
    final = pd.Series(calibrate(scores[name].to_numpy(float), slope, intercept))
    card = Card(
        problem=problem.name,
        candidate=name,
        members=members,
        slope=slope,
        intercept=intercept,
        threshold=threshold,
        holdout_below=holdout_below(scores),
        columns=source_columns(problem),
        features=trial.features.names,
        positive_rate=float(seen.loc[seen["fold"] != HOLDOUT, "label"].mean()),
        reference=profiles(seen[seen["fold"] != HOLDOUT], trial.features.names, trial.features.categories),
        scores=profile(final[outside.to_numpy()], False),
        checksum=checksum,
        rows=len(seen),
    )
    model = fitted.bundle(sorted({*members, "xgboost"}, key=NAMES.index))
    both = seen.merge(scores.assign(probability=final)[["position", "probability"]], on="position")
    tables = {
        "model_metrics": judge.metric_rows(evaluations, cut, seed),
        "calibration": judge.calibration_rows(evaluations),
        "profit_curve": judge.profit_rows(evaluations, cost, gain),
        "fairness": fairness(both, list(problem.groups), threshold),
    }
    holdout = seen[seen["fold"] == HOLDOUT]
    holdout = holdout.sample(min(SAMPLE, len(holdout)), random_state=seed)
    tables |= explanations(job, problem, model, card, holdout)
    reason = f"{why}; calibration {'helps' if helps else 'does not help'}"
    return Night(problem, card, reason, model, fitted, trial, tables)
