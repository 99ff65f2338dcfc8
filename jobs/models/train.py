"""Trains and compares all candidates of a use case, and registers the best one as challenger.

Reads: clients or credit, load_runs. Writes: challengers, model_metrics, calibration, profit_curve, importances,
shap_points, fairness. The champion isn't touched; models.promote decides. Spark scores each client once per candidate,
with models that haven't seen the client. The driver computes all metrics and bootstraps from these scores, for at most
BANK_TRAINING_ROWS rows.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.current_loads import current_loads
from jobs.core.job import Job
from jobs.core.job import fingerprint as input_fingerprint
from jobs.core.tracking import needs_mlflow
from jobs.models import model_selection, training_checks
from jobs.models.candidates import LEAKING_PARAMETERS, FittedCandidates, Trial
from jobs.models.cross_validation import out_of_fold
from jobs.models.explanations import SAMPLE_ROWS, explain
from jobs.models.fairness import fairness
from jobs.models.folds import HOLDOUT, holdout_below
from jobs.models.model_selection import Selection, select_challenger
from jobs.models.parameter_search import tune
from jobs.models.psi import profile, profiles
from jobs.models.scoring_config import ScoringConfig
from jobs.models.time_ordered import EVALUATIONS as TIME_ORDERED_EVALUATIONS
from jobs.models.time_ordered import TimeOrdered, evaluate_in_time, fits_in_time
from jobs.models.training_data import collect_rows, training_rows, tuning_rows
from jobs.models.training_progress import TrainingProgress
from jobs.models.training_run import TrainingRun, record
from jobs.models.use_cases import USE_CASES, Features, UseCase, allowed_features, model_inputs, source_columns

RANDOM_CV = "random_cv"
LEAKING = "with_leaking_columns"
UNCHANGED = "no new data and no new code: nothing retrained"
log = logging.getLogger("bankstack")


@dataclass(frozen=True)
class Evaluated:
    """All scores of a training run.

    Attributes:
        selection: the challenger, with the out-of-fold scores of all candidates.
        time_ordered: the time-ordered evaluation.
        leaking: scores of the evaluation with columns known only afterwards, by evaluation; empty without such columns.
        fitted: the candidates, fitted on the rows outside the holdout.

    """

    selection: Selection
    time_ordered: TimeOrdered
    leaking: Mapping[str, pd.DataFrame]
    fitted: FittedCandidates


def fingerprint(job: Job) -> str:
    """Return the fingerprint of the inputs and the settings of the training."""
    settings, use_case = job.settings, job.step.arguments["use_case"]
    costs = settings.costs(use_case)
    return input_fingerprint(job, *costs, settings.training_rows, settings.tuning_rows, settings.folds)


@needs_mlflow
def main(job: Job) -> None:
    """Train, evaluate and explain, then publish the results and register the challenger."""
    use_case = USE_CASES[job.step.arguments["use_case"]]
    progress = TrainingProgress(use_case.name)
    with progress.logged():
        train(job, use_case, progress)


def train(job: Job, use_case: UseCase, progress: TrainingProgress) -> None:
    """Do the work of `main`."""
    settings, session_job = job.settings, in_own_session(job)
    progress.show("reading the rows")
    rows = training_rows(session_job.read(use_case.table), use_case, settings).coalesce(2).cache()
    collected = collect_rows(rows, use_case)
    job.rows_in[use_case.table] = len(collected)
    features = usable_features(use_case, collected)
    drawn = tuning_rows(rows, collected, settings.tuning_rows, settings.seed)
    parameters = tune(drawn, features, use_case.name, settings.seed, progress)
    trial = Trial(features, parameters, settings.seed, progress)
    load = current_load(job, use_case)
    evaluated = evaluate(session_job, use_case, rows, collected, trial, is_ordered(use_case, str(load["file"])))
    progress.show("computing metrics and explanations")
    config = scoring_config(use_case, trial, evaluated.selection, collected, str(load["sha256"]))
    model = evaluated.fitted.bundle(config.members, others=["xgboost"])
    run = TrainingRun(
        use_case=use_case,
        config=config,
        reason=evaluated.selection.reason,
        model=model,
        fitted=evaluated.fitted,
        trial=trial,
        tables={
            **evaluation_tables(session_job, use_case, evaluated),
            "fairness": fairness_table(use_case, evaluated.selection, collected),
            **explanation_tables(session_job, use_case, model, config, collected),
        },
    )
    progress.show("logging the models to MLflow")
    record(job, run, rows)
    rows.unpersist()


def in_own_session(job: Job) -> Job:
    """Return the job with a Spark session of its own, for everything but publishing.

    A fitted logistic regression holds its session. Spark 4.1 can't send it to a worker once that session has counted
    the rows of a publish (NotSerializableException: ObservationManager).
    """
    return replace(job, spark=job.spark.newSession())


def usable_features(use_case: UseCase, collected: pd.DataFrame) -> Features:
    """Return the features that the training can use.

    Raises:
        BankError: the rows can't be trained on.

    """
    training_checks.check_classes(use_case, collected["label"])
    allowed = allowed_features(use_case)
    if dropped := training_checks.uninformative_columns(collected, allowed.names):
        log.warning(
            "%s: leaving out %s: constant, hardly known, or too many categories", use_case.table, ", ".join(dropped)
        )
    usable = allowed.without(dropped)
    training_checks.check_leaks(use_case, collected, usable.names)
    return usable


def current_load(job: Job, use_case: UseCase) -> Mapping[str, object]:
    """Return `file` and `sha256` of the load that the use case's table holds; empty texts if there's none."""
    columns = ("dataset", "file", "sha256", "loaded_at")
    loads = job.read("load_runs").where(F.col("dataset") == use_case.table).select(*columns)
    published = tables.content(tables.version(job.spark, job.settings, use_case.table))
    found = current_loads(loads.toPandas(), {use_case.table: published}).to_dict("records")
    return {str(key): value for key, value in found[0].items()} if found else {"file": "", "sha256": ""}


def is_ordered(use_case: UseCase, file: str) -> bool:
    """Return True if the rows of the file are in order of time."""
    return file.removesuffix(".gz") in use_case.ordered_files


def evaluate(
    job: Job, use_case: UseCase, rows: DataFrame, collected: pd.DataFrame, trial: Trial, ordered: bool
) -> Evaluated:
    """Score all clients with models that haven't seen them, and select the challenger."""
    fits = collected["fold"].nunique() * (len(trial.parameters) + bool(use_case.known_afterwards))
    trial.progress.expect(fits + (fits_in_time(trial) if ordered else 0))
    trial.progress.show(RANDOM_CV)
    scores, fitted = out_of_fold(rows, trial)
    time_ordered = evaluate_in_time(rows, collected, trial) if ordered else TimeOrdered()
    leaking = evaluate_with_leaks(use_case, rows, collected, trial)
    selection = select_challenger(scores, *job.settings.costs(use_case.name), trial.seed)
    return Evaluated(selection, time_ordered, leaking, fitted)


def evaluate_with_leaks(
    use_case: UseCase, rows: DataFrame, collected: pd.DataFrame, trial: Trial
) -> dict[str, pd.DataFrame]:
    """Score all clients with columns known only afterwards too, only to compare with the literature."""
    if not use_case.known_afterwards:
        return {}
    trial.progress.show(LEAKING)
    allowed = allowed_features(use_case, afterwards=True)
    usable = allowed.without(training_checks.uninformative_columns(collected, allowed.names))
    parameters = {"xgboost": {**trial.parameters["xgboost"], **LEAKING_PARAMETERS}}
    return {LEAKING: out_of_fold(rows, replace(trial, features=usable, parameters=parameters))[0]}


def scoring_config(
    use_case: UseCase, trial: Trial, selection: Selection, collected: pd.DataFrame, checksum: str
) -> ScoringConfig:
    """Return the challenger's scoring config."""
    train = collected[collected["fold"] != HOLDOUT]
    in_holdout = selection.scores["fold"] == HOLDOUT
    return ScoringConfig(
        use_case=use_case.name,
        candidate=selection.candidate,
        members=selection.members,
        slope=selection.slope,
        intercept=selection.intercept,
        threshold=selection.threshold,
        holdout_below=holdout_below(selection.scores),
        columns=source_columns(use_case),
        features=trial.features.names,
        positive_rate=float(train["label"].mean()),
        reference=profiles(train, trial.features.names, trial.features.categories),
        scores=profile(selection.probabilities[in_holdout], is_category=False),
        checksum=checksum,
        rows=len(collected),
    )


def evaluation_tables(job: Job, use_case: UseCase, evaluated: Evaluated) -> dict[str, pd.DataFrame]:
    """Return the rows of model_metrics, calibration and profit_curve.

    The out-of-fold scores have thresholds by profit. The other evaluations have no rows to choose a threshold on, so
    theirs is cost divided by gain, which is the best one for true probabilities.
    """
    selection, seed = evaluated.selection, job.settings.seed
    cost, gain = job.settings.costs(use_case.name)
    others = {**evaluated.time_ordered.scores, **evaluated.leaking}
    evaluations = {RANDOM_CV: selection.scores, **others}
    thresholds = {
        RANDOM_CV: selection.thresholds,
        **{
            evaluation: dict.fromkeys(model_selection.candidate_names(scores), cost / gain)
            for evaluation, scores in others.items()
        },
    }
    metrics = model_selection.metric_rows(evaluations, thresholds, seed)
    return {
        "model_metrics": metrics.assign(chosen=is_chosen(metrics, selection.candidate, evaluated.time_ordered.choice)),
        "calibration": model_selection.calibration_rows(evaluations, seed),
        "profit_curve": model_selection.profit_rows(evaluations, cost, gain),
    }


def is_chosen(metrics: pd.DataFrame, candidate: str, in_time: tuple[str, str] | None) -> list[bool]:
    """Return which rows of model_metrics describe the chosen candidate.

    Args:
        metrics: rows of model_metrics.
        candidate: the challenger.
        in_time: evaluation and candidate that the time-ordered rehearsal chose; None without a rehearsal.

    """
    pairs = zip(metrics["evaluation"], metrics["candidate"], strict=True)
    return [
        pair == in_time if in_time and pair[0] in TIME_ORDERED_EVALUATIONS else pair[1] == candidate for pair in pairs
    ]


def fairness_table(use_case: UseCase, selection: Selection, collected: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of fairness, by the challenger's out-of-fold scores."""
    probabilities = selection.scores[["position"]].assign(probability=selection.probabilities)
    return fairness(collected.merge(probabilities, on="position"), list(use_case.groups), selection.threshold)


def explanation_tables(
    job: Job, use_case: UseCase, model: PipelineModel, config: ScoringConfig, collected: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the rows of importances and shap_points, from a sample of the holdout."""
    holdout = collected[collected["fold"] == HOLDOUT]
    sample = holdout.sample(min(SAMPLE_ROWS, len(holdout)), random_state=job.settings.seed)
    inputs = model_inputs(job.read(use_case.table), use_case, config.columns)
    return explain(model, config, sample, inputs, job.settings.seed)
