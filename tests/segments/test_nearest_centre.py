"""Tests for the assignment of customers to the nearest centre."""

import numpy as np
import pandas as pd
import pytest

from jobs.segments.feature_spaces import fit_space
from jobs.segments.nearest_centre import assign_segments

CENTRES = {"A": {"balance": 10.0, "age": 25.0}, "B": {"balance": 90.0, "age": 65.0}}


@pytest.fixture(scope="module")
def model():
    """Rows of segment_model with the two CENTRES."""
    points = pd.DataFrame({"balance": np.linspace(0, 100, 101), "age": np.linspace(20, 70, 101)})
    space = fit_space("money", ["balance", "age"], "winsorised", points)
    return pd.DataFrame(
        [
            {
                "segment": segment,
                "feature": scale.feature,
                "treatment": scale.treatment,
                "low": scale.low,
                "high": scale.high,
                "knots": [],
                "mean": scale.mean,
                "deviation": scale.deviation,
                "centre": float(scale.transform(np.array([centre[scale.feature]]))[0]),
                "variance": 0.25,
            }
            for segment, centre in CENTRES.items()
            for scale in space.scales
        ]
    )


@pytest.fixture(scope="module")
def assigned(spark, model):
    customers = [("near A", 12.0, 27), ("no age", 95.0, None), ("no balance", None, 24), ("nothing", None, None)]
    rows = spark.createDataFrame(customers, "customer_id STRING, balance DOUBLE, age INT")
    return {row["customer_id"]: row for row in assign_segments(rows, model).collect()}


def test_customers_are_assigned_by_their_known_features(assigned):
    found = {name: (row["segment"], row["second_segment"], row["features_known"]) for name, row in assigned.items()}
    assert found == {"near A": ("A", "B", 2), "no age": ("B", "A", 1), "no balance": ("A", "B", 1)}


def test_a_customer_without_any_known_feature_gets_no_segment(assigned):
    assert "nothing" not in assigned


def test_a_customer_between_two_centres_belongs_to_either(spark, model):
    between = spark.createDataFrame([("between", 51.0, 45)], "customer_id STRING, balance DOUBLE, age INT")
    (row,) = assign_segments(between, model).collect()
    assert 0.5 < row["membership"] < 0.7


def test_the_membership_near_a_centre_is_almost_one(assigned):
    assert assigned["near A"]["membership"] > 0.99


def test_the_second_segment_is_farther_away(assigned):
    assert all(row["distance"] < row["second_distance"] for row in assigned.values())
