"""Drift since the champion's training, and its warnings."""

import numpy as np
import pandas as pd

from jobs.models.drift import measure_drift, warning_sentences
from jobs.models.psi import profile, profiles
from jobs.models.scoring_config import ScoringConfig


def config(rows: pd.DataFrame) -> ScoringConfig:
    return ScoringConfig(
        use_case="default",
        candidate="xgboost",
        members=["xgboost"],
        slope=1.0,
        intercept=0.0,
        threshold=0.5,
        holdout_below=0.2,
        columns=["age", "sex"],
        features=["age", "sex"],
        positive_rate=0.2,
        reference=profiles(rows, ["age", "sex"], ["sex"]),
        scores=profile(rows["probability"], False),
        checksum="c",
        rows=len(rows),
    )


def clients(number: int = 1000) -> pd.DataFrame:
    """Clients of whom one in five has the outcome."""
    order = np.arange(number)
    return pd.DataFrame(
        {
            "age": 20.0 + order % 50,
            "sex": np.where(order % 2, "1", "2"),
            "label": (order % 5 == 0) * 1.0,
            "probability": (order % 100) / 100,
            "content_hash": order / number,
        }
    )


def test_unchanged_clients_cause_no_warning():
    drift = measure_drift(config(clients()), clients(), 0.25)
    assert list(drift["column_name"]) == ["age", "sex", "probability", "outcome"]
    assert warning_sentences(drift) == []


def test_a_drifted_column_the_scores_and_the_outcome_each_cause_a_warning():
    current = clients().assign(age=lambda rows: rows["age"] + 25, probability=0.99)
    current["label"] = (np.arange(1000) % 3 == 0) * 1.0
    drift = measure_drift(config(clients()), current, 0.25)
    assert set(drift.loc[drift["warn"], "column_name"]) == {"age", "probability", "outcome"}
    sentences = warning_sentences(drift)
    assert sentences[0].startswith("age has drifted: feature ") and sentences[0].endswith(", warning level 0.250")
    assert sentences[-1] == "outcome has drifted: label 0.134, warning level 0.050"


def test_scores_are_compared_on_clients_that_did_not_train_the_champion():
    current = clients()
    current.loc[current["content_hash"] >= 0.2, "probability"] = 0.99
    drift = measure_drift(config(clients()), current, 0.25).set_index("column_name")
    assert not drift.loc["probability", "warn"]
