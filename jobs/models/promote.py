"""Let the challenger meet the champion on rows that neither has seen; the better one is champion from now on.

Reads: clients or credit, challengers. Writes: model_runs, one row a night whoever wins. The alias `champion` moves in
one call, so a run killed anywhere leaves the old champion in place.
"""

import logging
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from pyspark.sql import DataFrame

from jobs.core.errors import BankError
from jobs.core.job import Job
from jobs.models import registry
from jobs.models.card import Card, scored
from jobs.models.frames import publish
from jobs.models.metrics import figures, paired_difference, rank
from jobs.models.prepare import training_rows
from jobs.models.problems import PROBLEMS

JUDGED = "judged"
log = logging.getLogger("bankstack")
Row = dict[str, Any]


def main(job: Job) -> None:
    """Judge the newest challenger once, and publish who is champion and why."""
    name, client = job.step.arguments["problem"], registry.connect(job.settings)
    found = job.read("challengers").where(f"problem = '{name}'").collect()
    if not found:
        raise BankError(f"{name}: nothing is trained yet: python -m jobs run models.train_{name}")
    champion, challenger = registry.champion(client, name), int(found[0]["version"])
    row = judged(job, client, name, int(champion.version) if champion else 0, challenger)
    if row["won"]:
        registry.promote(client, name, challenger)
    client.set_model_version_tag(name, str(challenger), JUDGED, "won" if row["won"] else row["decision"])
    row |= {"champion_version": challenger if row["won"] else row["old_version"], "challenger_version": challenger}
    log.info("%s: %s", name, row["reason"])
    publish(job, "model_runs", pd.DataFrame([{**row, "candidate": found[0]["candidate"]}]), by_night=True)


def judged(job: Job, client: mlflow.MlflowClient, name: str, champion: int, challenger: int) -> Row:
    """The night's decision: decision, won, reason, and the figures where both were compared."""
    blank: Row = {"old_version": champion, "holdout_rows": 0, "won": False}
    blank |= dict.fromkeys(("difference", "difference_low", "difference_high", "champion_auc", "challenger_auc"))
    if champion and JUDGED in client.get_model_version(name, str(challenger)).tags:
        reason = f"no new data: nothing was retrained, version {champion} stays champion"
        return {**blank, "decision": "unchanged", "reason": reason}
    if not champion:
        reason = f"version {challenger} is the first champion"
        return {**blank, "decision": "first", "won": True, "reason": reason}
    model, card = registry.load(job.settings, client, name, champion)
    table = job.read(PROBLEMS[name].table)
    if missing := [column for column in card.columns if column not in table.columns]:
        reason = (
            f"version {challenger} wins: the table no longer has {', '.join(missing)}, which version {champion} needs"
        )
        return {**blank, "decision": "contract", "won": True, "reason": reason}
    return {**blank, **compared(job, table, (model, card), registry.load(job.settings, client, name, challenger))}


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
