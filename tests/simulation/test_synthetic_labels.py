"""The true models behind both labels can be learned from the generated files."""

import numpy as np
import pandas as pd
import pytest

from jobs.simulation.datasets import planted_effects, write

ROWS, SEED = 40_000, 3


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    return pd.read_csv(write("clients", tmp_path_factory.mktemp("data"), ROWS, SEED), sep=";")


@pytest.fixture(scope="module")
def credit(tmp_path_factory):
    return pd.read_csv(write("credit", tmp_path_factory.mktemp("data"), ROWS, SEED))


def test_retired_clients_have_the_highest_mean_balance(clients):
    means = clients.groupby("job")["balance"].mean()

    assert means.idxmax() == planted_effects.RICHEST_JOB == "retired"
    assert means["retired"] == pytest.approx(3000, rel=0.1)
    assert means["management"] == pytest.approx(1750, rel=0.1)


def test_values_and_ranges_equal_those_of_the_real_file(clients):
    words = {name: sorted(clients[name].unique()) for name in ("marital", "education", "contact", "poutcome")}

    assert words == {
        "marital": ["divorced", "married", "single"],
        "education": ["primary", "secondary", "tertiary", "unknown"],
        "contact": ["cellular", "telephone", "unknown"],
        "poutcome": ["failure", "other", "success", "unknown"],
    }
    assert clients["age"].between(18, 95).all()
    assert clients["day"].between(1, 28).all()
    assert sorted(clients["job"].unique()) == sorted(planted_effects.JOBS)
    assert ((clients["pdays"] == -1) == (clients["poutcome"] == "unknown")).all()
    assert ((clients["previous"] == 0) == (clients["poutcome"] == "unknown")).all()


def test_yes_grows_over_time_from_about_two_to_about_thirty_percent(clients):
    tenths = [(part["y"] == "yes").mean() for part in _tenths(clients)]

    assert tenths[0] < 0.03
    assert tenths[-1] > 0.25
    assert np.corrcoef(range(10), tenths)[0, 1] > 0.85


def test_subscription_follows_its_true_log_odds(clients):
    odds = planted_effects.subscription_log_odds(clients, clients["age"].to_numpy(), (np.arange(ROWS) + 0.5) / ROWS)
    intercept, slope = _logistic(odds[:, None], clients["y"] == "yes")

    assert intercept == pytest.approx(0.0, abs=0.12)
    assert slope == pytest.approx(1.0, abs=0.06)


def test_effects_of_contact_and_earlier_outcome_can_be_learned(clients):
    columns = ["poutcome", "month", "contact", "housing", "loan"]
    base = {"poutcome": "unknown", "month": "aug", "contact": "cellular", "housing": "no", "loan": "no"}
    flags = {(c, w): (clients[c] == w) for c in columns for w in clients[c].unique() if w != base[c]}
    others = [np.arange(ROWS) / ROWS, (clients["age"] < 25) | (clients["age"] > 60)]
    learned = _logistic(np.column_stack([*flags.values(), *others]).astype(float), clients["y"] == "yes")
    effects = dict(zip([*flags, "time", "age"], learned[1:], strict=True))

    assert effects["poutcome", "success"] == pytest.approx(planted_effects.SUBSCRIPTION["poutcome"]["success"], abs=0.2)
    assert effects["contact", "unknown"] == pytest.approx(planted_effects.SUBSCRIPTION["contact"]["unknown"], abs=0.2)
    assert effects["month", "mar"] == pytest.approx(planted_effects.SUBSCRIPTION["month"]["mar"], abs=0.4)
    assert effects["housing", "yes"] == pytest.approx(planted_effects.SUBSCRIPTION["housing"]["yes"], abs=0.12)
    assert effects["time"] == pytest.approx(planted_effects.TIME_COEFFICIENT, abs=0.25)
    assert effects["age"] == pytest.approx(planted_effects.AGE_COEFFICIENT, abs=0.2)


def test_duration_leaks_the_answer(clients):
    medians = clients.groupby("y")["duration"].median()

    assert medians["no"] == pytest.approx(165, rel=0.05)
    assert medians["yes"] == pytest.approx(430, rel=0.05)
    assert _auc(clients["duration"], clients["y"] == "yes") > 0.75


def test_default_follows_its_true_log_odds(credit):
    odds = planted_effects.default_log_odds(
        *(credit[c].to_numpy() for c in ("PAY_0", "PAY_2", "BILL_AMT1", "LIMIT_BAL"))
    )
    intercept, slope = _logistic(odds[:, None], credit["default.payment.next.month"])

    assert intercept == pytest.approx(0.0, abs=0.08)
    assert slope == pytest.approx(1.0, abs=0.06)
    assert credit["default.payment.next.month"].mean() == pytest.approx(0.22, abs=0.02)


def test_default_drivers_can_be_learned(credit):
    drivers = {
        "months_late": credit["PAY_0"].clip(0, 3),
        "months_late_before": credit["PAY_2"].clip(0, 3),
        "utilisation": (credit["BILL_AMT1"] / credit["LIMIT_BAL"]).clip(0, 1.2),
        "log2_limit": np.log2(credit["LIMIT_BAL"] / 100_000),
    }
    learned = _logistic(np.column_stack(list(drivers.values())), credit["default.payment.next.month"])

    assert dict(zip(drivers, learned[1:], strict=True)) == pytest.approx(planted_effects.DEFAULT, abs=0.12)


def test_dirt_in_the_credit_file_is_counted_exactly(credit):
    same = (credit.drop(columns=["ID", "AGE"]).diff() == 0).all(axis=1)

    assert credit["AGE"].isna().sum() == planted_effects.blank_ages(ROWS) == 8
    assert same.sum() == planted_effects.repeated_rows(ROWS) == 40


def test_round_limits_are_written_with_an_exponent(tmp_path):
    lines = write("credit", tmp_path, 500, SEED).read_text().splitlines()[1:]
    limits = [line.split(",")[1] for line in lines]

    assert {"1.00E+05", "50000"} <= set(limits)
    assert "100000" not in limits


def _tenths(rows):
    return [rows.iloc[start : start + ROWS // 10] for start in range(0, ROWS, ROWS // 10)]


def _logistic(features, label):
    """Return intercept and coefficients by Newton's method."""
    x = np.column_stack([np.ones(len(features)), features])
    y, weights = np.asarray(label, dtype=float), np.zeros(x.shape[1])
    for _ in range(8):
        p = 1 / (1 + np.exp(-x @ weights))
        weights += np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]), x.T @ (y - p))
    return weights


def _auc(scores, label):
    ranks = scores.rank()
    positives = label.sum()
    return (ranks[label].sum() - positives * (positives + 1) / 2) / (positives * (~label).sum())
