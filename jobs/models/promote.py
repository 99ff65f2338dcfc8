"""Let the challenger meet the champion on rows that neither has seen; the better one is champion from now on.

Reads: clients or credit, challengers. Writes: model_runs, one row a night whoever wins. The alias `champion` moves in
one call, so a run killed anywhere leaves the old champion in place.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities.model_registry import ModelVersion
from pyspark.sql import DataFrame

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as of_inputs
from jobs.core.pandas_to_spark import publish
from jobs.core.tracking import needs_mlflow
from jobs.models import registry
from jobs.models.metrics import figures, paired_difference, rank
from jobs.models.scoring_config import Card, scored
from jobs.models.training_data import training_rows
from jobs.models.use_cases import USE_CASES, source_columns

JUDGED, WRITTEN = "judged", "written"  # tags of a challenger: its verdict, and the night whose row tells it
log = logging.getLogger("bankstack")
Row = dict[str, Any]


@needs_mlflow
def fingerprint(job: Job) -> str:
    """That of the inputs, and of all versions: a forced training or a rollback asks for another row."""
    name, client = job.step.arguments["use_case"], registry.connect(job.settings)
    known = [(version.version, gone(version)) for version in registry.versions(client, name)]
    return of_inputs(job, known)


@needs_mlflow
def main(job: Job) -> None:
    """Judge the newest challenger once, and publish who is champion and why.

    The verdict is kept with the version before the alias moves, and a mark after the row is published, so a run that is
    killed in between is finished by the next, on whichever night, with the same verdict.
    """
    name, client = job.step.arguments["use_case"], registry.connect(job.settings)
    found = job.read("challengers").where(f"use_case = '{name}'").collect()
    if not found:
        raise BankError(f"{name}: nothing is trained yet: python -m jobs run models.train_{name}")
    number, night = int(found[0]["version"]), job.run_date.isoformat()
    challenger, champion = registry.newest(client, name, number), registry.champion(client, name)
    row = told(challenger, champion, night)
    if not row and champion and JUDGED in challenger.tags:
        row = repeated(int(champion.version), registry.versions(client, name))
    if not row:
        row = judged(job, client, name, int(champion.version) if champion else 0, number)
        client.set_model_version_tag(name, str(number), JUDGED, json.dumps(row))
    if row["won"]:
        registry.promote(client, name, number)
    row |= {"champion_version": number if row["won"] else row["old_version"], "challenger_version": number}
    log.info("%s: %s", name, row["reason"])
    rows = pd.DataFrame([{**row, "candidate": found[0]["candidate"]}])
    publish(job, "model_runs", rows, {"use_case": name, "run_date": night})
    client.set_model_version_tag(name, str(number), WRITTEN, challenger.tags.get(WRITTEN, night))


def told(challenger: ModelVersion, champion: ModelVersion | None, night: str) -> Row:
    """The challenger's verdict if this night has to tell it and it still holds, else nothing.

    It does not if a person brought back another version since.
    """
    row: Row = json.loads(challenger.tags.get(JUDGED, "{}"))
    if not row or gone(challenger) or challenger.tags.get(WRITTEN, night) != night:
        return {}
    holds = {row["old_version"], int(challenger.version) if row["won"] else row["old_version"]}
    return row if (int(champion.version) if champion else 0) in holds else {}


def gone(version: ModelVersion) -> bool:
    """Whether the version was champion and a person brought back the one before it."""
    return registry.DISMISSED in version.tags


def blank(champion: int) -> Row:
    """A row without a comparison."""
    figures = ("difference", "difference_low", "difference_high", "champion_auc", "challenger_auc")
    return {"old_version": champion, "holdout_rows": 0, "won": False, **dict.fromkeys(figures)}


def repeated(champion: int, versions: Sequence[ModelVersion]) -> Row:
    """The row of a night whose challenger was judged before."""
    dismissed = [version.version for version in versions if gone(version) and int(version.version) > champion]
    if dismissed:
        reason = f"version {dismissed[0]} was dismissed by hand: version {champion} is champion again"
        return {**blank(champion), "decision": "rolled back", "reason": reason}
    reason = f"no new data: nothing was retrained, version {champion} stays champion"
    return {**blank(champion), "decision": "unchanged", "reason": reason}


def judged(job: Job, client: mlflow.MlflowClient, name: str, champion: int, challenger: int) -> Row:
    """The night's decision: decision, won, reason, and the figures where both were compared."""
    if not champion:
        reason = f"version {challenger} is the first champion"
        return {**blank(champion), "decision": "first", "won": True, "reason": reason}
    new = registry.load(job.settings, client, name, challenger)
    try:
        model, card = registry.load(job.settings, client, name, champion)
    except registry.ModelLost as error:
        return {**blank(champion), "decision": "contract", "won": True, "reason": f"version {challenger} wins: {error}"}
    use_case = USE_CASES[name]
    if changed := sorted(set(card.columns) ^ set(source_columns(use_case))):
        reason = (
            f"version {challenger} wins: a model may not see the same columns any more ({', '.join(changed)}) "
            f"as when version {champion} was trained"
        )
        return {**blank(champion), "decision": "contract", "won": True, "reason": reason}
    return {**blank(champion), **compared(job, job.read(use_case.table), (model, card), new)}


def compared(job: Job, table: DataFrame, old: tuple[Any, Card], new: tuple[Any, Card]) -> Row:
    """Score both on the rows that neither was trained on; the challenger wins if it is surely better by the margin."""
    settings, (model, card), (challenger, its_card) = job.settings, old, new
    rows = training_rows(table, USE_CASES[card.use_case], settings)
    unseen = rows.where(f"place < {min(card.holdout_below, its_card.holdout_below)!r}D")
    first = scored(challenger, its_card, unseen).select("position", "label", "probability").toPandas()
    second = scored(model, card, unseen).select("position", "probability").toPandas()
    both = first.merge(second, on="position", suffixes=("_new", "_old"))
    return verdict(both, settings.promotion_margin, settings.seed)


def verdict(both: pd.DataFrame, margin: float, seed: int) -> Row:
    """The decision from `label`, `probability_new` and `probability_old` of the holdout."""
    labels, new, old = (both[name].to_numpy(float) for name in ("label", "probability_new", "probability_old"))
    difference, low, high = paired_difference(labels, new, old, seed)
    won = bool(np.isfinite(low) and low > margin)
    against = f"{difference:+.4f} ROC-AUC ({low:+.4f} to {high:+.4f}) on {len(both)} rows that neither was trained on"
    asked = f"more than {margin:+.4f} was asked for"
    return {
        **{"decision": "better" if won else "kept", "won": won, "holdout_rows": len(both)},
        **{"difference": difference, "difference_low": low, "difference_high": high},
        "challenger_auc": figures(rank(labels, new), 0.5)["roc_auc"],
        "champion_auc": figures(rank(labels, old), 0.5)["roc_auc"],
        "reason": f"challenger {'wins' if won else 'does not win'}: {against}; surely {asked}",
    }
