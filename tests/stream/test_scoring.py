"""Scoring: which events contradict their key's history, however the stream is cut into batches."""

import numpy as np
import pytest

from jobs.stream.alert_types import CUSTOMER_TYPES
from jobs.stream.detection.key_history import HISTORY, NO_SCORE, Events, PopulationProfile, empty_histories
from jobs.stream.detection.scoring import score_events

POPULATION = PopulationProfile(mean=6.0, between=1.0, within=0.5, gap_s=36_000.0, by_hour=(1.0,) * 24)
YEAR_S = 365 * 86_400.0
PUNE, DELHI = (18.52, 73.86), (28.66, 77.23)
NO_ALERTS = np.full(4, np.inf)


def events(*rows: tuple, key: int = 1) -> Events:
    """Rows of seconds, amount, balance, coordinates and, at a terminal, the customer."""
    event_time, amount, balance, coordinates, other = zip(*[(*row, 0)[:5] for row in rows], strict=True)
    latitude, longitude = zip(*coordinates, strict=True)
    return Events(
        key=np.full(len(rows), key),
        event_time=np.array(event_time, float),
        amount=np.array(amount, float),
        balance=np.array(balance, float),
        latitude=np.array(latitude),
        longitude=np.array(longitude),
        id=np.array([f"T{number}" for number in range(len(rows))], "S24"),
        city=np.zeros(len(rows), np.int32),
        other=np.array(other, np.int64),
    )


def usual_payments(count: int) -> list[tuple]:
    """A payment of 400 rupees every ten hours."""
    return [(36_000.0 * number, 400.0, 50_000.0, PUNE) for number in range(count)]


def last_scores(*rows: tuple) -> dict[str, float]:
    scores, _ = score_events(empty_histories(np.array([1])), events(*rows), POPULATION, YEAR_S, NO_ALERTS)
    return dict(zip(CUSTOMER_TYPES, scores[-1], strict=True))


def test_a_usual_payment_has_low_scores():
    scores = last_scores(*usual_payments(20))
    assert scores["amount"] < 1 and scores["velocity"] < 1 and scores["travel"] < 0


def test_an_amount_is_unusual_only_for_customers_who_usually_spend_less():
    low_spender = last_scores(*usual_payments(20), (720_000.0, 8_000.0, 42_000.0, PUNE))
    high_spender = [(36_000.0 * number, 8_000.0, 50_000.0, PUNE) for number in range(21)]
    assert low_spender["amount"] > 5
    assert last_scores(*high_spender)["amount"] < 1


def test_many_payments_within_minutes_are_a_burst():
    burst = [(720_000.0 + 60 * number, 400.0, 50_000.0, PUNE) for number in range(6)]
    assert last_scores(*usual_payments(20), *burst)["velocity"] > 6


def test_two_cities_within_an_hour_are_impossible_but_within_a_day_they_are_not():
    assert last_scores(*usual_payments(20), (687_600.0, 400.0, 50_000.0, DELHI))["travel"] > 0.1
    assert last_scores(*usual_payments(20), (684_000.0 + 86_400, 400.0, 50_000.0, DELHI))["travel"] < 0


def test_a_balance_that_falls_to_almost_nothing_within_an_hour_is_drained():
    withdrawals = [(720_000.0 + 600 * number, 25_000.0 / 2**number, 25_000.0 / 2**number, PUNE) for number in range(4)]
    scores = last_scores(*usual_payments(20), *withdrawals)
    assert scores["draining"] == pytest.approx(np.log(50_000 / 3_125), abs=0.01)


def test_an_unknown_location_has_no_travel_score():
    assert last_scores(*usual_payments(3), (109_000.0, 400.0, 1.0, (np.nan, np.nan)))["travel"] == NO_SCORE


def test_a_terminal_is_suspicious_with_many_customers_but_not_with_one_who_pays_often():
    days = [(36_000.0 * number, 400.0, 1.0, PUNE, number) for number in range(20)]
    many = [(720_000.0 + 60 * number, 400.0, 1.0, PUNE, 100 + number) for number in range(8)]
    one = [(720_000.0 + 60 * number, 400.0, 1.0, PUNE, 100) for number in range(8)]
    by_many, by_one = (
        score_events(
            empty_histories(np.array([1])), events(*days, *burst), POPULATION, YEAR_S, NO_ALERTS[:1], is_terminal=True
        )[0]
        for burst in (many, one)
    )
    assert by_many[-1, 0] > 6
    assert by_one[:, 0].max() < 2


def test_after_an_alert_a_key_raises_none_for_the_same_incident():
    burst = [(720_000.0 + 60 * number, 400.0, 50_000.0, PUNE) for number in range(8)]
    later = [(820_000.0 + 60 * number, 400.0, 50_000.0, PUNE) for number in range(8)]
    rows = events(*usual_payments(20), *burst, *later)
    thresholds = np.array([np.inf, 6.0, np.inf, np.inf])
    _, alerts = score_events(empty_histories(np.array([1])), rows, POPULATION, YEAR_S, thresholds)
    assert len(alerts.type_number) == 2 and set(alerts.type_number) == {1}
    assert 20 <= alerts.position[0] < 28 <= alerts.position[1]


def test_the_history_of_an_idle_customer_expires():
    histories = empty_histories(np.array([1]))
    rows = events(*usual_payments(20), (720_000.0 + YEAR_S, 400.0, 1.0, DELHI))
    score_events(histories, rows, POPULATION, YEAR_S - 86_400, NO_ALERTS)
    assert histories["seen"][0] == 1


def test_scores_alerts_and_histories_do_not_depend_on_how_the_stream_is_cut():
    rng, count = np.random.default_rng(1), 600
    key, event_time = rng.integers(0, 40, count), np.sort(rng.uniform(0, 1e6, count))
    all_events = Events(
        key=key,
        event_time=event_time,
        amount=rng.lognormal(6, 1, count),
        balance=rng.lognormal(9, 1, count),
        latitude=rng.uniform(10, 30, count),
        longitude=rng.uniform(70, 90, count),
        id=np.array([f"T{number}" for number in range(count)], "S24"),
        city=np.zeros(count, np.int32),
        other=np.zeros(count, np.int64),
    )
    thresholds = np.array([2.0, 2.0, 0.5, 1.0])
    whole = empty_histories(np.arange(40))
    scores, alerts = score_events(whole, all_events, POPULATION, YEAR_S, thresholds)
    raised = list(zip(alerts.position, alerts.type_number, strict=True))
    assert len(raised) > 5
    for cuts in ([300], [1, 2, 3, 599], list(range(0, 600, 7))):
        histories, score_parts, raised_in_parts = empty_histories(np.arange(40)), [], []
        for part in np.split(np.arange(count), cuts):
            piece = Events(**{name: getattr(all_events, name)[part] for name in Events.__dataclass_fields__})
            piece_scores, piece_alerts = score_events(histories, piece, POPULATION, YEAR_S, thresholds)
            score_parts.append(piece_scores)
            raised_in_parts += list(zip(part[piece_alerts.position], piece_alerts.type_number, strict=True))
        assert np.array_equal(np.concatenate(score_parts), scores)
        assert raised_in_parts == raised
        assert histories.tobytes() == whole.tobytes()
    assert whole.dtype == HISTORY
