"""Information that features carry about the outcome."""

import pytest

from jobs.explore.relevance import feature_relevance

COUNTS = "dataset STRING, label STRING, feature STRING, row_count BIGINT, positives BIGINT, known_afterwards BOOLEAN"


def relevance(spark, bins):
    rows = [("clients", "subscribed", feature, n, yes, feature == "duration") for feature, n, yes in bins]
    return {row["feature"]: row for row in feature_relevance(spark.createDataFrame(rows, COUNTS)).collect()}


def test_features_are_ranked_by_mutual_information(spark):
    bins = [
        ("independent", 40, 20),
        ("independent", 20, 10),
        ("independent", 20, 10),
        ("identical", 40, 40),
        ("identical", 40, 0),
        ("duration", 40, 30),
        ("duration", 40, 10),
    ]

    found = relevance(spark, bins)

    assert {name: row["rank"] for name, row in found.items()} == {"identical": 1, "duration": 2, "independent": 3}
    assert found["identical"]["mutual_information"] == pytest.approx(1.0)
    assert found["duration"]["mutual_information"] == pytest.approx(1 - 0.811278, abs=1e-6)  # H(1/4) = .811278
    assert found["independent"]["mutual_information"] == pytest.approx(0.0, abs=1e-9)
    assert (found["independent"]["bins"], found["duration"]["bins"]) == (3, 2)
    assert [name for name, row in found.items() if row["known_afterwards"]] == ["duration"]


def test_the_share_of_removed_uncertainty_is_1_for_a_rare_outcome_too(spark):
    row = relevance(spark, [("identical", 75, 0), ("identical", 25, 25)])["identical"]

    assert row["mutual_information"] == pytest.approx(0.811278, abs=1e-6)
    assert row["uncertainty_removed"] == pytest.approx(1.0)


def test_no_feature_informs_about_an_outcome_that_never_varies(spark):
    row = relevance(spark, [("age", 75, 0), ("age", 25, 0)])["age"]

    assert (row["mutual_information"], row["uncertainty_removed"]) == (0.0, None)
