"""The forecast methods."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.daily_history import BANK
from jobs.forecast.forecast_methods import COMBINATION, METHODS, NAIVE, REFIT_TESTS, Forecaster
from tests.forecast.daily_volume_rows import MONDAY, weekly

TIMELY = [name for name in METHODS if name != NAIVE]


def series(values, first=MONDAY):
    return pd.DataFrame({BANK: values}, index=pd.date_range(first, periods=len(values), freq="D"), dtype=float)


def forecast(values, horizon, seed=1):
    """The values that each method forecasts for the bank."""
    return {name: rows[BANK].to_numpy() for name, rows in Forecaster(seed).forecast(values, horizon).items()}


def test_the_seasonal_naive_repeats_the_last_week():
    values = series([*weekly(98), 1, 2, 3, 4, 5, 6, 7])

    assert forecast(values, 9)[NAIVE].tolist() == [1, 2, 3, 4, 5, 6, 7, 1, 2]


def test_every_method_learns_the_weekly_pattern():
    found = forecast(series(weekly(200, noise=0.02)), 14)

    for name in METHODS:
        assert np.abs(found[name] / weekly(214)[200:] - 1).mean() < 0.06, name


def test_every_method_repeats_its_result_for_a_seed_and_never_goes_below_zero():
    values = series(np.maximum(0, 3 * np.random.default_rng(5).standard_normal(150)))

    first, second = (forecast(values, 28, seed=7) for _ in range(2))

    for name in METHODS:
        assert first[name].tolist() == second[name].tolist() and (first[name] >= 0).all(), name


def test_a_constant_history_is_forecast_as_constant():
    found = forecast(series([12.0] * 120), 7)

    for name in METHODS:
        assert found[name] == pytest.approx([12.0] * 7, rel=1e-2), name


def test_a_gap_does_not_count_as_zero():
    values = series(weekly(150))
    values.iloc[[148, 149]] = np.nan

    found = forecast(values, 7)

    for name in METHODS:
        assert found[name] == pytest.approx(weekly(157)[150:], rel=0.08), name


def test_the_methods_do_not_learn_from_an_outage():
    values = series(weekly(200, noise=0.02))
    values.iloc[[197, 198, 199]] *= 0.1

    found = forecast(values, 7)

    for name in TIMELY:
        assert found[name] == pytest.approx(weekly(207)[200:], rel=0.12), name


def test_the_combination_is_the_geometric_mean_of_the_learning_methods():
    found = forecast(series(weekly(200, noise=0.1)), 7)

    logs = [np.log1p(found[name]) for name in TIMELY if name != COMBINATION]
    assert np.log1p(found[COMBINATION]) == pytest.approx(np.mean(logs, axis=0))


def test_paydays_that_weekly_patterns_cannot_show_are_forecast():
    days = pd.date_range("2015-01-01", periods=730, freq="D")
    values = series(np.where(days.day <= 3, 150.0, 100.0), "2015-01-01")

    found = forecast(values.iloc[:-31], 31)

    paydays = days[-31:].day <= 3
    for name in TIMELY:
        assert found[name][paydays] == pytest.approx([150.0] * 3, rel=0.1), name
        assert found[name][~paydays] == pytest.approx([100.0] * 28, rel=0.06), name


def test_a_holiday_that_moves_from_year_to_year_is_forecast():
    days = pd.date_range("2013-10-01", "2016-11-05", freq="D")
    diwali = days.isin(pd.to_datetime(["2013-11-03", "2014-10-23", "2015-11-11", "2016-10-30"]))
    values = series(np.where(diwali, 40.0, 100.0), "2013-10-01")

    found = forecast(values.loc[:"2016-10-28"], 8)

    for name in TIMELY:
        assert found[name][1] == pytest.approx(40.0, rel=0.2), name
        assert found[name][[0, 2, 3]] == pytest.approx([100.0] * 3, rel=0.1), name


def test_a_fitted_model_gets_the_new_days_until_it_is_fitted_again():
    values = series([*weekly(140), *(2 * weekly(140))])
    forecaster = Forecaster(1)
    forecaster.forecast(values.iloc[:140], 7)

    found = forecaster.forecast(values, 7)

    assert REFIT_TESTS > 1
    for name in ("exponential_smoothing", "theta"):
        assert found[name][BANK].to_numpy() == pytest.approx(2 * weekly(287)[280:], rel=0.1), name
