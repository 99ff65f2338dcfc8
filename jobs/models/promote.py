"""Compares the challenger with the champion on rows that neither has seen; the better one is the champion from then on.

Reads: clients or credit, challengers. Writes: model_runs, one row per training run, whoever wins. The alias `champion`
moves in one call, so a run that is killed anywhere leaves the old champion in place.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities.model_registry import ModelVersion
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as input_fingerprint
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow
from jobs.models import model_registry
from jobs.models.classification_metrics import paired_difference, roc_auc
from jobs.models.scoring_config import ScoringConfig, score
from jobs.models.training_data import training_rows
from jobs.models.use_cases import USE_CASES, source_columns

VERDICT, VERDICT_0_1_0 = "verdict", "judged"
"""Tag of a challenger with the result of its comparison, and the tag's name in version 0.1.0."""

REPORTED, REPORTED_0_1_0 = "reported", "written"
"""Tag of a challenger with the run date whose row reports the verdict, and the tag's name in version 0.1.0."""

log = logging.getLogger("bankstack")
Row = dict[str, Any]
Model = tuple[PipelineModel, ScoringConfig]


@needs_mlflow
def fingerprint(job: Job) -> str:
    """Return the fingerprint of the inputs and all versions: a forced training and a rollback need another row."""
    name, client = job.step.arguments["use_case"], model_registry.connect(job.settings)
    known = [(version.version, is_dismissed(version)) for version in model_registry.versions(client, name)]
    return input_fingerprint(job, known)


@needs_mlflow
def main(job: Job) -> None:
    """Compare the last challenger with the champion, once, and publish who is champion and why.

    The verdict is stored with the version before the alias moves, and the run date after the row is published. So a run
    that is killed in between is completed by the next one, on whichever date, with the same verdict.
    """
    name, client = job.step.arguments["use_case"], model_registry.connect(job.settings)
    challengers = job.read("challengers").where(f"use_case = '{name}'").collect()
    if not challengers:
        raise BankError(f"{name}: nothing is trained yet: bankstack run models.train_{name}")
    number, run_date = int(challengers[0]["version"]), job.run_date.isoformat()
    challenger = model_registry.registered_version(client, name, number)
    row = find_or_make_verdict(job, client, challenger)
    if row["won"]:
        model_registry.promote(client, name, number)
    row |= {"champion_version": number if row["won"] else row["old_version"], "challenger_version": number}
    log.info("%s: %s", name, row["reason"])
    rows = pd.DataFrame([{**row, "candidate": challengers[0]["candidate"]}])
    publish(job, "model_runs", rows, {"use_case": name, "run_date": run_date})
    client.set_model_version_tag(name, str(number), REPORTED, reported_on(challenger) or run_date)


def find_or_make_verdict(job: Job, client: mlflow.MlflowClient, challenger: ModelVersion) -> Row:
    """Return the row of this run: the stored verdict, that nothing is new, or a new verdict, which is stored."""
    name, number = challenger.name, int(challenger.version)
    champion = model_registry.champion(client, name)
    if row := pending_verdict(challenger, champion, job.run_date.isoformat()):
        return row
    if champion and stored_verdict(challenger):
        return row_without_challenger(int(champion.version), model_registry.versions(client, name))
    row = make_verdict(job, client, name, int(champion.version) if champion else 0, number)
    client.set_model_version_tag(name, str(number), VERDICT, json.dumps(row))
    return row


def stored_verdict(challenger: ModelVersion) -> Row:
    """Return the verdict that an earlier run stored; empty if there is none."""
    stored = challenger.tags.get(VERDICT) or challenger.tags.get(VERDICT_0_1_0) or "{}"
    verdict: Row = json.loads(stored)
    return verdict


def reported_on(challenger: ModelVersion) -> str:
    """Return the run date whose row reports the verdict; empty if none does."""
    return str(challenger.tags.get(REPORTED) or challenger.tags.get(REPORTED_0_1_0) or "")


def pending_verdict(challenger: ModelVersion, champion: ModelVersion | None, run_date: str) -> Row:
    """Return the stored verdict if this run date has to report it and it still holds, else an empty row.

    It doesn't hold if a person has since brought back another version.
    """
    verdict = stored_verdict(challenger)
    is_reported_elsewhere = reported_on(challenger) not in ("", run_date)
    if not verdict or is_dismissed(challenger) or is_reported_elsewhere:
        return {}
    before = verdict["old_version"]
    after = int(challenger.version) if verdict["won"] else before
    return verdict if (int(champion.version) if champion else 0) in (before, after) else {}


def is_dismissed(version: ModelVersion) -> bool:
    """Return True if the version was champion and a person brought back the one before it."""
    return model_registry.DISMISSED in version.tags


def row_without_challenger(champion: int, versions: Sequence[ModelVersion]) -> Row:
    """Return the row of a run whose challenger was compared before."""
    dismissed = [version.version for version in versions if is_dismissed(version) and int(version.version) > champion]
    if dismissed:
        reason = f"version {dismissed[0]} was dismissed by hand: version {champion} is champion again"
        return _row(champion, "rolled back", reason)
    return _row(champion, "unchanged", f"no new data: nothing was retrained, version {champion} stays champion")


def make_verdict(job: Job, client: mlflow.MlflowClient, name: str, champion: int, challenger: int) -> Row:
    """Decide between two versions; `champion` is 0 if there is none yet."""
    if not champion:
        return _row(champion, "first", f"version {challenger} is the first champion", won=True)
    new = model_registry.load(job.settings, client, name, challenger)
    try:
        old = model_registry.load(job.settings, client, name, champion)
    except model_registry.ModelLostError as error:
        return _row(champion, "contract", f"version {challenger} wins: {error}", won=True)
    use_case = USE_CASES[name]
    if changed := sorted(set(old[1].columns) ^ set(source_columns(use_case))):
        reason = (
            f"version {challenger} wins: the columns that a model may use have changed ({', '.join(changed)}) since "
            f"version {champion} was trained"
        )
        return _row(champion, "contract", reason, won=True)
    return {"old_version": champion, **compare(job, job.read(use_case.table), old, new)}


def _row(champion: int, decision: str, reason: str, won: bool = False) -> Row:
    """Return a row without a comparison."""
    return {
        "old_version": champion,
        "decision": decision,
        "won": won,
        "reason": reason,
        "holdout_rows": 0,
        "difference": None,
        "difference_low": None,
        "difference_high": None,
        "champion_auc": None,
        "challenger_auc": None,
    }


def compare(job: Job, table: DataFrame, old: Model, new: Model) -> Row:
    """Score the rows that neither model was trained on with both, and decide."""
    (old_model, old_config), (new_model, new_config) = old, new
    rows = training_rows(table, USE_CASES[old_config.use_case], job.settings)
    unseen = rows.where(f"content_hash < {min(old_config.holdout_below, new_config.holdout_below)!r}D")
    new_scores = score(new_model, new_config, unseen).select("position", "label", "probability").toPandas()
    old_scores = score(old_model, old_config, unseen).select("position", "probability").toPandas()
    both = new_scores.merge(old_scores, on="position", suffixes=("_new", "_old"))
    return decide(both, job.settings.promotion_margin, job.settings.seed)


def decide(scores: pd.DataFrame, margin: float, seed: int) -> Row:
    """Decide whether the challenger's ROC-AUC is significantly higher, by more than the margin.

    Args:
        scores: label, probability_new and probability_old of rows that neither model was trained on.
        margin: gain of ROC-AUC that the lower end of the 95 % interval has to exceed.
        seed: seed of the bootstrap.

    """
    columns = ("label", "probability_new", "probability_old")
    labels, new, old = (scores[name].to_numpy(float) for name in columns)
    difference, low, high = paired_difference(labels, new, old, seed)
    won = bool(np.isfinite(low) and low > margin)
    reason = (
        f"challenger {'wins' if won else 'does not win'}: {difference:+.4f} ROC-AUC ({low:+.4f} to {high:+.4f}) on "
        f"{len(scores)} rows that neither was trained on; the lower end has to exceed {margin:+.4f}"
    )
    return {
        "decision": "better" if won else "kept",
        "won": won,
        "reason": reason,
        "holdout_rows": len(scores),
        "difference": difference,
        "difference_low": low,
        "difference_high": high,
        "champion_auc": roc_auc(labels, old),
        "challenger_auc": roc_auc(labels, new),
    }
