"""Checks that stop a training with a sentence that names the table and the way out."""

import numpy as np
import pandas as pd
import pytest

from jobs.core.errors import BankError
from jobs.models.training_checks import check_classes, check_leaks, single_column_auc, uninformative_columns
from jobs.models.use_cases import USE_CASES

CLIENTS = USE_CASES["subscription"]


def rows(number=400):
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "label": (rng.random(number) < 0.3).astype(float),
            "content_hash": rng.random(number),
            "age": rng.integers(20, 80, number).astype(float),
            "job": rng.choice(["retired", "student"], number),
        }
    )


def test_honest_columns_are_no_leaks():
    check_leaks(CLIENTS, rows(), ["age", "job"])


def test_a_leaking_number_is_an_error():
    honest = rows()
    leaking = honest.assign(balance=honest["label"] * 10 + np.random.default_rng(2).random(len(honest)))
    message = r"column balance alone predicts subscribed .* set known_afterwards = true"
    with pytest.raises(BankError, match=message):
        check_leaks(CLIENTS, leaking, ["age", "balance"])


def test_a_leaking_category_is_an_error():
    leaking = rows().assign(contact=lambda made: made["label"].map({1.0: "signed", 0.0: "not signed"}))
    with pytest.raises(BankError, match="column contact alone predicts"):
        check_leaks(CLIENTS, leaking, ["contact"])


def test_a_category_with_a_value_per_row_is_no_leak():
    names = rows().assign(job=lambda made: [f"job {number}" for number in range(len(made))])
    assert single_column_auc(names, "job") < 0.6


def test_an_empty_table_is_an_error():
    with pytest.raises(BankError, match=r"table clients is empty: load it first: bankstack run ingest\.clients"):
        check_classes(CLIENTS, pd.Series([], dtype=float))


def test_a_table_with_one_class_is_an_error():
    with pytest.raises(BankError, match=r"table clients: 0 of 400 rows have subscribed = yes"):
        check_classes(CLIENTS, pd.Series(np.zeros(400)))


def test_a_table_with_both_classes_passes():
    check_classes(CLIENTS, rows()["label"])


def test_uninformative_columns_are_constant_hardly_known_or_have_too_many_categories():
    made = rows().assign(loan="no", pdays=np.nan, poutcome=[f"outcome {number}" for number in range(400)])
    made["previous"] = np.where(np.arange(400) < 30, 1.0, np.nan)
    names = ["age", "job", "loan", "pdays", "poutcome", "previous"]
    assert uninformative_columns(made, names) == ["loan", "pdays", "poutcome", "previous"]
