"""Spaces, algorithms and measures, on points whose groups are plain to see."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import functions as F
from sklearn.metrics import adjusted_rand_score

from jobs.segments import fit, quality
from jobs.segments.algorithms import ALGORITHMS, nearest
from jobs.segments.baseline import baseline
from jobs.segments.clustering_search import MEASURES, Clustering, search
from jobs.segments.nearest_centre import placed
from jobs.segments.rule_tree import rules
from jobs.segments.search_sample import Sample
from jobs.segments.spaces import FEATURES, TREATMENTS, Scale, Space, fit_scale, fit_space

TRUE = np.repeat([0, 1, 2], 80)
POINTS = np.random.default_rng(2).normal(size=(240, 2)) * 0.1 + np.array([[0, 0], [5, 0], [0, 5]])[TRUE]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_each_algorithm_finds_plain_groups_and_they_are_stable(name):
    (centres, seconds) = ALGORITHMS[name](POINTS, [3], 1)[3]
    labels = nearest(POINTS, centres)
    assert adjusted_rand_score(TRUE, labels) == 1.0 and seconds > 0
    assert quality.stability(POINTS, name, {3: labels}, 1)[3] == pytest.approx(1.0)


def test_measures_of_plain_groups():
    centres = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
    assert quality.silhouette(quality.distances(POINTS), TRUE) > 0.9
    assert quality.within(POINTS, centres, TRUE) == pytest.approx(0.02, abs=0.005)
    assert quality.davies_bouldin(POINTS, TRUE) < 0.1
    assert quality.smallest_share(np.array([0, 0, 0, 1]), 3) == 0.0


def test_noise_is_not_stable():
    noise = np.random.default_rng(1).uniform(size=(400, 2))
    labels = nearest(noise, ALGORITHMS["k-means"](noise, [7], 1)[7][0])
    assert quality.stability(noise, "k-means", {7: labels}, 1)[7] < 0.8


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_numpy_and_spark_bend_alike(spark, treatment):
    values = np.append(np.random.default_rng(3).lognormal(8, 2, 300), [-500.0, 0.0, 1e12])
    scale = fit_scale("balance", treatment, values)
    rows = spark.createDataFrame(
        [(number, float(value)) for number, value in enumerate(values)], "id INT, balance DOUBLE"
    )
    bent = [row[0] for row in rows.orderBy("id").select(scale.column()).collect()]
    assert bent == pytest.approx(list(scale.applied(values)), abs=1e-9)
    assert abs(np.mean(bent)) < 1e-9 and max(np.abs(bent)) < 20, "one with 10^12 does not decide"
    assert rows.select(scale.column()).where(F.isnull("balance")).count() == 0


def model_of(points, centres):
    space = fit_space("money", ["balance", "age"], "winsorised", points)
    rows = [
        (
            *("AB"[place], scale.feature, scale.treatment, scale.low, scale.high, [], scale.mean, scale.deviation),
            float(scale.applied(np.array([value]))[0]),
        )
        for place, centre in enumerate(centres)
        for scale, value in zip(space.scales, centre, strict=True)
    ]
    names = ["segment", "feature", "treatment", "low", "high", "knots", "mean", "deviation", "centre"]
    return pd.DataFrame(rows, columns=names)


def test_customers_are_placed_by_what_is_known_of_them(spark):
    points = pd.DataFrame({"balance": np.linspace(0, 100, 101), "age": np.linspace(20, 70, 101)})
    model = model_of(points, [(10.0, 25.0), (90.0, 65.0)])
    people = [("near A", 12.0, 27), ("no age", 95.0, None), ("no balance", None, 24), ("nothing", None, None)]
    rows = placed(spark.createDataFrame(people, "customer_id STRING, balance DOUBLE, age INT"), model).collect()
    found = {row["customer_id"]: (row["segment"], row["second_segment"], row["features_known"]) for row in rows}
    assert found == {"near A": ("A", "B", 2), "no age": ("B", "A", 1), "no balance": ("A", "B", 1)}
    assert all(row["distance"] < row["second_distance"] for row in rows)


LINE = np.linspace(0.0, 1.0, 100).reshape(-1, 1)
SPLIT = Clustering(
    *(Space("money", "winsorised", (Scale("balance", "winsorised", 0.0, 1.0),)), "k-means", 2),
    *(np.array([[0.25], [0.75]]), 0.6, 0.3, 1.0, 0.5, 0.5, 0.9, 0.1),
)
THIN = np.array([[0.5], [1.49]])  # only the last of LINE is nearer to the second


def test_a_final_fit_with_too_small_a_cluster_gives_way_to_what_the_search_found(spark, monkeypatch):
    customers = spark.createDataFrame([("C1", 0.5)], "customer_id STRING, balance DOUBLE")
    monkeypatch.setattr(fit, "_fit", lambda rows, chosen, seed: THIN)
    assert fit.final_centres(customers, SPLIT, LINE, 1) is SPLIT.centres
    pinned = replace(SPLIT, smallest_share=0.01)
    assert fit.final_centres(customers, pinned, LINE, 1) is THIN, "a pinned one may break the rule"


def test_a_final_fit_is_good_enough_up_to_three_percent_more_error_than_that_of_the_search():
    measured = replace(SPLIT, within=0.0212)
    assert fit.good_enough(SPLIT.centres, measured, LINE)
    assert not fit.good_enough(SPLIT.centres, replace(measured, within=0.0205), LINE)


def crowded(balances):
    ages = np.resize([20.0, 30.0, 40.0, 50.0], len(balances))
    return pd.DataFrame({"balance": balances, "amount_mean": np.resize([1.0, 2.0, 3.0], len(balances)), "age": ages})


def test_no_more_clusters_are_tried_than_there_are_different_customers():
    found = search(crowded(np.resize([1.0, 2.0], 120)), ("balance",), 1)
    assert {one.k for one in found} == {2}
    assert {one.space.features for one in found} == {"money"}, "the same features are one set"


def test_two_searches_with_one_seed_find_the_same_to_the_last_digit():
    rows = crowded(np.random.default_rng(4).lognormal(9, 1, 120))
    names = [name for name in MEASURES if name != "seconds"]
    first, again = ([[getattr(one, name) for name in names] for one in search(rows, ("balance",), 7)] for _ in range(2))
    assert len(first) == 3 * 3 * 9 and first == again


def test_too_few_customers_and_features_that_tell_nothing_are_refused_with_a_sentence():
    few = Sample(crowded(np.arange(5.0)), FEATURES, 7, 5)
    assert few.reason == "Only 5 of 7 customers are known well enough; 100 are needed, so there are no segments."
    same = Sample(few.rows, (), 7, 5, ("balance is the same for all customers and was left out.",))
    assert same.reason.startswith("balance is the same") and same.reason.endswith("so there are no segments.")
    assert Sample(few.rows.head(0), (), 0, 0).reason == "There are no customers, so there are no segments."


def test_the_baseline_shows_what_outliers_do():
    rows = crowded(np.append(np.random.default_rng(1).lognormal(9, 1, 500), [1e9, 2e9]))
    found = baseline(rows, None, 1)
    assert found is not None and found.k == 6 and found.smallest_share < 0.005
    assert np.isnan(found.silhouette_common)
    assert baseline(rows.head(3), None, 1) is None


def test_the_baseline_is_measured_in_the_common_space_of_the_customers():
    rows = crowded(np.repeat([1.0, 10.0, 100.0, 1000.0], 60))
    own, other = (fit_space("common", names, "log", rows) for names in (["balance"], ["age"]))
    by_balance, by_age = (baseline(rows, common, 1) for common in (own, other))
    assert by_balance.silhouette == by_age.silhouette
    assert by_balance.silhouette_common != by_age.silhouette_common


def test_a_tree_explains_membership_with_its_accuracy_on_customers_it_had_not_seen():
    rows = pd.DataFrame({"balance": np.arange(400.0), "age": 30.0})
    rows["segment"] = np.where(rows["balance"] > 199, "B", "A")
    told = rules(rows.sample(frac=1, random_state=1), ["age", "balance"], 1)
    assert list(told["segment"]) == ["A", "B"] or list(told["segment"]) == ["B", "A"]
    assert told["accuracy"].iloc[0] > 0.98 and told["customers"].sum() == 200
    assert all(rule.startswith(("balance over ₹", "balance at most ₹")) for rule in told["rule"])
