"""Let the challenger meet the champion on rows that neither has seen; the better one is champion from now on.

Reads: clients or credit, challengers. Writes: model_runs, one row a night whoever wins. The alias `champion` moves in
one call, so a run killed anywhere leaves the old champion in place.
"""

import hashlib
import json
import logging
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities.model_registry import ModelVersion
from pyspark.sql import DataFrame

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.core.job import fingerprint as of_inputs
from jobs.models import registry
from jobs.models.card import Card, scored
from jobs.models.frames import publish
from jobs.models.metrics import figures, paired_difference, rank
from jobs.models.prepare import training_rows
from jobs.models.problems import PROBLEMS, source_columns

JUDGED = "judged"
log = logging.getLogger("bankstack")
Row = dict[str, Any]


def fingerprint(job: Job) -> str:
    """That of the inputs, and of the newest challenger's dismissal: after a rollback the night's row says so."""
    name, client = job.step.arguments["problem"], registry.connect(job.settings)
    dismissed = [version.version for version in client.search_model_versions(f"name = '{name}'") if gone(version)]
    return hashlib.sha256(f"{of_inputs(job)} {sorted(dismissed)}".encode()).hexdigest()[:12]


def main(job: Job) -> None:
    """Judge the newest challenger once, and publish who is champion and why.

    The verdict is kept with the version before the alias moves, so a run that is killed in between is finished by the
    next with the same row.
    """
    name, client = job.step.arguments["problem"], registry.connect(job.settings)
    found = job.read("challengers").where(f"problem = '{name}'").collect()
    if not found:
        raise BankError(f"{name}: nothing is trained yet: python -m jobs run models.train_{name}")
    number = int(found[0]["version"])
    challenger, champion = registry.newest(client, name, number), registry.champion(client, name)
    known = json.loads(challenger.tags.get(JUDGED, "{}"))
    if known.get("run_date") == str(job.run_date) and not gone(challenger):
        row = known["row"]
    elif known and champion:
        row = repeated(int(champion.version), challenger)
    else:
        row = judged(job, client, name, int(champion.version) if champion else 0, number)
        verdict = json.dumps({"run_date": str(job.run_date), "row": row})
        client.set_model_version_tag(name, str(number), JUDGED, verdict)
    if row["won"] and (champion is None or int(champion.version) != number):
        registry.promote(client, name, number)
    row |= {"champion_version": number if row["won"] else row["old_version"], "challenger_version": number}
    log.info("%s: %s", name, row["reason"])
    night = pd.DataFrame([{**row, "candidate": found[0]["candidate"]}])
    publish(job, "model_runs", night, run_date=job.run_date.isoformat())


def gone(version: ModelVersion) -> bool:
    """Whether the version was champion and a person brought back the one before it."""
    return registry.DISMISSED in version.tags


def blank(champion: int) -> Row:
    """A row without a comparison."""
    figures = ("difference", "difference_low", "difference_high", "champion_auc", "challenger_auc")
    return {"old_version": champion, "holdout_rows": 0, "won": False, **dict.fromkeys(figures)}


def repeated(champion: int, challenger: ModelVersion) -> Row:
    """The row of a night whose challenger was judged before."""
    if gone(challenger):
        reason = f"version {challenger.version} was dismissed by hand: version {champion} is champion again"
        return {**blank(champion), "decision": "rolled back", "reason": reason}
    reason = f"no new data: nothing was retrained, version {champion} stays champion"
    return {**blank(champion), "decision": "unchanged", "reason": reason}


def judged(job: Job, client: mlflow.MlflowClient, name: str, champion: int, challenger: int) -> Row:
    """The night's decision: decision, won, reason, and the figures where both were compared."""
    if not champion:
        reason = f"version {challenger} is the first champion"
        return {**blank(champion), "decision": "first", "won": True, "reason": reason}
    try:
        model, card = registry.load(job.settings, client, name, champion)
    except BankError as error:
        reason = f"version {challenger} wins: {error}"
        return {**blank(champion), "decision": "contract", "won": True, "reason": reason}
    problem = PROBLEMS[name]
    if changed := sorted(set(card.columns) ^ set(source_columns(problem))):
        reason = (
            f"version {challenger} wins: a model may not see the same columns any more ({', '.join(changed)}) "
            f"as when version {champion} was trained"
        )
        return {**blank(champion), "decision": "contract", "won": True, "reason": reason}
    table = job.read(problem.table)
    both = (model, card), registry.load(job.settings, client, name, challenger)
    return {**blank(champion), **compared(job, table, *both)}


def compared(job: Job, table: DataFrame, old: tuple[Any, Card], new: tuple[Any, Card]) -> Row:
    """Score both on the rows that neither was trained on; the challenger wins if it is surely better by the margin."""
    settings, (model, card), (challenger, its_card) = job.settings, old, new
    rows = training_rows(table, PROBLEMS[card.problem], settings.training_rows, settings.seed)
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
