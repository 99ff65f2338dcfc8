"""Detection: what contradicts a history, and that it does not matter how a stream is cut."""

import numpy as np
import pytest

from jobs.stream.detection.anomaly_scores import STATE, UNKNOWN, Events, Habit, empty_state
from jobs.stream.detection.scoring import score

HABIT = Habit(mean=6.0, between=1.0, within=0.5, gap_s=36_000.0, by_hour=(1.0,) * 24)
YEAR_S = 365 * 86_400.0
PUNE, DELHI = (18.52, 73.86), (28.66, 77.23)
NEVER = np.full(4, np.inf)


def events(*rows: tuple, key: int = 1) -> Events:
    """Rows of seconds, amount, balance, place, and the customer at a terminal."""
    at, amount, balance, places, other = zip(*[(*row, 0)[:5] for row in rows], strict=True)
    north, east = zip(*places, strict=True)
    return Events(
        **{"key": np.full(len(rows), key), "at": np.array(at, float), "amount": np.array(amount, float)},
        **{"balance": np.array(balance, float), "north": np.array(north), "east": np.array(east)},
        **{"id": np.array([f"T{row}" for row in range(len(rows))], "S24"), "place": np.zeros(len(rows), np.int32)},
        other=np.array(other, np.int64),
    )


def usual_days(count: int) -> list[tuple]:
    """A payment of 400 rupees every ten hours."""
    return [(36_000.0 * number, 400.0, 50_000.0, PUNE) for number in range(count)]


def last_evidence(*rows: tuple) -> dict[str, float]:
    state = empty_state(np.array([1]))
    found, _ = score(state, events(*rows), HABIT, YEAR_S, NEVER)
    return dict(zip(("amount", "velocity", "travel", "draining"), found[-1], strict=True))


def test_a_payment_as_always_contradicts_nothing():
    found = last_evidence(*usual_days(20))
    assert found["amount"] < 1 and found["velocity"] < 1 and found["travel"] < 0


def test_an_amount_is_judged_by_the_customers_own_habit():
    of_one_who_spends_little = last_evidence(*usual_days(20), (720_000.0, 8_000.0, 42_000.0, PUNE))
    of_one_who_spends_much = [(36_000.0 * number, 8_000.0, 50_000.0, PUNE) for number in range(21)]
    assert of_one_who_spends_little["amount"] > 5
    assert last_evidence(*of_one_who_spends_much)["amount"] < 1


def test_many_payments_within_minutes_are_a_burst():
    burst = [(720_000.0 + 60 * number, 400.0, 50_000.0, PUNE) for number in range(6)]
    assert last_evidence(*usual_days(20), *burst)["velocity"] > 6


def test_two_cities_within_an_hour_are_impossible_and_within_a_day_they_are_not():
    assert last_evidence(*usual_days(20), (687_600.0, 400.0, 50_000.0, DELHI))["travel"] > 0.1
    assert last_evidence(*usual_days(20), (684_000.0 + 86_400, 400.0, 50_000.0, DELHI))["travel"] < 0


def test_a_balance_that_falls_to_little_within_an_hour_is_drained():
    withdrawals = [(720_000.0 + 600 * number, 25_000.0 / 2**number, 25_000.0 / 2**number, PUNE) for number in range(4)]
    found = last_evidence(*usual_days(20), *withdrawals)
    assert found["draining"] == pytest.approx(np.log(50_000 / 3_125), abs=0.01)


def test_a_place_unknown_is_no_travel():
    assert last_evidence(*usual_days(3), (109_000.0, 400.0, 1.0, (np.nan, np.nan)))["travel"] == UNKNOWN


def test_a_terminal_is_suspected_by_many_customers_and_not_by_one_who_pays_often():
    days = [(36_000.0 * number, 400.0, 1.0, PUNE, number) for number in range(20)]
    many = [(720_000.0 + 60 * number, 400.0, 1.0, PUNE, 100 + number) for number in range(8)]
    one = [(720_000.0 + 60 * number, 400.0, 1.0, PUNE, 100) for number in range(8)]
    by_many, by_one = (
        score(empty_state(np.array([1])), events(*days, *burst), HABIT, YEAR_S, NEVER[:1], terminal=True)[0]
        for burst in (many, one)
    )
    assert by_many[-1, 0] > 6
    assert by_one[:, 0].max() < 2


def test_after_an_alert_a_key_is_quiet_about_the_same_incident():
    burst = [(720_000.0 + 60 * number, 400.0, 50_000.0, PUNE) for number in range(8)]
    later = [(820_000.0 + 60 * number, 400.0, 50_000.0, PUNE) for number in range(8)]
    rows = events(*usual_days(20), *burst, *later)
    _, raised = score(empty_state(np.array([1])), rows, HABIT, YEAR_S, np.array([np.inf, 6.0, np.inf, np.inf]))
    assert len(raised.kind) == 2 and set(raised.kind) == {1}
    assert 20 <= raised.position[0] < 28 <= raised.position[1]


def test_an_idle_customer_is_forgotten():
    state = empty_state(np.array([1]))
    score(state, events(*usual_days(20), (720_000.0 + YEAR_S, 400.0, 1.0, DELHI)), HABIT, YEAR_S - 86_400, NEVER)
    assert state["seen"][0] == 1


def test_evidence_alerts_and_state_do_not_depend_on_how_the_stream_is_cut():
    rng, count = np.random.default_rng(1), 600
    keys, at = rng.integers(0, 40, count), np.sort(rng.uniform(0, 1e6, count))
    made = Events(
        **{"key": keys, "at": at, "amount": rng.lognormal(6, 1, count), "balance": rng.lognormal(9, 1, count)},
        **{"north": rng.uniform(10, 30, count), "east": rng.uniform(70, 90, count), "place": np.zeros(count, np.int32)},
        **{"id": np.array([f"T{row}" for row in range(count)], "S24"), "other": np.zeros(count, np.int64)},
    )
    levels = np.array([2.0, 2.0, 0.5, 1.0])
    whole = empty_state(np.arange(40))
    found, raised = score(whole, made, HABIT, YEAR_S, levels)
    for cuts in ([300], [1, 2, 3, 599], list(range(0, 600, 7))):
        state, parts, loud = empty_state(np.arange(40)), [], []
        for part in np.split(np.arange(count), cuts):
            piece = Events(**{name: getattr(made, name)[part] for name in Events.__dataclass_fields__})
            evidence, alerts = score(state, piece, HABIT, YEAR_S, levels)
            parts.append(evidence)
            loud += list(zip(part[alerts.position], alerts.kind, strict=True))
        assert np.array_equal(np.concatenate(parts), found)
        assert loud == list(zip(raised.position, raised.kind, strict=True)) and len(loud) > 5
        assert state.tobytes() == whole.tobytes()
    assert whole.dtype == STATE
