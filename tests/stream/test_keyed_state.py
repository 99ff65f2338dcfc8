"""The state of a group of keys: events wait for the watermark, duplicates and events without a terminal are ignored."""

import pandas as pd
import pytest

from jobs.stream.detection.key_history import PopulationProfile
from jobs.stream.detection.keyed_state import COLUMNS, KeyedState, advance_keys
from jobs.stream.detection.thresholds import TAIL_FREQUENCIES, Thresholds

POPULATION = PopulationProfile(mean=6.0, between=1.0, within=0.5, gap_s=36_000.0, by_hour=(1.0,) * 24)
TYPES = ("amount", "velocity", "travel", "draining", "terminal")
YEAR_S = 365 * 86_400.0
TEN_HOURS = 36_000


@pytest.fixture
def thresholds() -> Thresholds:
    tails = {type_: [4.0 + number for number in range(len(TAIL_FREQUENCIES))] for type_ in TYPES}
    return Thresholds(POPULATION, POPULATION, tails, level=2.0, budget=5.0, events=1_000)


def frame(*rows: tuple) -> pd.DataFrame:
    """Rows of id, seconds, amount and terminal, of one customer."""
    records = [
        {
            "key": 1,
            "other": 2,
            "id": id_,
            "event_time_us": seconds * 1_000_000,
            "transaction_id": f"T{id_}",
            "customer_id": "C1",
            "city": "PUNE",
            "terminal": terminal,
            "amount": amount,
            "balance": 50_000.0,
            "latitude": 18.5,
            "longitude": 73.9,
        }
        for id_, seconds, amount, terminal in rows
    ]
    return pd.DataFrame(records, columns=list(COLUMNS))


def usual_payments(count: int) -> list[tuple]:
    return [(number, TEN_HOURS * number, 400.0, "PUNE-1") for number in range(count)]


def advance(state, new, watermark_s, thresholds, is_terminal=False):
    return advance_keys(state, new, watermark_s * 1000, thresholds, YEAR_S, is_terminal)


def test_an_event_waits_until_the_watermark_has_passed_it(thresholds):
    state = KeyedState()
    advance(state, frame((1, 100, 400.0, "PUNE-1")), 100, thresholds)
    assert state.earliest_ms() == 100_000 and len(state.histories) == 0
    advance(state, None, 101, thresholds)
    assert state.earliest_ms() is None and state.histories["seen"].tolist() == [1]


def test_a_copy_of_a_waiting_event_is_ignored(thresholds):
    state = KeyedState()
    advance(state, frame((1, 100, 400.0, "PUNE-1")), 0, thresholds)
    advance(state, frame((1, 100, 400.0, "PUNE-1")), 200, thresholds)
    assert state.histories["seen"].tolist() == [1]


def test_an_event_without_a_terminal_counts_for_its_customer_only(thresholds):
    customers, terminals = KeyedState(), KeyedState()
    advance(customers, frame((1, 100, 400.0, None)), 200, thresholds)
    advance(terminals, frame((1, 100, 400.0, None)), 200, thresholds, is_terminal=True)
    assert (len(customers.histories), len(terminals.histories)) == (1, 0)


def test_an_alert_describes_its_events_and_the_customers_profile(thresholds):
    state = KeyedState()
    payments = [*usual_payments(20), (99, 720_000, 90_000.0, "PUNE-1")]
    alert, *transactions = advance(state, frame(*payments), 800_000, thresholds)
    assert (alert["row_type"], alert["alert_id"], alert["type"]) == ("alert", "amount-T99", "amount")
    assert alert["reason"].startswith("90,000.00 rupees; this customer usually pays 4")
    assert '"last_city": "PUNE"' in alert["profile"] and '"city": "PUNE"' in alert["events"]
    last = transactions[-1]
    assert (last["row_type"], last["transaction_id"]) == ("transaction", "T99")


def test_the_state_is_the_same_after_it_was_stored(thresholds):
    state = KeyedState()
    advance(state, frame(*usual_payments(5)), 100_000, thresholds)
    restored = KeyedState.load(*state.dump())
    assert restored.histories.tobytes() == state.histories.tobytes()
    assert restored.cities == state.cities == ["PUNE"]
    pd.testing.assert_frame_equal(restored.waiting, state.waiting)
