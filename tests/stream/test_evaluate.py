"""How alerts are judged, and how they are calibrated without looking at the truth."""

import json

import numpy as np
import pandas as pd
import pytest

from jobs.simulation.bank.earlier_events import simulated_earlier
from jobs.simulation.bank.producer import Plan
from jobs.stream.detection.anomaly_scores import CUSTOMER
from jobs.stream.detection.thresholds import Calibration, calibrate, hours
from jobs.stream.verification import labels
from jobs.stream.verification.alert_evaluation import judge, naive

DAY = pd.Timestamp("2016-11-05")
WHOLE = (pd.Timestamp("2016-11-01"), pd.Timestamp("2016-12-01"))


def at(hour: int) -> pd.Timestamp:
    return DAY + pd.Timedelta(hours=hour)


def alerts(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["alert_id", "at", "type"])


def incidents(tmp_path, *rows: tuple) -> pd.DataFrame:
    path = tmp_path / "truth.jsonl"
    names = ("kind", "starts", "ends", "transaction_ids")
    path.write_text("".join(json.dumps(dict(zip(names, map(plain, row), strict=True))) + "\n" for row in rows))
    return labels.read(path)


def plain(value):
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def test_an_alert_is_right_by_the_event_that_raised_it_and_an_incident_is_found_once(tmp_path):
    planted = incidents(
        tmp_path,
        ("velocity", at(1), at(2), ["T1", "T2", "T3"]),
        ("amount", at(3), at(3), ["T9"]),
        ("surge", at(10), at(11), []),
    )
    raised = alerts(
        ("velocity-T2", at(1), "velocity"),
        ("draining-T3", at(2), "draining"),
        ("amount-T5", at(4), "amount"),
        ("surge-7", at(11), "surge"),
        ("outage-8", at(11), "outage"),
    )
    found = judge(raised, planted, 1_000, *WHOLE)
    assert (found.alerts, found.precision, found.recall) == (5, 0.6, round(2 / 3, 4))
    assert found.by_type.loc["velocity", ["incidents", "found", "delay_s"]].tolist() == [1, 1, 0]
    assert found.by_type["recall"].to_dict()["amount"] == 0
    assert found.per_thousand == 5


def test_what_lies_before_the_judged_part_does_not_count(tmp_path):
    planted = incidents(tmp_path, ("amount", at(1), at(1), ["T1"]), ("amount", at(5), at(5), ["T2"]))
    raised = alerts(("amount-T1", at(1), "amount"), ("amount-T2", at(5), "amount"))
    found = judge(raised, planted, 100, at(4), at(24))
    assert (found.alerts, found.recall, int(found.by_type["incidents"].sum())) == (1, 1.0, 1)


def test_the_naive_rule_sees_amounts_alone():
    amounts = pd.DataFrame({"transaction_id": ["T1", "T2"], "transaction_at": [at(1), at(2)], "amount": [5.0, 500.0]})
    assert naive(amounts, 5.0)["alert_id"].tolist() == ["amount-T2"]


@pytest.fixture(scope="module")
def events():
    return simulated_earlier(Plan(rate=5_000 / 86_400, speed=1.0, customers=400, seed=3))


def test_a_larger_budget_asks_for_less_evidence(events):
    few, many = (calibrate(events, budget, 90 * 86_400.0) for budget in (2.0, 20.0))
    assert few.level > many.level
    assert np.all(few.levels(CUSTOMER) >= many.levels(CUSTOMER)) and few.levels(CUSTOMER)[0] > many.levels(CUSTOMER)[0]


def test_a_calibration_is_the_same_after_it_was_written_down(events):
    known = calibrate(events, 5.0, 90 * 86_400.0)
    assert Calibration.from_json(known.to_json()) == known
    assert known.rarity("amount", 100.0) > known.rarity("amount", 3.0) >= 0


def test_an_hour_that_no_day_reached_is_taken_for_a_mean_one():
    at = np.repeat([22.5, 23.1, 23.2, 23.3, 24.5, 24.6], 24) * 3600
    assert hours(at) == (1.0, *[1.0] * 21, 0.5, 1.5)
    assert hours(np.append(at, 50.0 * 3600))[1:4] == (0.0, 0.1655, 0.0)


def test_earlier_data_have_no_labels_and_customers_of_their_own(events):
    assert "incident" not in events
    assert events["transaction_at"].is_monotonic_increasing
