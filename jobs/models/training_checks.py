"""What stops a training, each as one sentence: the champion stays as it is."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from jobs.core.errors import BankError
from jobs.models.metrics import Array, figures, rank
from jobs.models.use_cases import UseCase

LEAST = 50  # rows with and without the outcome: below it folds say nothing
TELLS_ALL = 0.95  # ROC-AUC of one column alone; the best honest ones have 0.7
SCARCE = 0.01  # share of known values below which a fold may have none
MOST = 60  # values of a category: trees of Spark count 64 bins at most
FEW = 20  # rows of a category below which its rate says little


def check_rows(use_case: UseCase, labels: pd.Series) -> None:
    """Raise BankError for a table without rows, or with one class only, or nearly so."""
    if labels.empty:
        raise BankError(f"table {use_case.table} is empty: load it first: python -m jobs run ingest.{use_case.table}")
    positives = int(labels.sum())
    if min(positives, len(labels) - positives) < LEAST:
        raise BankError(
            f"table {use_case.table}: {positives} of {len(labels)} rows have {use_case.label} = {use_case.positive}; a "
            f"model for {use_case.name} needs at least {LEAST} rows with and {LEAST} without it. The champion stays"
        )


def useless(rows: pd.DataFrame, names: Collection[str]) -> list[str]:
    """The columns of which a model can learn nothing: one value only, hardly known, or a name for nearly each row."""
    enough = max(LEAST, SCARCE * len(rows))
    return [
        name
        for name in names
        if rows[name].nunique(dropna=False) < 2
        or rows[name].count() < min(enough, len(rows))
        or (rows[name].dtype == object and rows[name].nunique() > MOST)
    ]


def check_leaks(use_case: UseCase, rows: pd.DataFrame, names: Collection[str]) -> None:
    """Raise BankError if one column alone tells the outcome: no honest one does.

    Rows have the columns, `label` and `place`.
    """
    for name in names:
        tells = auc_alone(rows, name)
        if tells > TELLS_ALL:
            raise BankError(
                f"table {use_case.table}: column {name} alone tells {use_case.label} (ROC-AUC {tells:.3f}), so it is "
                f"probably known only afterwards: mark it known_afterwards = true in {use_case.table}.toml. "
                "The champion stays"
            )


def auc_alone(rows: pd.DataFrame, name: str) -> float:
    """ROC-AUC of one column by itself: of its numbers, of its categories' rates on the other half, or of its gaps."""
    labels: Array = rows["label"].to_numpy(float)
    missing = figures(rank(labels, np.asarray(rows[name].isna(), dtype=np.float64)), np.inf)["roc_auc"]
    if rows[name].dtype == object:
        half = rows["place"] * 1e6 % 2 < 1
        scores = rows[name].fillna("").map(_rates(rows[half], name)).fillna(labels.mean()).to_numpy(float)
        labels, scores = labels[~half], scores[~half]
    else:
        scores = rows[name].fillna(rows[name].median()).to_numpy(float)
    auc = figures(rank(np.asarray(labels), np.asarray(scores)), np.inf)["roc_auc"]
    return max(auc, 1 - auc, missing, 1 - missing)


def _rates(rows: pd.DataFrame, name: str) -> "pd.Series[float]":
    groups = rows.groupby(rows[name].fillna(""))["label"].agg(["mean", "size"])
    return groups.loc[groups["size"] >= FEW, "mean"]
