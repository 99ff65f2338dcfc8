"""The three forecast methods and their features."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.forecast_methods import METHODS, exponential_smoothing, forecast, seasonal_naive
from jobs.forecast.gradient_boosting import FEATURES, LEVEL_DAYS, feature_matrix, gradient_boosting
from tests.forecast.daily_volume_rows import MONDAY, weekly


def series(values):
    return pd.Series(values, index=pd.date_range(MONDAY, periods=len(values), freq="D"), dtype=float)


def test_the_seasonal_naive_repeats_the_last_week():
    values = series([*weekly(14), 1, 2, 3, 4, 5, 6, 7])

    assert seasonal_naive(values, 9, 1).tolist() == [1, 2, 3, 4, 5, 6, 7, 1, 2]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns_the_weekly_pattern(method):
    found = forecast(method, series(weekly(200, noise=0.02)), 14, 1)

    assert len(found) == 14 and np.abs(found / weekly(214)[200:] - 1).mean() < 0.06


@pytest.mark.parametrize("method", METHODS)
def test_every_method_repeats_its_result_for_a_seed_and_never_goes_below_zero(method):
    values = series(np.maximum(0, 3 * np.random.default_rng(5).standard_normal(150)))

    first, second = (forecast(method, values, 28, 7) for _ in range(2))

    assert first.tolist() == second.tolist() and len(first) == 28 and (first >= 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_history_is_forecast_as_constant(method):
    assert forecast(method, series([12.0] * 120), 7, 1) == pytest.approx([12.0] * 7, rel=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_a_gap_does_not_count_as_zero(method):
    values = series(weekly(150))
    values.iloc[[148, 149]] = np.nan

    assert forecast(method, values, 7, 1) == pytest.approx(weekly(157)[150:], rel=0.05)


def test_smoothing_follows_a_changed_level():
    values = series([*weekly(100), *(2 * weekly(105)[100:]), *(2 * weekly(150)[105:])])

    assert exponential_smoothing(values, 7, 1) == pytest.approx(2 * weekly(157)[150:], rel=0.05)


def test_boosting_learns_paydays_that_weekly_patterns_cannot_show():
    days = pd.date_range("2015-01-01", periods=730, freq="D")
    values = pd.Series(np.where(days.day <= 3, 150.0, 100.0), index=days)

    found = gradient_boosting(values.iloc[:-31], 31, 1)

    paydays = values.index[-31:].day <= 3
    assert found[paydays] == pytest.approx([150.0] * 3, rel=0.1)
    assert found[~paydays] == pytest.approx([100.0] * 28, rel=0.05)


def test_the_features_match_their_names():
    logs = np.arange(100.0)

    (row,) = feature_matrix(logs, pd.Timestamp(MONDAY), np.array([70]), np.array([9]))

    seen = dict(zip(FEATURES, row, strict=True))
    level = np.mean(logs[42:70])
    assert (seen["days_ahead"], seen["weekday"], seen["day_of_month"], seen["days_to_month_end"]) == (9, 1, 19, 11)
    assert seen["weekday_last"] == logs[64] - level
    assert seen["weekday_level"] == pytest.approx(np.mean(logs[[64, 57, 50, 43]]) - level)
    assert seen["week_level"] == pytest.approx(np.mean(logs[63:70]) - level)
    assert seen["momentum"] == pytest.approx(28.0) and np.isnan(seen["year_ago"])


def test_the_features_use_no_day_after_the_origin():
    logs = np.log1p(weekly(500, noise=0.1))
    known, ahead = np.repeat([60, 300, 450], 28), np.tile(np.arange(1, 29), 3)
    before = feature_matrix(logs, pd.Timestamp(MONDAY), known, ahead)

    for origin in (60, 300, 450):
        other = np.concatenate([logs[:origin], np.full(500 - origin, 1e6)])
        rows = known == origin
        after = feature_matrix(other, pd.Timestamp(MONDAY), known[rows], ahead[rows])
        assert np.array_equal(before[rows], after, equal_nan=True)


def test_the_year_ago_feature_is_relative_to_the_level_at_that_time():
    logs = np.zeros(600)
    logs[500 + 4 - 364] = 1.0

    row = feature_matrix(logs, pd.Timestamp(MONDAY), np.array([500]), np.array([5]))[0]

    assert row[FEATURES.index("year_ago")] == 1.0 and LEVEL_DAYS == 28
