"""Reconciled forecasts add up, and MinT trusts the more accurate ones."""

import numpy as np
import pytest

from jobs.forecast.reconciliation import RECONCILIATIONS, reconcile

FORECASTS = np.array([[100.0, 30.0, 50.0], [90.0, 45.0, 45.0]])


def errors(*deviations, rows=400):
    return np.array(deviations) * np.random.default_rng(1).standard_normal((rows, len(deviations)))


@pytest.mark.parametrize("name", RECONCILIATIONS)
def test_the_cities_add_up_to_the_bank(name):
    found = reconcile(name, FORECASTS, errors(5, 3, 3))

    assert found[:, 0] == pytest.approx(found[:, 1:].sum(axis=1))


def test_bottom_up_keeps_the_cities():
    assert reconcile("bottom_up", FORECASTS, errors(5, 3, 3)).tolist() == [[80, 30, 50], [90, 45, 45]]


def test_mint_keeps_forecasts_that_add_up_already():
    assert reconcile("mint", FORECASTS, errors(5, 3, 3))[1] == pytest.approx([90, 45, 45])


def test_mint_follows_the_bank_if_its_forecasts_were_more_accurate_than_the_cities():
    precise_bank, precise_cities = (reconcile("mint", FORECASTS, errors(*d))[0, 0] for d in ((0.5, 10, 10), (50, 1, 1)))

    assert precise_bank == pytest.approx(100, abs=1) and precise_cities == pytest.approx(80, abs=1)


def test_mint_changes_the_less_accurate_city_more():
    found = reconcile("mint", FORECASTS, errors(0.5, 10, 1))[0]

    assert found[1] - 30 > 10 * abs(found[2] - 50)


def test_mint_ignores_days_with_an_unknown_error_and_goes_not_below_zero():
    known = errors(5, 3, 3)
    unknown = np.vstack([known, np.full((5, 3), np.nan)])

    assert np.array_equal(reconcile("mint", FORECASTS, known), reconcile("mint", FORECASTS, unknown))
    assert (reconcile("mint", np.array([[0.0, 1.0, 20.0]]), errors(0.5, 10, 10)) >= 0).all()
