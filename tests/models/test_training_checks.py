"""What stops a training: each a sentence that names the table and the way out."""

import numpy as np
import pandas as pd
import pytest

from jobs.core.errors import BankError
from jobs.models.training_checks import auc_alone, check_leaks, check_rows, useless
from jobs.models.use_cases import USE_CASES, features, inputs, known_afterwards, source_columns

CLIENTS = USE_CASES["subscription"]


def rows(number=400):
    dice = np.random.default_rng(1)
    labels = (dice.random(number) < 0.3).astype(float)
    return pd.DataFrame(
        {
            **{"label": labels, "place": dice.random(number), "age": dice.integers(20, 80, number).astype(float)},
            "job": dice.choice(["retired", "student"], number),
        }
    )


def test_what_the_contract_marks_is_no_feature_and_nothing_derived_from_it_is():
    assert known_afterwards(CLIENTS) == ["duration"]
    assert "duration" not in source_columns(CLIENTS) and "subscribed" not in source_columns(CLIENTS)
    assert "client_id" not in features(CLIENTS).names
    assert not any("duration" in sql for sql in features(CLIENTS).derived.values())
    assert "duration" in features(CLIENTS, afterwards=True).names


def test_a_planted_leaking_number_is_caught_and_honest_columns_pass():
    honest = rows()
    check_leaks(CLIENTS, honest, ["age", "job"])
    leaking = honest.assign(balance=honest["label"] * 10 + np.random.default_rng(2).random(len(honest)))
    with pytest.raises(BankError, match=r"column balance alone tells subscribed .* mark it known_afterwards = true"):
        check_leaks(CLIENTS, leaking, ["age", "balance"])


def test_a_planted_leaking_category_is_caught_and_one_of_many_values_is_not():
    leaking = rows().assign(contact=lambda made: made["label"].map({1.0: "signed", 0.0: "not signed"}))
    with pytest.raises(BankError, match="column contact alone tells"):
        check_leaks(CLIENTS, leaking, ["contact"])
    names = rows().assign(job=lambda made: [f"job {number}" for number in range(len(made))])
    assert auc_alone(names, "job") < 0.6


def test_a_column_that_is_missing_when_scoring_is_named(spark):
    rows = spark.range(1).selectExpr("'retired' AS job", "33 AS age")
    with pytest.raises(BankError, match="table clients lacks balance, which the model for subscription was trained on"):
        inputs(rows, CLIENTS, ["job", "age", "balance"])
    assert inputs(rows, CLIENTS, ["job", "age"]).dtypes == [("job", "string"), ("age", "double")]


def test_an_empty_table_and_one_class_are_named():
    with pytest.raises(BankError, match=r"table clients is empty: load it first: python -m jobs run ingest\.clients"):
        check_rows(CLIENTS, pd.Series([], dtype=float))
    with pytest.raises(BankError, match=r"table clients: 0 of 400 rows have subscribed = yes"):
        check_rows(CLIENTS, pd.Series(np.zeros(400)))
    check_rows(CLIENTS, rows()["label"])


def test_a_column_that_tells_nothing_is_left_out():
    made = rows().assign(loan="no", pdays=np.nan, poutcome=[f"outcome {number}" for number in range(400)])
    made["previous"] = np.where(np.arange(400) < 30, 1.0, np.nan)
    names = ["age", "job", "loan", "pdays", "poutcome", "previous"]
    assert useless(made, names) == ["loan", "pdays", "poutcome", "previous"]
