"""The producer: a bank with habits, planted incidents with labels kept aside, and bad habits on purpose."""

import json

import numpy as np
import pandas as pd
import pytest

from jobs.core.errors import BankError
from jobs.simulation.bank import incidents
from jobs.simulation.bank.customers import World
from jobs.simulation.bank.earlier_events import simulated_earlier
from jobs.simulation.bank.event_messages import BREAKS, TWICE, Sender, to_lines
from jobs.simulation.bank.producer import BEGIN, Plan, produce, sender, simulated, usual_customers
from jobs.simulation.bank.replay import replayed, transactions
from jobs.stream.verification import labels
from tests.stream.examples import PLAN, event, files


@pytest.fixture
def home(tmp_path):
    from jobs.core.settings import Settings

    return Settings(var=tmp_path)


def test_the_same_seed_gives_the_same_events():
    first, again = (next(simulated(PLAN, None))[1] for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(next(simulated(Plan(450.0, 21_600.0, 60, seed=6), None))[1])


def test_customers_have_a_place_a_rhythm_and_a_habit():
    world, rng = World(1, 200, 1.0), np.random.default_rng(1)
    noon = world.step(BEGIN + 12 * 3600, 3600, 1.0, rng)
    night = world.step(BEGIN + 3 * 3600, 3600, 1.0, rng)
    assert len(night) < len(noon) / 2
    homes = dict(zip(world.names, world.home, strict=True))
    at_home = noon["terminal"].str.rsplit("-", n=1).str[0].eq(noon["location"]).mean()
    assert at_home == 1.0 and len(set(homes.values())) > 5
    spread = np.log(noon["amount"]).groupby(noon["customer_id"]).std().median()
    assert spread < np.log(noon["amount"]).std() / 1.5


def test_every_kind_is_planted_and_labelled_aside(home):
    lines = [json.loads(line) for each in files(home, 20) for line in each if line.startswith("{") and line[-1] == "}"]
    assert not any("incident" in line or "kind" in line for line in lines)
    known = labels.read(home.stream_folder / "truth.jsonl")
    assert {"amount", "velocity", "travel", "draining", "place"} <= set(known["kind"])
    sent = {line.get("transaction_id") for line in lines}
    planted = {one for ids in known["transaction_ids"] for one in ids}
    assert len(planted & sent) > 0.95 * len(planted)


def test_surges_and_outages_change_the_volume_and_are_labelled(tmp_path):
    plan, path = Plan(rate=3_000.0, speed=3600.0, customers=500, seed=3), tmp_path / "truth.jsonl"
    hours = [(upto, len(events)) for (upto, events), _ in zip(simulated(plan, path), range(24 * 6), strict=False)]
    known = labels.read(path)
    volume = known[known["kind"].isin(incidents.VOLUME)]
    assert set(volume["kind"]) == {"surge", "outage"}
    assert volume["transaction_ids"].map(len).sum() == 0
    assert len(hours) == 144


def test_an_incident_looks_like_its_kind():
    rng = np.random.default_rng(1)
    _, events = next(simulated(Plan(450.0, 21_600.0, 60, seed=5, incidents=False), None))
    burst, far = incidents.velocity(events, rng), incidents.travel(events, rng)
    drained, bad = incidents.draining(events, rng), incidents.place(events, rng)
    assert len(burst) >= 5 and np.ptp(burst["transaction_at"]) <= incidents.BURST_S
    assert len(far) == 1 and far["location"].iloc[0] != events.loc[far.index[0], "location"]
    assert drained["balance"].iloc[-1] < 0.2 * events.loc[drained.index[0], "balance"]
    assert bad["terminal"].nunique() == 1 and bad["customer_id"].is_unique


def test_lines_are_read_back_as_they_were():
    _, events = next(simulated(PLAN, None))
    read = [json.loads(line) for line in to_lines(events)]
    assert [one["amount"] for one in read] == events["amount"].tolist()
    assert read[0]["transaction_at"].startswith("2016-11-01T0") and read[0]["transaction_at"].endswith("Z")


def test_events_are_sent_late_twice_out_of_order_and_broken_on_purpose():
    _, events = next(simulated(Plan(20_000.0, 21_600.0, 60, seed=1), None))
    sending = Sender(seed=1, watermark_s=600.0, speed=60.0)
    sending.take(events)
    lines = [line for _, line in sending.due(float("inf"))]
    counts = sending.counts
    assert counts["events"] == len(events) and len(lines) == counts["events"] + counts["twice"] + counts["broken"]
    assert counts["twice"] == pytest.approx(TWICE * len(events), rel=0.5)
    assert min(counts[name] for name in ("late", "too_late", "broken")) > 0
    good = [json.loads(line) for line in lines[: -counts["broken"]]]
    moments = [one["transaction_at"] for one in good]
    assert moments != sorted(moments)


def test_what_is_on_its_way_is_sent_later():
    _, events = next(simulated(PLAN, None))
    sending = Sender(seed=1, watermark_s=600.0, speed=60.0)
    sending.take(events)
    now = len(sending.due(float(events["transaction_at"].median())))
    assert 0 < now < len(events)
    assert len(sending.due(float("inf"))) >= len(events) - now


def test_every_way_to_break_a_line_breaks_it():
    line = event(1).replace(" ", "")
    assert len({brk(line) for brk in BREAKS}) == len(BREAKS) and all(brk(line) != line for brk in BREAKS)


def test_the_producer_ends_in_time_or_when_it_is_stopped(home):
    class Kept:
        lines: list = []  # noqa: RUF012

        def send(self, lines):
            self.lines += lines

    waits: list[float] = []
    counts = produce(simulated(PLAN, None), sender(home, PLAN), Kept(), 3, wait=waits.append)
    assert len(waits) == 2 and counts["events"] >= len(Kept.lines) - counts["twice"] - counts["broken"] > 0
    produce(simulated(PLAN, None), sender(home, PLAN), Kept(), None, stopped=lambda: True, wait=waits.append)
    assert len(waits) == 2


def test_a_file_of_transactions_is_replayed_in_its_own_order(tmp_path):
    path = tmp_path / "bank.csv"
    header = "TransactionID,CustomerID,CustomerDOB,CustGender,CustLocation,CustAccountBalance,"
    rows = ["T2,C2,,F,MUMBAI,10.5,02-08-2016,90507,25", "T1,C1,,M,JHAJJAR,,01-08-2016,235959,7.5"]
    path.write_text("\n".join([f"{header}TransactionDate,TransactionTime,TransactionAmount (INR)", *rows]))
    events = transactions(path)
    assert events["transaction_id"].tolist() == ["T1", "T2"]
    assert pd.to_datetime(events["transaction_at"], unit="s").astype(str).tolist() == [
        "2016-08-01 23:59:59",
        "2016-08-02 09:05:07",
    ]
    assert events["latitude"].isna().tolist() == [True, False]
    ((upto, sent),) = replayed(events, Plan(rate=5, incidents=False), None)
    assert len(sent) == 2 and upto == events["transaction_at"].max()


def test_a_file_of_something_else_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BankError, match="make export TABLE=transactions"):
        transactions(path)


def test_a_busy_bank_at_real_speed_makes_no_more_earlier_events_than_are_wanted():
    plan = Plan(rate=2_000.0, speed=1.0, customers=200)
    assert 35 * 200 <= len(simulated_earlier(plan)) < 3 * 35 * 200


def test_earlier_events_of_a_bank_that_is_not_too_busy_know_all_hours_of_the_day():
    found = simulated_earlier(Plan(rate=0.5, speed=1.0, customers=200))
    assert set(found["transaction_at"] // 3600 % 24) == set(range(24))


def test_a_bank_has_as_many_customers_as_pay_ten_times_a_day():
    assert usual_customers(rate=100, speed=120) == 7_200
    assert (usual_customers(rate=1, speed=60), usual_customers(rate=50, speed=1)) == (1_500, 20_000)
