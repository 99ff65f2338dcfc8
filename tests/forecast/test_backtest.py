"""The backtest sees no future; its winner is the nearest, even if that is the simplest."""

import numpy as np
import pandas as pd
import pytest

from jobs.forecast.backtest import decisions, everything, nothing
from jobs.forecast.history import history
from jobs.forecast.rolling import backtest, scale
from jobs.forecast.scores import chosen_before, scores
from jobs.simulation.datasets.daily_volume import daily_counts, dates
from tests.forecast.days import volume, weekly

CAME = (10.0, 12.0, 10.0, 12.0, 10.0, 12.0)


def winners(known, seed=1):
    tested, scored = everything(known, seed)
    return decisions(known, tested, scored).set_index("series")["method"].to_dict()


@pytest.fixture(scope="module")
def noisy():
    """A rhythm of the week with noise, 140 days: eight tests of seven days."""
    return history(volume(weekly(140, noise=0.1)))


@pytest.fixture(scope="module")
def tested(noisy):
    return backtest(noisy, 1)


def test_every_tested_day_is_forecast_once_by_each_method(tested):
    rows = tested[(tested["series"] == "amount") & (tested["method"] == "gradient_boosting")]

    assert rows["transaction_date"].is_unique and len(rows) == 12 * 7
    ahead = (rows["transaction_date"] - rows["origin_date"]).dt.days
    assert ahead.to_list() == rows["horizon"].to_list() == [*range(1, 8)] * 12


def test_a_forecast_knows_nothing_of_the_days_it_is_tested_on(noisy, tested):
    changed = noisy.days.copy()
    changed.iloc[-7:] *= 50
    again = backtest(type(noisy)(changed, noisy.seen, noisy.expected), 1)

    last = tested["test"] == 12
    assert not np.allclose(tested[last]["actual"], again[last]["actual"])
    for column in ("forecast", "low_80", "high_95", "scale"):
        assert np.array_equal(tested[column], again[column], equal_nan=True), column


def test_the_same_days_and_seed_give_the_same_rows(noisy, tested):
    again = backtest(noisy, 1)

    pd.testing.assert_frame_equal(tested, again, check_exact=True)
    pd.testing.assert_frame_equal(scores(tested, 1), scores(again, 1), check_exact=True)


def test_the_scale_is_the_mean_change_from_week_to_week():
    values = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 3.0, 2, 3, 4, 5, 6, 11])

    assert scale(values) == pytest.approx((2 + 4) / 7) and scale(pd.Series([5.0] * 20)) == 1.0


def test_mase_and_smape_are_those_of_their_papers():
    forecasts = {"seasonal_naive": 14.0, "exponential_smoothing": 11.0, "gradient_boosting": 10.0}
    rows = pd.DataFrame(
        [
            (method, test, actual, forecast)
            for method, forecast in forecasts.items()
            for test, actual in enumerate(CAME)
        ],
        columns=["method", "test", "actual", "forecast"],
    ).assign(series="s", scale=2.0, low_80=np.nan, high_80=np.nan, low_95=np.nan, high_95=np.nan)
    rows["scaled_error"] = (rows["actual"] - rows["forecast"]).abs() / rows["scale"]

    found = scores(rows, 1).set_index("method")

    assert found["mase"].to_dict() == {"exponential_smoothing": 0.5, "gradient_boosting": 0.5, "seasonal_naive": 1.5}
    assert found.at["exponential_smoothing", "smape"] == pytest.approx((2 / 21 + 2 / 23) / 2)
    assert found.at["exponential_smoothing", "sum_ratio"] == 1.0
    assert found.at["gradient_boosting", "sum_ratio"] == pytest.approx(60 / 66)
    assert found["rank"].to_dict() == {"exponential_smoothing": 1, "gradient_boosting": 2, "seasonal_naive": 3}
    assert found.at["gradient_boosting", "error_to_naive"] == pytest.approx(1 / 3)
    assert found.at["exponential_smoothing", "mase_low"] == found.at["exponential_smoothing", "mase_high"] == 0.5
    assert found.at["gradient_boosting", "mase_low"] < 0.5 < found.at["gradient_boosting", "mase_high"]
    assert found.index[found["published"]].to_list() == ["exponential_smoothing"], "of equal ones the simpler"


def test_coverage_is_the_share_of_days_inside_their_interval(tested):
    rows = tested[(tested["series"] == "amount") & (tested["method"] == "seasonal_naive")].dropna()
    inside = (rows["actual"] >= rows["low_80"]) & (rows["actual"] <= rows["high_80"])

    found = scores(tested, 1).set_index(["series", "method"]).loc[("amount", "seasonal_naive")]

    assert (found["days"], found["interval_days"]) == (84, 56) and found["coverage_80"] == inside.sum() / 56


def test_the_later_error_uses_the_method_that_was_best_before_each_test():
    errors = {"seasonal_naive": [1, 1, 1, 1, 5, 7], "exponential_smoothing": [2] * 6, "gradient_boosting": [9] * 6}
    rows = pd.DataFrame(
        [(method, test, error) for method, each in errors.items() for test, error in enumerate(each, 1)],
        columns=["method", "test", "scaled_error"],
    )

    # before the fifth test the naive has the mean 1; before the sixth 9/5, still under 2
    assert chosen_before(rows) == (5 + 7) / 2


def test_a_week_that_repeats_is_won_by_the_naive():
    assert winners(history(volume(weekly(120)))) == dict.fromkeys(("transactions", "amount"), "seasonal_naive")


def test_on_the_planted_volume_boosting_beats_the_naive_and_comes_near_the_noise():
    counts = daily_counts(100_000, seed=5).astype(float)
    scored = scores(backtest(history(volume(counts, dates()[0].item())), 1), 1)

    best = scored[scored["series"] == "transactions"].iloc[0]
    assert best["method"] == "gradient_boosting" and best["error_to_naive_high"] < 0.7
    assert 0.028 < best["smape"] < 0.055  # the planted noise of 4 % alone makes about 3.2 %
    assert 0.72 < best["coverage_80"] < 0.9 and 0.9 < best["coverage_95"] <= 1


def test_days_that_cannot_be_forecast_have_a_reason_and_no_rows():
    known = history(volume(weekly(30)))
    tested, scored = nothing()

    decided = decisions(known, tested, scored)

    assert len(tested) == len(scored) == 0 and decided["method"].isna().all()
    assert decided["reason"].to_list() == [known.reason] * 2 and decided["horizon"].to_list() == [0, 0]
