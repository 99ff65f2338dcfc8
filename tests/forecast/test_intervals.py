"""Intervals as wide as earlier errors ask for."""

import math

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.intervals import bounded, half_width, measured


def made(number, errors, horizon=7):
    """Forecasts of 99 in `number` tests, whose actual is e^error times 100, less one."""
    rows = [(test, day, errors(test, day)) for test in range(1, number + 1) for day in range(1, horizon + 1)]
    frame = pd.DataFrame(rows, columns=["test", "horizon", "error"])
    return frame.assign(forecast=99.0, actual=100 * np.exp(frame["error"]) - 1).drop(columns="error")


def test_the_half_width_covers_the_level_among_one_more_draw():
    distances = np.arange(1.0, 20.0)  # 19 distances: of 20 draws 95 % are 19

    assert (half_width(distances, 0.95), half_width(distances, 0.8)) == (19.0, 16.0)


def test_too_few_errors_give_no_interval():
    assert math.isnan(half_width(np.arange(18.0), 0.95)) and math.isnan(half_width(np.array([]), 0.8))


def test_each_week_ahead_has_a_width_of_its_own():
    earlier = made(4, lambda test, day: 0.1 if day <= 7 else 0.3, horizon=14)
    coming = pd.DataFrame({"horizon": [1, 7, 8, 14], "forecast": [99.0] * 4})

    rows = bounded(coming, earlier)

    assert rows["high_95"].to_list() == pytest.approx([100 * math.exp(w) - 1 for w in (0.1, 0.1, 0.3, 0.3)])
    assert rows["low_80"].to_list() == pytest.approx([100 * math.exp(-w) - 1 for w in (0.1, 0.1, 0.3, 0.3)])


def test_an_interval_never_goes_below_zero():
    earlier = made(4, lambda test, day: 3.0)

    (low,) = bounded(pd.DataFrame({"horizon": [1], "forecast": [1.0]}), earlier)["low_95"]

    assert low == 0.0


def test_the_first_four_tests_have_none_and_the_others_know_only_the_tests_before():
    rows = measured(made(6, lambda test, day: 0.5 if test == 5 else 0.1))

    assert rows[rows["test"] <= 4]["low_80"].isna().all()
    fifth, sixth = (rows[rows["test"] == test]["high_95"].iloc[0] for test in (5, 6))
    assert fifth == pytest.approx(100 * math.exp(0.1) - 1), "the fifth test does not know its own errors"
    assert sixth == pytest.approx(100 * math.exp(0.5) - 1)


def test_errors_that_stay_alike_are_covered_as_often_as_promised():
    drawn = np.random.default_rng(4).standard_normal((60, 29))

    rows = measured(made(60, lambda test, day: 0.2 * drawn[test - 1, day])).dropna()

    for level in (80, 95):
        inside = rows["actual"].between(rows[f"low_{level}"], rows[f"high_{level}"]).mean()
        assert inside == pytest.approx(level / 100, abs=0.05)
