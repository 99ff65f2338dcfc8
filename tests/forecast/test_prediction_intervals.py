"""Intervals are as wide as the errors of earlier tests."""

import math

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.prediction_intervals import add_backtest_intervals, add_intervals, half_width


def forecasts_of_99(number, errors, horizon=7):
    """Forecasts of 99 in `number` tests, with an actual value of 100 * e^error - 1."""
    rows = [(test, day, errors(test, day)) for test in range(1, number + 1) for day in range(1, horizon + 1)]
    frame = pd.DataFrame(rows, columns=["test", "horizon", "error"])
    return frame.assign(forecast=99.0, actual=100 * np.exp(frame["error"]) - 1).drop(columns="error")


def test_the_half_width_covers_the_level_including_one_more_draw():
    distances = np.arange(1.0, 20.0)  # 19 distances cover 95 % of 20 draws

    assert (half_width(distances, 0.95), half_width(distances, 0.8)) == (19.0, 16.0)


def test_too_few_errors_give_no_interval():
    assert math.isnan(half_width(np.arange(18.0), 0.95)) and math.isnan(half_width(np.array([]), 0.8))


def test_each_week_ahead_has_its_own_width():
    earlier = forecasts_of_99(4, lambda test, day: 0.1 if day <= 7 else 0.3, horizon=14)
    coming = pd.DataFrame({"horizon": [1, 7, 8, 14], "forecast": [99.0] * 4})

    rows = add_intervals(coming, earlier)

    assert rows["high_95"].to_list() == pytest.approx([100 * math.exp(w) - 1 for w in (0.1, 0.1, 0.3, 0.3)])
    assert rows["low_80"].to_list() == pytest.approx([100 * math.exp(-w) - 1 for w in (0.1, 0.1, 0.3, 0.3)])


def test_an_interval_never_goes_below_zero():
    earlier = forecasts_of_99(4, lambda test, day: 3.0)

    (low,) = add_intervals(pd.DataFrame({"horizon": [1], "forecast": [1.0]}), earlier)["low_95"]

    assert low == 0.0


def test_the_first_four_tests_have_no_interval_and_the_others_use_only_earlier_tests():
    rows = add_backtest_intervals(forecasts_of_99(6, lambda test, day: 0.5 if test == 5 else 0.1))

    assert rows[rows["test"] <= 4]["low_80"].isna().all()
    fifth, sixth = (rows[rows["test"] == test]["high_95"].iloc[0] for test in (5, 6))
    assert fifth == pytest.approx(100 * math.exp(0.1) - 1), "the fifth test doesn't use its own errors"
    assert sixth == pytest.approx(100 * math.exp(0.5) - 1)


def test_the_coverage_matches_the_level_if_errors_stay_the_same():
    noise = np.random.default_rng(4).standard_normal((60, 29))

    rows = add_backtest_intervals(forecasts_of_99(60, lambda test, day: 0.2 * noise[test - 1, day])).dropna()

    for level in (80, 95):
        inside = rows["actual"].between(rows[f"low_{level}"], rows[f"high_{level}"]).mean()
        assert inside == pytest.approx(level / 100, abs=0.05)
