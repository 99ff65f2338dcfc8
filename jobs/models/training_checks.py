"""Checks before a training. Each failure is one sentence, and the champion stays as it is."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from jobs.core.errors import BankError
from jobs.models.classification_metrics import Array, roc_auc
from jobs.models.use_cases import UseCase

MIN_ROWS_PER_CLASS = 50
"""Rows with and without the outcome that a model needs."""

LEAK_AUC = 0.95
"""ROC-AUC of a single column from which it's a leak; the best honest columns reach 0.7."""

MIN_KNOWN_SHARE = 0.01
"""Share of known values below which a fold may have none."""

MAX_CATEGORIES = 60
"""Distinct values of a category; Spark's trees take 64 bins at most."""

MIN_ROWS_PER_CATEGORY = 20
"""Rows below which a category's rate isn't reliable."""


def check_classes(use_case: UseCase, labels: pd.Series) -> None:
    """Raise BankError if the table is empty, or has too few rows of one class.

    Args:
        use_case: the use case.
        labels: 1.0 or 0.0 of each row.

    """
    if labels.empty:
        raise BankError(f"table {use_case.table} is empty: load it first: bankstack run ingest.{use_case.table}")
    positives = int(labels.sum())
    if min(positives, len(labels) - positives) < MIN_ROWS_PER_CLASS:
        raise BankError(
            f"table {use_case.table}: {positives} of {len(labels)} rows have {use_case.outcome} = {use_case.positive}; "
            f"a model for {use_case.name} needs at least {MIN_ROWS_PER_CLASS} rows with it and {MIN_ROWS_PER_CLASS} "
            "without it. The champion stays"
        )


def uninformative_columns(rows: pd.DataFrame, names: Collection[str]) -> list[str]:
    """Return the columns that a model can't learn from: constant, hardly known, or with too many categories."""
    return [name for name in names if _is_uninformative(rows[name])]


def _is_uninformative(values: pd.Series) -> bool:
    min_known = min(max(MIN_ROWS_PER_CLASS, MIN_KNOWN_SHARE * len(values)), len(values))
    is_constant = values.nunique(dropna=False) < 2
    is_hardly_known = values.count() < min_known
    has_too_many_categories = values.dtype == object and values.nunique() > MAX_CATEGORIES
    return bool(is_constant or is_hardly_known or has_too_many_categories)


def check_leaks(use_case: UseCase, rows: pd.DataFrame, names: Collection[str]) -> None:
    """Raise BankError if a single column predicts the outcome almost perfectly, as no honest column does.

    Args:
        use_case: the use case.
        rows: the columns, `label` and `content_hash`.
        names: the columns to check.

    """
    for name in names:
        auc = single_column_auc(rows, name)
        if auc > LEAK_AUC:
            raise BankError(
                f"table {use_case.table}: column {name} alone predicts {use_case.outcome} (ROC-AUC {auc:.3f}), so it's "
                f"probably known only afterwards: set known_afterwards = true in {use_case.table}.toml. "
                "The champion stays"
            )


def single_column_auc(rows: pd.DataFrame, name: str) -> float:
    """Return how well one column alone predicts the label, as ROC-AUC of 0.5 or more.

    A number predicts by its value, a category by its rate on the other half of the rows, and both also by being
    missing.
    """
    labels: Array = rows["label"].to_numpy(float)
    auc_of_missing = roc_auc(labels, np.asarray(rows[name].isna(), dtype=np.float64))
    if rows[name].dtype == object:
        learns = rows["content_hash"] * 1e6 % 2 < 1
        rates = _category_rates(rows[learns], name)
        scores = rows[name].fillna("").map(rates).fillna(labels.mean()).to_numpy(float)
        labels, scores = labels[~learns], scores[~learns]
    else:
        scores = rows[name].fillna(rows[name].median()).to_numpy(float)
    auc = roc_auc(np.asarray(labels), np.asarray(scores))
    return max(auc, 1 - auc, auc_of_missing, 1 - auc_of_missing)


def _category_rates(rows: pd.DataFrame, name: str) -> "pd.Series[float]":
    groups = rows.groupby(rows[name].fillna(""))["label"].agg(["mean", "size"])
    return groups.loc[groups["size"] >= MIN_ROWS_PER_CATEGORY, "mean"]
