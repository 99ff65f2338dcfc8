"""The backtest uses no future days and picks the most accurate method, even if that is the simplest."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.backtest import DEFAULTS_REASON, TABLES, forecast_all, forecast_series
from jobs.forecast.daily_history import BANK, daily_history
from jobs.forecast.forecast_scores import mase_of_earlier_choice, score_methods
from jobs.forecast.prediction_intervals import BOUNDS
from jobs.forecast.rolling_origin import run_backtest
from tests.forecast.daily_volume_rows import volume, weekly

ACTUALS = (10.0, 12.0, 10.0, 12.0, 10.0, 12.0)
METHODS = ("seasonal_naive", "exponential_smoothing", "theta", "gradient_boosting", "combination")


@pytest.fixture(scope="module")
def noisy():
    """A noisy weekly pattern of two cities and 140 days: twelve tests of seven days."""
    cities = [volume(weekly(140, noise=0.1, seed=seed), city=city) for seed, city in enumerate(("DELHI", "PUNE"))]
    return daily_history(pd.concat(cities))


@pytest.fixture(scope="module")
def tested(noisy):
    return run_backtest(noisy.values["transactions"], noisy.origins, noisy.horizon, 1)


@pytest.fixture(scope="module")
def found(noisy):
    return forecast_series(noisy, "transactions", 1)


def test_each_method_forecasts_every_tested_day_once(found):
    rows = found["forecast_backtest"].query("method == 'theta' and reconciliation == 'none'")

    assert rows["transaction_date"].is_unique and len(rows) == 12 * 7 and set(rows["city"]) == {BANK}
    ahead = (rows["transaction_date"] - rows["origin_date"]).dt.days
    assert ahead.to_list() == rows["horizon"].to_list() == [*range(1, 8)] * 12


def test_a_forecast_does_not_use_the_days_it_is_tested_on(noisy, tested):
    changed = noisy.values["transactions"].copy()
    changed.iloc[-7:] *= 50
    again = run_backtest(changed, noisy.origins, noisy.horizon, 1)

    assert not np.allclose(tested.actual[-1], again.actual[-1])
    assert np.array_equal(tested.scales, again.scales)
    for method in METHODS:
        assert np.array_equal(tested.forecasts[method], again.forecasts[method]), method


def test_the_same_days_and_seed_give_the_same_rows(noisy, found):
    again = forecast_series(noisy, "transactions", 1)

    for table in TABLES:
        pd.testing.assert_frame_equal(found[table], again[table], check_exact=True)


def test_the_scales_are_the_mean_and_the_root_mean_square_of_the_weekly_changes():
    changes = (0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 3)
    days = pd.date_range("2016-02-01", periods=126, freq="D")
    values = pd.DataFrame({BANK: np.resize([5.0], 126)}, index=days)
    values.iloc[63:70, 0] += np.array(changes[:7])
    values.iloc[70:, 0] += 4.0 * (np.arange(56) % 7 == 6)

    test = run_backtest(values, [119], 7, 1)

    assert test.scales[0, 0] == pytest.approx(4 / 112) and test.rms_scales[0, 0] == pytest.approx(np.sqrt(16 / 112))


def test_the_scale_is_one_if_nothing_changes():
    days = pd.date_range("2016-02-01", periods=70, freq="D")

    assert run_backtest(pd.DataFrame({BANK: [5.0] * 70}, index=days), [63], 7, 1).scales.tolist() == [[1.0]]


@pytest.fixture(scope="module")
def constants():
    """Scores of methods that forecast a constant."""
    forecasts = dict(zip(METHODS, (14.0, 11.0, 10.0, 16.0, 18.0), strict=True))
    rows = pd.DataFrame(
        [
            (method, test, actual, forecast)
            for method, forecast in forecasts.items()
            for test, actual in enumerate(ACTUALS)
        ],
        columns=["method", "test", "actual", "forecast"],
    ).assign(series="s", scale=2.0, rms_scale=4.0)
    rows = rows.assign(low_80=rows["forecast"] - 1, high_80=rows["forecast"] + 1)
    rows = rows.assign(low_95=rows["forecast"] - 2, high_95=rows["forecast"] + 2)
    rows["scaled_error"] = (rows["actual"] - rows["forecast"]).abs() / rows["scale"]
    return score_methods(rows, 1).set_index("method")


def test_mase_is_the_mean_scaled_error(constants):
    mase = constants["mase"].to_dict()

    assert mase == {
        "exponential_smoothing": 0.5,
        "theta": 0.5,
        "seasonal_naive": 1.5,
        "gradient_boosting": 2.5,
        "combination": 3.5,
    }
    assert constants.at["theta", "error_to_naive"] == pytest.approx(1 / 3)


def test_rmsse_is_the_scaled_root_mean_square(constants):
    assert constants.at["theta", "rmsse"] == pytest.approx(np.sqrt((0 + 4) / 2) / 4)


def test_smape_is_the_symmetric_percentage_error(constants):
    assert constants.at["exponential_smoothing", "smape"] == pytest.approx((2 / 21 + 2 / 23) / 2)


def test_the_pinball_loss_averages_five_quantiles(constants):
    # a forecast of 11 and actual values of 10 and 12: per quantile, twice the mean loss divided by the scale of 2
    losses = [(0.025 * 1 + 0.025 * 3) / 2, 0.1 * 2 / 2, 0.5 * (1 + 1) / 2, 0.1 * 2 / 2, (0.025 * 1 + 0.025 * 3) / 2]

    assert constants.at["exponential_smoothing", "pinball"] == pytest.approx(np.mean(losses), rel=1e-6)


def test_the_sum_ratio_compares_the_sums_of_forecasts_and_actuals(constants):
    assert constants.at["exponential_smoothing", "sum_ratio"] == 1.0
    assert constants.at["theta", "sum_ratio"] == pytest.approx(60 / 66)


def test_the_simpler_of_two_equal_methods_is_published(constants):
    assert constants["rank"].to_dict()["exponential_smoothing"] == 1 and constants["rank"].to_dict()["theta"] == 2
    assert constants.index[constants["published"]].to_list() == ["exponential_smoothing"]


def test_an_interval_is_as_wide_as_the_tests_differ(constants):
    smoothing, theta = constants.loc["exponential_smoothing"], constants.loc["theta"]

    assert smoothing["mase_low"] == smoothing["mase_high"] == 0.5, "all tests have the same error"
    assert theta["mase_low"] < 0.5 < theta["mase_high"]


def test_coverage_is_the_share_of_days_inside_their_interval(found):
    rows = found["forecast_backtest"].query("method == 'theta' and reconciliation == 'none'").dropna()
    inside = (rows["actual"] >= rows["low_80"]) & (rows["actual"] <= rows["high_80"])

    scores = found["forecast_scores"].set_index("method").loc["theta"]

    assert (scores["days"], scores["interval_days"]) == (84, 56) and scores["coverage_80"] == inside.sum() / 56


def test_the_later_mase_uses_the_method_that_was_best_before_each_test():
    errors = {name: [9] * 6 for name in METHODS}
    errors |= {"seasonal_naive": [1, 1, 1, 1, 5, 7], "theta": [2] * 6}
    rows = pd.DataFrame(
        [(method, test, error) for method, each in errors.items() for test, error in enumerate(each, 1)],
        columns=["method", "test", "scaled_error"],
    )

    # the naive has a mean of 1 before the fifth test, and of 9/5 before the sixth, still below 2
    assert mase_of_earlier_choice(rows) == (5 + 7) / 2


def test_published_forecasts_of_cities_add_up_to_the_bank_in_the_backtest_and_ahead(found):
    (reconciliation,) = found["forecast_decisions"]["reconciliation"]
    tested = found["forecast_backtest"].query("reconciliation == @reconciliation")
    keys = {"volume_forecast": ["forecast", "mean"], "weekly_forecast": ["total"]}

    assert reconciliation in ("bottom_up", "mint")
    for rows, day, columns in (
        (tested, "transaction_date", ["actual", "forecast"]),
        (found["volume_forecast"], "transaction_date", keys["volume_forecast"]),
        (found["weekly_forecast"], "first_day", keys["weekly_forecast"]),
    ):
        sums = rows.assign(is_bank=rows["city"] == BANK).groupby([day, "is_bank"])[columns].sum()
        bank, cities = sums.xs(True, level="is_bank"), sums.xs(False, level="is_bank")
        assert np.allclose(bank, cities) and len(bank)


def test_coming_days_follow_the_last_known_one_and_weeks_are_sums_of_means(noisy, found):
    ahead = found["volume_forecast"].query("city == ''")
    week = found["weekly_forecast"].query("city == ''")

    assert ahead["transaction_date"].to_list() == [noisy.days[-1] + pd.Timedelta(days=day) for day in range(1, 8)]
    assert week["total"].to_list() == pytest.approx([ahead["mean"].sum()])
    assert (week["first_day"].iloc[0], week["last_day"].iloc[0]) == (
        ahead["transaction_date"].iloc[0],
        ahead["transaction_date"].iloc[-1],
    )
    bounds = ahead[["low_95", "low_80", "forecast", "high_80", "high_95"]].to_numpy()
    assert (np.diff(bounds, axis=1) >= 0).all() and not np.isnan(bounds).any() and set(BOUNDS) <= set(ahead)


def test_the_naive_wins_if_every_week_is_the_same():
    found = forecast_series(daily_history(volume(weekly(120))), "transactions", 1)

    assert found["forecast_decisions"]["method"].to_list() == ["seasonal_naive"]


def test_days_that_cannot_be_forecast_have_a_reason_and_no_rows():
    history = daily_history(volume(weekly(30)))

    found = forecast_all(history, 1, processes=1)

    decisions = found.pop("forecast_decisions").set_index("series")
    assert all(rows.empty for rows in found.values())
    assert decisions["reason"].to_dict() == {
        **dict.fromkeys(("transactions", "amount", "balance"), history.reason("transactions")),
        "defaults": DEFAULTS_REASON,
    }
    assert decisions["method"].isna().all() and set(decisions["horizon"]) == {0}
