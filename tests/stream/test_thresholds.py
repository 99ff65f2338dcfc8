"""Thresholds: fitted to reference events within an alert budget, without labels."""

import numpy as np
import pytest

from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.simulation.bank.producer import Plan
from jobs.simulation.bank.reference_simulation import simulate_reference_events
from jobs.stream.alert_types import CUSTOMER_TYPES
from jobs.stream.detection.fit_thresholds import fit_thresholds, hourly_rates
from jobs.stream.detection.reference_events import write_reference_events
from jobs.stream.detection.stored_thresholds import load_or_fit_thresholds, load_thresholds
from jobs.stream.detection.thresholds import Thresholds

EXPIRY_S = 90 * 86_400.0


@pytest.fixture(scope="module")
def events():
    return simulate_reference_events(Plan(rate=5_000 / 86_400, speed=1.0, customers=400, seed=3))


def no_fallback():
    raise AssertionError("the fallback is not needed")


def test_a_larger_budget_lowers_the_thresholds(events):
    strict, lenient = (fit_thresholds(events, budget, EXPIRY_S) for budget in (2.0, 20.0))
    strict_scores, lenient_scores = (found.of_types(CUSTOMER_TYPES) for found in (strict, lenient))
    assert strict.level > lenient.level
    assert np.all(strict_scores >= lenient_scores) and strict_scores[0] > lenient_scores[0]


def test_thresholds_are_the_same_after_they_were_stored(events):
    thresholds = fit_thresholds(events, 5.0, EXPIRY_S)
    assert Thresholds.from_json(thresholds.to_json()) == thresholds


def test_a_higher_anomaly_score_is_rarer(events):
    thresholds = fit_thresholds(events, 5.0, EXPIRY_S)
    assert thresholds.rarity("amount", 100.0) > thresholds.rarity("amount", 3.0) >= 0


def test_an_hour_that_the_events_do_not_cover_counts_as_a_mean_one():
    event_time = np.repeat([22.5, 23.1, 23.2, 23.3, 24.5, 24.6], 24) * 3600
    assert hourly_rates(event_time) == (1.0, *[1.0] * 21, 0.5, 1.5)
    assert hourly_rates(np.append(event_time, 50.0 * 3600))[1:4] == (0.0, 0.1655, 0.0)


def test_reference_events_have_no_labels_and_are_in_order(events):
    assert "incident" not in events
    assert events["transaction_at"].is_monotonic_increasing


def test_a_stream_fits_its_thresholds_once_to_the_stored_reference_events(tmp_path, events):
    settings = Settings(var=tmp_path)
    write_reference_events(settings, events)
    first = load_or_fit_thresholds(settings, no_fallback)
    write_reference_events(settings, events.iloc[:100])
    assert load_or_fit_thresholds(settings, no_fallback) == load_thresholds(settings) == first
    assert first.events == len(events)


def test_without_reference_events_the_thresholds_are_fitted_to_the_fallback(tmp_path, events):
    assert load_or_fit_thresholds(Settings(var=tmp_path), lambda: events).events == len(events)


def test_thresholds_of_a_stream_that_never_ran_are_missed_with_the_way_out(tmp_path):
    with pytest.raises(BankError, match=r"thresholds.json: start the stream first, with: bankstack stream"):
        load_thresholds(Settings(var=tmp_path))
