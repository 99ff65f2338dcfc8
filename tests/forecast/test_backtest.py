"""The backtest uses no future days and picks the most accurate method, even if that is the simplest."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.backtest import decide, evaluate
from jobs.forecast.daily_history import daily_history
from jobs.forecast.forecast_scores import mase_of_earlier_choice, score_methods
from jobs.forecast.rolling_origin import error_scale, run_backtest
from jobs.simulation.datasets.daily_volume import daily_counts, dates
from tests.forecast.daily_volume_rows import volume, weekly

ACTUALS = (10.0, 12.0, 10.0, 12.0, 10.0, 12.0)


def winners(history, seed=1):
    backtest, scores = evaluate(history, seed)
    return decide(history, backtest, scores).set_index("series")["method"].to_dict()


@pytest.fixture(scope="module")
def noisy():
    """A noisy weekly pattern of 140 days: twelve tests of seven days."""
    return daily_history(volume(weekly(140, noise=0.1)))


@pytest.fixture(scope="module")
def tested(noisy):
    return run_backtest(noisy, 1)


def test_each_method_forecasts_every_tested_day_once(tested):
    rows = tested[(tested["series"] == "amount") & (tested["method"] == "gradient_boosting")]

    assert rows["transaction_date"].is_unique and len(rows) == 12 * 7
    ahead = (rows["transaction_date"] - rows["origin_date"]).dt.days
    assert ahead.to_list() == rows["horizon"].to_list() == [*range(1, 8)] * 12


def test_a_forecast_does_not_use_the_days_it_is_tested_on(noisy, tested):
    changed = noisy.days.copy()
    changed.iloc[-7:] *= 50
    again = run_backtest(type(noisy)(changed, noisy.seen, noisy.expected), 1)

    last = tested["test"] == 12
    assert not np.allclose(tested[last]["actual"], again[last]["actual"])
    for column in ("forecast", "low_80", "high_95", "scale"):
        assert np.array_equal(tested[column], again[column], equal_nan=True), column


def test_the_same_days_and_seed_give_the_same_rows(noisy, tested):
    again = run_backtest(noisy, 1)

    pd.testing.assert_frame_equal(tested, again, check_exact=True)
    pd.testing.assert_frame_equal(score_methods(tested, 1), score_methods(again, 1), check_exact=True)


def test_the_scale_is_the_mean_change_from_week_to_week():
    values = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 3.0, 2, 3, 4, 5, 6, 11])

    assert error_scale(values) == pytest.approx((2 + 4) / 7)


def test_the_scale_is_one_if_nothing_changes():
    assert error_scale(pd.Series([5.0] * 20)) == 1.0


def scored_constants():
    """Scores of methods that forecast a constant."""
    forecasts = {"seasonal_naive": 14.0, "exponential_smoothing": 11.0, "gradient_boosting": 10.0}
    rows = pd.DataFrame(
        [
            (method, test, actual, forecast)
            for method, forecast in forecasts.items()
            for test, actual in enumerate(ACTUALS)
        ],
        columns=["method", "test", "actual", "forecast"],
    ).assign(series="s", scale=2.0, low_80=np.nan, high_80=np.nan, low_95=np.nan, high_95=np.nan)
    rows["scaled_error"] = (rows["actual"] - rows["forecast"]).abs() / rows["scale"]

    return score_methods(rows, 1).set_index("method")


@pytest.fixture(scope="module")
def constants():
    return scored_constants()


def test_mase_is_the_mean_scaled_error(constants):
    mase = constants["mase"].to_dict()

    assert mase == {"exponential_smoothing": 0.5, "gradient_boosting": 0.5, "seasonal_naive": 1.5}
    assert constants.at["gradient_boosting", "error_to_naive"] == pytest.approx(1 / 3)


def test_smape_is_the_symmetric_percentage_error(constants):
    assert constants.at["exponential_smoothing", "smape"] == pytest.approx((2 / 21 + 2 / 23) / 2)


def test_the_sum_ratio_compares_the_sums_of_forecasts_and_actuals(constants):
    assert constants.at["exponential_smoothing", "sum_ratio"] == 1.0
    assert constants.at["gradient_boosting", "sum_ratio"] == pytest.approx(60 / 66)


def test_the_simpler_of_two_equal_methods_is_published(constants):
    ranks = constants["rank"].to_dict()

    assert ranks == {"exponential_smoothing": 1, "gradient_boosting": 2, "seasonal_naive": 3}
    assert constants.index[constants["published"]].to_list() == ["exponential_smoothing"]


def test_an_interval_is_as_wide_as_the_tests_differ(constants):
    smoothing, boosting = constants.loc["exponential_smoothing"], constants.loc["gradient_boosting"]

    assert smoothing["mase_low"] == smoothing["mase_high"] == 0.5, "all tests have the same error"
    assert boosting["mase_low"] < 0.5 < boosting["mase_high"]


def test_coverage_is_the_share_of_days_inside_their_interval(tested):
    rows = tested[(tested["series"] == "amount") & (tested["method"] == "seasonal_naive")].dropna()
    inside = (rows["actual"] >= rows["low_80"]) & (rows["actual"] <= rows["high_80"])

    found = score_methods(tested, 1).set_index(["series", "method"]).loc[("amount", "seasonal_naive")]

    assert (found["days"], found["interval_days"]) == (84, 56) and found["coverage_80"] == inside.sum() / 56


def test_the_later_mase_uses_the_method_that_was_best_before_each_test():
    errors = {"seasonal_naive": [1, 1, 1, 1, 5, 7], "exponential_smoothing": [2] * 6, "gradient_boosting": [9] * 6}
    rows = pd.DataFrame(
        [(method, test, error) for method, each in errors.items() for test, error in enumerate(each, 1)],
        columns=["method", "test", "scaled_error"],
    )

    # the naive has a mean of 1 before the fifth test, and of 9/5 before the sixth, still below 2
    assert mase_of_earlier_choice(rows) == (5 + 7) / 2


def test_the_naive_wins_if_every_week_is_the_same():
    assert winners(daily_history(volume(weekly(120)))) == dict.fromkeys(("transactions", "amount"), "seasonal_naive")


def test_boosting_beats_the_naive_on_simulated_volume_and_approaches_the_noise():
    counts = daily_counts(100_000, seed=5).astype(float)
    scores = score_methods(run_backtest(daily_history(volume(counts, dates()[0].item())), 1), 1)

    best = scores[scores["series"] == "transactions"].iloc[0]
    assert best["method"] == "gradient_boosting" and best["error_to_naive_high"] < 0.7
    assert 0.028 < best["smape"] < 0.055  # the simulated noise of 4 % alone causes about 3.2 %
    assert 0.72 < best["coverage_80"] < 0.9 and 0.9 < best["coverage_95"] <= 1


def test_days_that_cannot_be_forecast_have_a_reason_and_no_rows():
    history = daily_history(volume(weekly(30)))
    backtest, scores = evaluate(history, 1)

    decisions = decide(history, backtest, scores)

    assert len(backtest) == len(scores) == 0 and decisions["method"].isna().all()
    assert decisions["reason"].to_list() == [history.reason] * 2 and decisions["horizon"].to_list() == [0, 0]
