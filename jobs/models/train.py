"""Train and compare all candidates of a use case; register the best as challenger.

Reads: clients or credit, load_runs. Writes: challengers, model_metrics, calibration, profit_curve, importances,
shap_points, fairness. The champion is not touched: models.promote decides. Scores are computed by Spark, each client's
by models that have not seen it, once per candidate; all figures and their bootstraps are computed from them on the
driver, for at most BANK_TRAINING_ROWS rows.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.current_loads import current_loads
from jobs.core.job import Job
from jobs.core.job import fingerprint as of_inputs
from jobs.core.tracking import needs_mlflow
from jobs.models import model_selection, training_checks
from jobs.models.candidates import LEAKING, Fitted, tune
from jobs.models.evaluate import Trial, later, out_of_fold
from jobs.models.explain import SAMPLE
from jobs.models.fairness import fairness
from jobs.models.folds import HOLDOUT, holdout_below
from jobs.models.psi import DISJOINT, moved, profile, profiles
from jobs.models.scoring_config import Card
from jobs.models.training_data import training_rows, tuning_rows, view
from jobs.models.training_run import Night, explanations, log_night
from jobs.models.use_cases import USE_CASES, Features, UseCase, features, known_afterwards, source_columns

EARLIER = 0.7  # share of the rows, in order of time, that train for the time-ordered figures
QUICK = ("logistic", "xgboost")  # candidates that are tried on columns that hold, and rehearsed
IN_TIME = ("time_ordered", "time_ordered_stable")
UNCHANGED = "no new data and no new code: nothing retrained"
log = logging.getLogger("bankstack")


def fingerprint(job: Job) -> str:
    """That of the inputs, with the settings that a training follows."""
    settings, use_case = job.settings, job.step.arguments["use_case"]
    return of_inputs(job, *settings.costs(use_case), settings.training_rows, settings.tuning_rows, settings.folds)


@needs_mlflow
def main(job: Job) -> None:
    """Publish what the night found and register its challenger."""
    use_case, settings, apart = USE_CASES[job.step.arguments["use_case"]], job.settings, own_session(job)
    rows = training_rows(apart.read(use_case.table), use_case, settings).coalesce(2).cache()
    seen = view(rows, use_case)
    job.rows_in[use_case.table] = len(seen)
    usable = checked(use_case, seen)
    drawn = tuning_rows(rows, seen, settings.tuning_rows, settings.seed)
    parameters = tune(drawn, usable, use_case.name, settings.seed)
    trial = Trial(use_case.name, usable, parameters, settings.seed)
    scores, fitted = out_of_fold(rows, trial)
    load = current_load(job, use_case)
    start = first_later(seen) if str(load["file"]).removesuffix(".gz") in use_case.ordered_files else None
    later, held = in_time(rows, seen, trial, start)
    evaluations = {**later, **with_leaks(rows, seen, trial, use_case)}
    night = finish(apart, use_case, seen, scores, evaluations, trial, fitted, str(load["sha256"]), held)
    log_night(job, night, rows)
    rows.unpersist()


def own_session(job: Job) -> Job:
    """The job in a Spark session of its own, for everything but publishing.

    A fitted logistic regression holds its session, and Spark 4.1 cannot send it to a worker once that session counted
    the rows of a publish (NotSerializableException: ObservationManager).
    """
    return replace(job, spark=job.spark.newSession())


def checked(use_case: UseCase, seen: pd.DataFrame) -> Features:
    """The features that can be used; raises BankError if the rows cannot be trained on."""
    training_checks.check_rows(use_case, seen["label"])
    allowed = features(use_case)
    if dropped := training_checks.useless(seen, allowed.names):
        log.warning(
            "%s: %s left out: one value only, hardly known, or too many values", use_case.table, ", ".join(dropped)
        )
    usable = allowed.without(dropped)
    training_checks.check_leaks(use_case, seen, usable.names)
    return usable


def current_load(job: Job, use_case: UseCase) -> Mapping[str, object]:
    """The valid load of the use case's table: its file and checksum; blanks if there is none."""
    loads = (
        job.read("load_runs").where(F.col("dataset") == use_case.table).select("dataset", "file", "sha256", "loaded_at")
    )
    published = tables.content(tables.version(job.spark, job.settings, use_case.table))
    found = current_loads(loads.toPandas(), {use_case.table: published}).to_dict("records")
    return {str(key): value for key, value in found[0].items()} if found else {"file": "", "sha256": ""}


def first_later(seen: pd.DataFrame) -> int | None:
    """Where the later part begins if the rows are in order of time; None if a part would have one class only."""
    start = int(seen["position"].quantile(EARLIER))
    if one_class_only(seen, start):
        log.warning("no figures in order of time: the earlier or the later part has one class only")
        return None
    return start


def one_class_only(rows: pd.DataFrame, start: int) -> bool:
    """Whether the part before a position, or the one from it on, has one class only."""
    return int(rows.groupby(rows["position"] >= start)["label"].nunique().min()) < 2


def in_time(
    rows: DataFrame, seen: pd.DataFrame, trial: Trial, start: int | None
) -> tuple[dict[str, pd.DataFrame], tuple[str, str] | None]:
    """Scores of the later rows by models of the earlier ones, also without the columns that do not hold over time.

    And which columns and candidate a bank would have taken then, knowing the earlier rows only.
    """
    if start is None:
        return {}, None
    earlier = seen[seen["position"] < start]
    known = trial.features.without(training_checks.useless(earlier, trial.features.names))
    stable = known.without(unstable(earlier, known))
    quick = {name: trial.parameters[name] for name in QUICK if name in trial.parameters}
    everything, holding = replace(trial, features=known), replace(trial, features=stable, parameters=quick)
    tried = dict(zip(IN_TIME, (everything, holding), strict=True))
    scores = {name: later(rows, start, one) for name, one in tried.items()}
    rehearsing = {name: replace(one, parameters=quick) for name, one in tried.items()}
    return scores, rehearsed(rows.where(F.col("position") < start), earlier, rehearsing)


def rehearsed(rows: DataFrame, earlier: pd.DataFrame, tried: Mapping[str, Trial]) -> tuple[str, str] | None:
    """The trial and the candidate with the best ROC-AUC on the second half of the earlier rows, trained on the first.

    None if a half has one class only.
    """
    middle = int(earlier["position"].median())
    if one_class_only(earlier, middle):
        return None
    first = earlier[earlier["position"] < middle]
    known = {
        name: one.features.without(training_checks.useless(first, one.features.names)) for name, one in tried.items()
    }
    scores = {name: later(rows, middle, replace(one, features=known[name])) for name, one in tried.items()}
    aucs = {
        (name, candidate): auc
        for name, rows_of in scores.items()
        for candidate, auc in model_selection.aucs(rows_of).items()
    }
    return max(aucs, key=aucs.__getitem__)


def with_leaks(rows: DataFrame, seen: pd.DataFrame, trial: Trial, use_case: UseCase) -> dict[str, pd.DataFrame]:
    """Scores with the columns that are known only afterwards, for comparison with the literature."""
    if not known_afterwards(use_case):
        return {}
    every = features(use_case, afterwards=True)
    usable = every.without(training_checks.useless(seen, every.names))
    only = {"xgboost": {**trial.parameters["xgboost"], **LEAKING}}
    return {"with_leaking_columns": out_of_fold(rows, Trial(trial.use_case, usable, only, trial.seed))[0]}


def unstable(earlier: pd.DataFrame, allowed: Features) -> list[str]:
    """Columns whose values within the earlier part itself hardly overlap: what they told then cannot hold later."""
    middle = earlier["position"].median()
    first, second = (
        earlier.loc[half, allowed.names] for half in (earlier["position"] < middle, earlier["position"] >= middle)
    )
    return [name for name, value in moved(first, second, allowed.categories).items() if value > DISJOINT]


def finish(
    job: Job,
    use_case: UseCase,
    seen: pd.DataFrame,
    scores: pd.DataFrame,
    evaluations: Mapping[str, pd.DataFrame],
    trial: Trial,
    fitted: Fitted,
    checksum: str,
    held: tuple[str, str] | None,
) -> Night:
    """Choose, calibrate, judge and describe: everything of the night but MLflow.

    The holdout, on which the challenger will meet the champion, has no part in the choice, the calibration and the
    threshold. The other evaluations have no rows to choose a threshold on: theirs is that of true probabilities.
    """
    seed, (cost, gain) = trial.seed, job.settings.costs(use_case.name)
    outside = scores["fold"] != HOLDOUT
    name, members, why = model_selection.choose(scores[outside], seed)
    slope, intercept, helps = model_selection.platt(scores[outside], name, seed)
    if helps:
        scores = scores.assign(**{name: model_selection.cross_calibrated(scores, name)})
    cut = model_selection.thresholds(scores[outside], cost, gain)
    by_cost = {
        other: dict.fromkeys(model_selection.candidates(found), cost / gain) for other, found in evaluations.items()
    }
    cuts = {"random_cv": cut, **by_cost}
    evaluations = {"random_cv": scores, **evaluations}
    threshold, final = cut[name], scores[name].reset_index(drop=True)
    card = Card(
        use_case=use_case.name,
        candidate=name,
        members=members,
        slope=slope,
        intercept=intercept,
        threshold=threshold,
        holdout_below=holdout_below(scores),
        columns=source_columns(use_case),
        features=trial.features.names,
        positive_rate=float(seen.loc[seen["fold"] != HOLDOUT, "label"].mean()),
        reference=profiles(seen[seen["fold"] != HOLDOUT], trial.features.names, trial.features.categories),
        scores=profile(final[~outside.to_numpy()], False),
        checksum=checksum,
        rows=len(seen),
    )
    model = fitted.bundle(members, others=["xgboost"])
    both = seen.merge(scores.assign(probability=final)[["position", "probability"]], on="position")
    metrics = model_selection.metric_rows(evaluations, cuts, seed)
    tables = {
        "model_metrics": metrics.assign(chosen=picked(metrics, name, held)),
        "calibration": model_selection.calibration_rows(evaluations, seed),
        "profit_curve": model_selection.profit_rows(evaluations, cost, gain),
        "fairness": fairness(both, list(use_case.groups), threshold),
    }
    holdout = seen[seen["fold"] == HOLDOUT]
    holdout = holdout.sample(min(SAMPLE, len(holdout)), random_state=seed)
    tables |= explanations(job, use_case, model, card, holdout)
    reason = f"{why}; calibration {'helps' if helps else 'does not help'}"
    return Night(use_case, card, reason, model, fitted, trial, tables)


def picked(metrics: pd.DataFrame, name: str, held: tuple[str, str] | None) -> list[bool]:
    """Which rows are the night's own: its candidate's, and in order of time those of the best rehearsal."""
    pairs = zip(metrics["evaluation"], metrics["candidate"], strict=True)
    return [pair == held if held and pair[0] in IN_TIME else pair[1] == name for pair in pairs]
