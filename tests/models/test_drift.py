"""What moved since the champion was trained, and that somebody is told."""

import numpy as np
import pandas as pd

from jobs.models.drift import in_words, measured
from jobs.models.psi import profile, profiles
from jobs.models.scoring_config import Card


def card(rows: pd.DataFrame) -> Card:
    return Card(
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
    columns = {"age": 20.0 + order % 50, "sex": np.where(order % 2, "1", "2"), "label": (order % 5 == 0) * 1.0}
    return pd.DataFrame({**columns, "probability": (order % 100) / 100, "place": order / number})


def test_the_same_clients_warn_of_nothing():
    found = measured(card(clients()), clients(), 0.25)
    assert list(found["column_name"]) == ["age", "sex", "probability", "outcome"]
    assert in_words(found) == []


def test_a_column_the_scores_and_the_outcome_that_moved_are_told_each():
    tonight = clients().assign(age=lambda rows: rows["age"] + 25, probability=0.99)
    tonight["label"] = (np.arange(1000) % 3 == 0) * 1.0
    found = measured(card(clients()), tonight, 0.25)
    assert set(found.loc[found["warn"], "column_name"]) == {"age", "probability", "outcome"}
    said = in_words(found)
    assert said[0].startswith("age moved: feature ") and said[0].endswith(", from 0.250 on a warning")
    assert said[-1] == "outcome moved: label 0.134, from 0.050 on a warning"


def test_scores_are_compared_on_clients_that_the_champion_was_not_trained_on():
    moved = clients()
    moved.loc[moved["place"] >= 0.2, "probability"] = 0.99
    found = measured(card(clients()), moved, 0.25).set_index("column_name")
    assert not found.loc["probability", "warn"]
