"""The producer: regular customers, incidents with separate labels, and messages that are faulty on purpose."""

import json

import numpy as np
import pandas as pd
import pytest

from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.simulation.bank import incidents
from jobs.simulation.bank.event_messages import BREAKS, DUPLICATE_SHARE, Sender, to_lines
from jobs.simulation.bank.producer import BEGIN, Plan, create_sender, default_customers, produce, simulate
from jobs.simulation.bank.reference_simulation import simulate_reference_events
from jobs.simulation.bank.replay import read_transactions, replay
from jobs.simulation.bank.simulated_bank import SimulatedBank
from jobs.stream.alert_types import CUSTOMER_TYPES, TERMINAL_TYPES, VOLUME_TYPES
from jobs.stream.verification.labels import labels_path, read_labels
from tests.stream.stream_examples import PLAN, event_line, simulated_files


@pytest.fixture
def settings(tmp_path):
    return Settings(var=tmp_path)


def first_events(plan: Plan = PLAN) -> pd.DataFrame:
    """The events of the first second."""
    return next(simulate(plan, None))[1]


def test_the_same_seed_gives_the_same_events():
    pd.testing.assert_frame_equal(first_events(), first_events())
    assert not first_events().equals(first_events(Plan(450.0, 21_600.0, 60, seed=6)))


def test_customers_pay_in_the_city_where_they_are_mostly_by_day_and_usual_amounts():
    bank, rng = SimulatedBank(1, 200, 1.0), np.random.default_rng(1)
    noon = bank.step(BEGIN + 12 * 3600, 3600, 1.0, rng)
    night = bank.step(BEGIN + 3 * 3600, 3600, 1.0, rng)
    assert len(night) < len(noon) / 2
    city_of_terminal = noon["terminal"].str.rsplit("-", n=1).str[0]
    assert (city_of_terminal == noon["location"]).all() and len(set(bank.home_city)) > 5
    spread = np.log(noon["amount"]).groupby(noon["customer_id"]).std().median()
    assert spread < np.log(noon["amount"]).std() / 1.5


def test_every_fraud_type_is_planted_and_labelled_in_a_separate_file(settings):
    lines = [line for file in simulated_files(settings, 20) for line in file]
    events = [json.loads(line) for line in lines if line.startswith("{") and line[-1] == "}"]
    assert not any("incident" in event or "kind" in event for event in events)
    labels = read_labels(labels_path(settings))
    assert {*CUSTOMER_TYPES, *TERMINAL_TYPES} <= set(labels["kind"])
    sent = {event.get("transaction_id") for event in events}
    planted = {id_ for ids in labels["transaction_ids"] for id_ in ids}
    assert len(planted & sent) > 0.95 * len(planted)


def test_surges_and_outages_are_labelled(tmp_path):
    plan, path = Plan(rate=3_000.0, speed=3600.0, customers=500, seed=3), tmp_path / "labels.jsonl"
    steps = zip(simulate(plan, path), range(24 * 6), strict=False)
    assert len([until for (until, _), _ in steps]) == 144
    labels = read_labels(path)
    volume = labels[labels["kind"].isin(VOLUME_TYPES)]
    assert set(volume["kind"]) == {"surge", "outage"}
    assert volume["transaction_ids"].map(len).sum() == 0


def test_each_incident_has_the_features_of_its_type():
    rng = np.random.default_rng(1)
    events = first_events(Plan(450.0, 21_600.0, 60, seed=5, incidents=False))
    burst, travel = incidents.payment_burst(events, rng), incidents.impossible_travel(events, rng)
    drained, terminal = incidents.drained_account(events, rng), incidents.compromised_terminal(events, rng)
    assert len(burst) >= 5 and np.ptp(burst["transaction_at"]) <= incidents.VELOCITY_S
    assert len(travel) == 1 and travel["location"].iloc[0] != events.loc[travel.index[0], "location"]
    assert drained["balance"].iloc[-1] < 0.2 * events.loc[drained.index[0], "balance"]
    assert terminal["terminal"].nunique() == 1 and terminal["customer_id"].is_unique


def test_lines_hold_the_events_amounts_and_times():
    events = first_events()
    lines = [json.loads(line) for line in to_lines(events)]
    assert [line["amount"] for line in lines] == events["amount"].tolist()
    assert lines[0]["transaction_at"].startswith("2016-11-01T0") and lines[0]["transaction_at"].endswith("Z")


def test_some_messages_are_late_duplicated_out_of_order_or_broken():
    events = first_events(Plan(20_000.0, 21_600.0, 60, seed=1))
    sender = Sender(seed=1, watermark_s=600.0, speed=60.0)
    sender.accept(events)
    lines = [line for _, line in sender.take_due(float("inf"))]
    counts = sender.counts
    assert counts["events"] == len(events)
    assert len(lines) == counts["events"] + counts["duplicates"] + counts["broken"]
    assert counts["duplicates"] == pytest.approx(DUPLICATE_SHARE * len(events), rel=0.5)
    assert min(counts[name] for name in ("late", "too_late", "broken")) > 0
    times = [json.loads(line)["transaction_at"] for line in lines[: -counts["broken"]]]
    assert times != sorted(times)


def test_messages_that_are_not_due_are_sent_later():
    events = first_events()
    sender = Sender(seed=1, watermark_s=600.0, speed=60.0)
    sender.accept(events)
    due = len(sender.take_due(float(events["transaction_at"].median())))
    assert 0 < due < len(events)
    assert len(sender.take_due(float("inf"))) >= len(events) - due


def test_every_way_to_break_a_line_changes_it():
    line = event_line(1).replace(" ", "")
    broken = {break_line(line) for break_line in BREAKS}
    assert len(broken) == len(BREAKS) and line not in broken


class RecordingTarget:
    """Keeps the messages that it gets."""

    def __init__(self):
        """Start empty."""
        self.messages: list = []

    def send(self, messages):
        """Keep them."""
        self.messages += messages


def test_the_producer_stops_after_the_given_seconds(settings):
    target, steps, unbounded = RecordingTarget(), [], simulate(PLAN, None)
    taken = (steps.append(step) or step for step in unbounded)
    counts = produce(taken, create_sender(settings, PLAN), target, 3, wait=lambda _: None)
    assert len(steps) == 3
    assert counts["events"] >= len(target.messages) - counts["duplicates"] - counts["broken"] > 0


def test_the_producer_stops_early_when_it_is_stopped(settings):
    waits: list[float] = []
    sender = create_sender(settings, PLAN)
    produce(simulate(PLAN, None), sender, RecordingTarget(), None, is_stopped=lambda: True, wait=waits.append)
    assert waits == []


def test_a_file_of_transactions_is_replayed_in_order_of_time(tmp_path):
    path = tmp_path / "bank.csv"
    header = "TransactionID,CustomerID,CustomerDOB,CustGender,CustLocation,CustAccountBalance,"
    rows = ["T2,C2,,F,MUMBAI,10.5,02-08-2016,90507,25", "T1,C1,,M,JHAJJAR,,01-08-2016,235959,7.5"]
    path.write_text("\n".join([f"{header}TransactionDate,TransactionTime,TransactionAmount (INR)", *rows]))
    events = read_transactions(path)
    assert events["transaction_id"].tolist() == ["T1", "T2"]
    assert pd.to_datetime(events["transaction_at"], unit="s").astype(str).tolist() == [
        "2016-08-01 23:59:59",
        "2016-08-02 09:05:07",
    ]
    assert events["latitude"].isna().tolist() == [True, False]
    ((until, sent),) = replay(events, Plan(rate=5, incidents=False), None)
    assert len(sent) == 2 and until == events["transaction_at"].max()


def test_a_file_without_transactions_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BankError, match="make export TABLE=transactions"):
        read_transactions(path)


def test_a_busy_bank_in_real_time_makes_few_reference_events():
    plan = Plan(rate=2_000.0, speed=1.0, customers=200)
    assert 35 * 200 <= len(simulate_reference_events(plan)) < 3 * 35 * 200


def test_reference_events_cover_all_hours_of_the_day():
    events = simulate_reference_events(Plan(rate=0.5, speed=1.0, customers=200))
    assert set(events["transaction_at"] // 3600 % 24) == set(range(24))


def test_by_default_each_customer_pays_ten_times_a_day_within_limits():
    assert default_customers(rate=100, speed=120) == 7_200
    assert (default_customers(rate=1, speed=60), default_customers(rate=50, speed=1)) == (1_500, 20_000)
