"""Who challenges, who wins, and how groups are treated."""

import numpy as np
import pandas as pd
import pytest

from jobs.models.fairness import fairness
from jobs.models.model_selection import calibration_rows, choose, metric_rows, platt, profit_rows
from jobs.models.promote import verdict


def scores(number=3000, **noise):
    """Labels and scores of candidates: the truth, with noise of this size."""
    dice = np.random.default_rng(1)
    truth = dice.random(number)
    made = {name: np.clip(truth + dice.normal(0, size, number), 0.001, 0.999) for name, size in noise.items()}
    labels = (dice.random(number) < truth).astype(float)
    return pd.DataFrame({"label": labels, "place": dice.random(number), "fold": np.arange(number) % 5, **made})


def test_an_average_that_is_surely_better_is_chosen():
    made = scores(forest=0.6, boosting=0.6, xgboost=0.6)
    made["average"] = made[["forest", "boosting", "xgboost"]].mean(axis=1)
    name, members, why = choose(made, seed=1)
    assert (name, members) == ("average", ["forest", "boosting", "xgboost"])
    assert "it earns its place" in why


def test_an_average_that_brings_nothing_is_not():
    made = scores(forest=2.0, boosting=2.0, xgboost=0.0)
    made["average"] = made[["forest", "boosting", "xgboost"]].mean(axis=1)
    name, members, why = choose(made, seed=1)
    assert (name, members) == ("xgboost", ["xgboost"]) and "does not earn its place" in why


def test_scores_that_are_too_sure_are_calibrated_and_true_ones_left_alone():
    made = scores(xgboost=0.0)
    assert platt(made, "xgboost", seed=1) == (1.0, 0.0, False)
    sure = made.assign(xgboost=made["xgboost"] ** 3 / (made["xgboost"] ** 3 + (1 - made["xgboost"]) ** 3))
    slope, intercept, helps = platt(sure, "xgboost", seed=1)
    assert helps and slope == pytest.approx(1 / 3, abs=0.05) and intercept == pytest.approx(0, abs=0.15)


def test_tables_hold_every_candidate_and_evaluation():
    made = {"random_cv": scores(200, xgboost=0.0, forest=1.0)}
    cuts = {"random_cv": {"xgboost": 0.5, "forest": 0.5}}
    metrics = metric_rows(made, cuts, seed=1).set_index(["candidate", "metric"])
    assert metrics.loc[("xgboost", "roc_auc"), "value"] > metrics.loc[("forest", "roc_auc"), "value"]
    tenths = calibration_rows(made, seed=1)
    assert tenths.groupby("candidate")["clients"].sum().to_dict() == {"forest": 200, "xgboost": 200}
    assert tenths["observed"].between(tenths["observed_low"], tenths["observed_high"]).all()
    curve = profit_rows(made, cost=1, gain=3)
    last = curve[curve["candidate"] == "xgboost"].iloc[-1]
    assert (last["clients"], last["profit"]) == (200, 3 * made["random_cv"]["label"].sum() - 200)


def test_a_challenger_wins_only_if_it_is_surely_better_by_the_margin():
    made = scores(new=0.0, old=0.5).rename(columns={"new": "probability_new", "old": "probability_old"})
    won = verdict(made, margin=0.0, seed=1)
    assert won["won"] and won["decision"] == "better" and won["difference_low"] > 0
    assert not verdict(made, margin=won["difference"], seed=1)["won"], "its low end is below that margin"
    same = made.assign(probability_new=made["probability_old"])
    kept = verdict(same, margin=0.0, seed=1)
    assert (kept["won"], kept["decision"], kept["holdout_rows"]) == (False, "kept", 3000)
    assert "does not win" in kept["reason"]


def test_without_both_classes_in_the_holdout_nobody_wins():
    made = scores(100, probability_new=0.0, probability_old=0.5).assign(label=0.0)
    assert not verdict(made, margin=0.0, seed=1)["won"]


def test_rates_of_groups():
    rows = pd.DataFrame(
        {
            "label": [1, 1, 0, 0, 1, 1, 0, 0] * 30 + [1],
            "probability": [0.9, 0.8, 0.7, 0.1, 0.9, 0.2, 0.1, 0.1] * 30 + [0.1],
            "group_sex": (["male"] * 4 + ["female"] * 4) * 30 + [None],
        }
    )
    found = fairness(rows, ["sex"], threshold=0.5).set_index("group_name")
    assert found["selection_rate"].to_dict() == {"female": 0.25, "male": 0.75, "not known": 0.0}
    assert found["true_positive_rate"].to_dict() == {"female": 0.5, "male": 1.0, "not known": 0.0}
    differences = found["equal_opportunity_difference"]
    assert differences.dropna().to_dict() == {"female": -0.5, "male": 0.0}, "one client alone is not compared"
