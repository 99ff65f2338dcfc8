"""Intervals are as wide as the errors of earlier tests."""

import math

import numpy as np
import pytest

from jobs.forecast.prediction_intervals import backtest_intervals, coverage, half_width, intervals


def forecasts_of_99(number, errors, horizon=7):
    """Actual values of 100 * e^error - 1, and forecasts of 99, in `number` tests of one city."""
    grid = [[[errors(test, day)] for day in range(1, horizon + 1)] for test in range(1, number + 1)]
    return 100 * np.exp(np.array(grid)) - 1, np.full((number, horizon, 1), 99.0)


def test_the_half_width_covers_the_level_including_one_more_draw():
    distances = np.arange(1.0, 20.0)  # 19 distances cover 95 % of 20 draws

    assert (half_width(distances, 0.95), half_width(distances, 0.8)) == (19.0, 16.0)


def test_too_few_errors_give_no_interval():
    assert math.isnan(half_width(np.arange(18.0), 0.95)) and math.isnan(half_width(np.array([]), 0.8))


def test_a_quantile_beyond_the_distances_gives_the_largest_or_smallest():
    distances = np.arange(1.0, 20.0)

    assert (half_width(distances, 0.8, 1.3), half_width(distances, 0.8, -0.1)) == (19.0, 1.0)


def test_intervals_that_covered_too_much_become_narrower_and_the_coverage_approaches_the_level():
    noise = np.random.default_rng(4).standard_normal((16, 29))
    actual, forecasts = forecasts_of_99(16, lambda test, day: noise[test - 1, day] * 0.4 * 0.85**test, horizon=28)

    bounds = backtest_intervals(actual, forecasts)

    assert coverage(actual, bounds, 80) < 0.9, (
        "without adaptation, errors that shrink by 15 % per test are covered in 98 % of the days"
    )


def test_each_week_ahead_has_its_own_width():
    actual, forecasts = forecasts_of_99(4, lambda test, day: 0.1 if day <= 7 else 0.3, horizon=14)

    bounds = intervals(np.full((14, 1), 99.0), actual, forecasts)

    high, low = bounds["high_95"][[0, 6, 7, 13], 0], bounds["low_80"][[0, 6, 7, 13], 0]
    assert high == pytest.approx([100 * math.exp(w) - 1 for w in (0.1, 0.1, 0.3, 0.3)])
    assert low == pytest.approx([100 * math.exp(-w) - 1 for w in (0.1, 0.1, 0.3, 0.3)])


def test_each_city_has_its_own_width():
    actual, forecasts = (
        np.concatenate(pair, axis=2)
        for pair in zip(
            forecasts_of_99(4, lambda test, day: 0.1), forecasts_of_99(4, lambda test, day: 0.5), strict=True
        )
    )

    high = intervals(np.full((7, 2), 99.0), actual, forecasts)["high_80"]

    assert high[0] == pytest.approx([100 * math.exp(0.1) - 1, 100 * math.exp(0.5) - 1])


def test_an_interval_never_goes_below_zero():
    actual, forecasts = forecasts_of_99(4, lambda test, day: 3.0)

    assert intervals(np.ones((1, 1)), actual, forecasts)["low_95"][0, 0] == 0.0


def test_the_first_four_tests_have_no_interval_and_the_others_use_only_earlier_tests():
    high = backtest_intervals(*forecasts_of_99(6, lambda test, day: 0.5 if test == 5 else 0.1))["high_95"][:, 0, 0]

    assert np.isnan(high[:4]).all()
    assert high[4] == pytest.approx(100 * math.exp(0.1) - 1), "the fifth test doesn't use its own errors"
    assert high[5] == pytest.approx(100 * math.exp(0.5) - 1)


def test_the_coverage_matches_the_level_if_errors_stay_the_same():
    noise = np.random.default_rng(4).standard_normal((60, 29))
    actual, forecasts = forecasts_of_99(60, lambda test, day: 0.2 * noise[test - 1, day])

    bounds = backtest_intervals(actual, forecasts)

    for level in (80, 95):
        assert coverage(actual, bounds, level) == pytest.approx(level / 100, abs=0.03)


def test_an_unknown_day_is_neither_inside_nor_outside_its_interval():
    actual, forecasts = forecasts_of_99(5, lambda test, day: 0.1)
    actual[4, 0, 0] = np.nan

    assert coverage(actual, backtest_intervals(actual, forecasts), 80) == 1.0
