"""Evaluation: which alerts are correct, and which incidents they find."""

import json

import pandas as pd
import pytest

from jobs.stream.verification.alert_evaluation import evaluate_alerts, naive_alerts
from jobs.stream.verification.labels import append_label, read_labels

DAY = pd.Timestamp("2016-11-05")
WHOLE_MONTH = (pd.Timestamp("2016-11-01"), pd.Timestamp("2016-12-01"))
TEN_MINUTES = pd.Timedelta("10 minutes")


def at(hour: int, minute: int = 0) -> pd.Timestamp:
    return DAY + pd.Timedelta(hours=hour, minutes=minute)


def alerts(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["alert_id", "event_time", "type"])


def incidents(tmp_path, *rows: tuple) -> pd.DataFrame:
    path = tmp_path / "labels.jsonl"
    for kind, starts, ends, transaction_ids in rows:
        append_label(path, kind, starts.timestamp(), ends.timestamp(), transaction_ids)
    return read_labels(path)


@pytest.fixture
def evaluation(tmp_path):
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
    return evaluate_alerts(raised, planted, 1_000, *WHOLE_MONTH, TEN_MINUTES)


def test_an_alert_is_correct_if_the_event_that_raised_it_belongs_to_an_incident(evaluation):
    assert (evaluation.alerts, evaluation.precision, evaluation.per_thousand) == (5, 0.6, 5)


def test_an_incident_is_found_once_however_many_alerts_it_raises(evaluation):
    assert evaluation.recall == round(2 / 3, 4)
    assert evaluation.by_type.loc["velocity", ["incidents", "found", "delay_s"]].tolist() == [1, 1, 0]
    assert evaluation.by_type["recall"].to_dict()["amount"] == 0


def test_alerts_and_incidents_of_the_warm_up_do_not_count(tmp_path):
    planted = incidents(tmp_path, ("amount", at(1), at(1), ["T1"]), ("amount", at(5), at(5), ["T2"]))
    raised = alerts(("amount-T1", at(1), "amount"), ("amount-T2", at(5), "amount"))
    found = evaluate_alerts(raised, planted, 100, at(4), at(24), TEN_MINUTES)
    assert (found.alerts, found.recall, int(found.by_type["incidents"].sum())) == (1, 1.0, 1)


@pytest.mark.parametrize(
    ("window_end", "window", "precision"),
    [
        (at(10, 40), "10 minutes", 1.0),  # the window began five minutes before the incident ended
        (at(10, 50), "10 minutes", 0.0),  # it began five minutes after; 20 minutes back would still match
        (at(10, 50), "20 minutes", 1.0),
        (at(10, 0), "10 minutes", 0.0),  # it ended when the incident began
    ],
)
def test_a_volume_alert_is_correct_only_if_its_window_overlaps_the_incident(tmp_path, window_end, window, precision):
    planted = incidents(tmp_path, ("surge", at(10), at(10, 35), []))
    raised = alerts(("surge-1", window_end, "surge"))
    found = evaluate_alerts(raised, planted, 100, *WHOLE_MONTH, pd.Timedelta(window))
    assert found.precision == precision


def test_a_volume_alert_does_not_match_an_incident_of_another_type(tmp_path):
    planted = incidents(tmp_path, ("surge", at(10), at(11), []))
    raised = alerts(("outage-1", at(10, 30), "outage"))
    assert evaluate_alerts(raised, planted, 100, *WHOLE_MONTH, TEN_MINUTES).precision == 0.0


def test_a_stream_without_alerts_has_a_recall_of_zero_and_no_precision(tmp_path):
    planted = incidents(tmp_path, ("amount", at(1), at(1), ["T1"]))
    none = alerts().astype({"event_time": "datetime64[ns]"})
    found = evaluate_alerts(none, planted, 100, *WHOLE_MONTH, TEN_MINUTES)
    assert (found.recall, found.precision != found.precision) == (0.0, True)


def test_labels_hold_kind_times_and_transactions(tmp_path):
    path = tmp_path / "labels.jsonl"
    append_label(path, "terminal", at(1).timestamp(), at(2).timestamp(), ["T1"])
    assert json.loads(path.read_text()) == {
        "kind": "terminal",
        "starts": "2016-11-05T01:00:00.000",
        "ends": "2016-11-05T02:00:00.000",
        "transaction_ids": ["T1"],
    }


def test_the_naive_rule_uses_the_amount_alone():
    transactions = pd.DataFrame(
        {"transaction_id": ["T1", "T2"], "transaction_at": [at(1), at(2)], "amount": [5.0, 500.0]}
    )
    assert naive_alerts(transactions, 5.0)["alert_id"].tolist() == ["amount-T2"]
