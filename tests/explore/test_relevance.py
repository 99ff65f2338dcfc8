"""Information that features carry about the outcome."""

import numpy as np
import pandas as pd
import pytest

from jobs.explore.relevance import feature_relevance


def relevance(bins):
    rows = [(feature, n, yes, feature == "duration") for feature, n, yes in bins]
    columns = ["feature", "row_count", "positives", "known_afterwards"]
    return {row["feature"]: row for row in feature_relevance(pd.DataFrame(rows, columns=columns)).to_dict("records")}


def test_features_are_ranked_by_mutual_information():
    bins = [
        ("independent", 40, 20),
        ("independent", 20, 10),
        ("independent", 20, 10),
        ("identical", 40, 40),
        ("identical", 40, 0),
        ("duration", 40, 30),
        ("duration", 40, 10),
    ]

    found = relevance(bins)

    assert {name: row["rank"] for name, row in found.items()} == {"identical": 1, "duration": 2, "independent": 3}
    assert found["identical"]["mutual_information"] == pytest.approx(1.0)
    assert found["duration"]["mutual_information"] == pytest.approx(1 - 0.811278, abs=1e-6)  # H(1/4) = .811278
    assert found["independent"]["mutual_information"] == pytest.approx(0.0, abs=1e-9)
    assert (found["independent"]["bins"], found["duration"]["bins"]) == (3, 2)
    assert [name for name, row in found.items() if row["known_afterwards"]] == ["duration"]


def test_the_share_of_removed_uncertainty_is_1_for_a_rare_outcome_too():
    row = relevance([("identical", 75, 0), ("identical", 25, 25)])["identical"]

    assert row["mutual_information"] == pytest.approx(0.811278, abs=1e-6)
    assert row["uncertainty_removed"] == pytest.approx(1.0)


def test_no_feature_informs_about_an_outcome_that_never_varies():
    row = relevance([("age", 75, 0), ("age", 25, 0)])["age"]

    assert row["mutual_information"] == 0.0
    assert np.isnan(row["uncertainty_removed"])
