"""Alerts, their events and customer profiles as the page shows them, whatever the JSON columns hold."""

from datetime import datetime

import pandas as pd
import pytest

from dashboard.live import alert_details
from dashboard.live.messages import complete_or_current
from dashboard.live.queries import Customer
from tests.dashboard import live_rows

NOW = datetime(2026, 1, 31, 12, 4, 0)


def alerts(*numbers: int, **other: object) -> pd.DataFrame:
    return pd.DataFrame([{**live_rows.alert(number, NOW), **other} for number in numbers])


def test_events_of_alerts_are_unique_and_in_order():
    events = alert_details.events_of_alerts(alerts(0, 0, 1))
    assert events["transaction_id"].to_list() == ["T00002", "T00012", "T00001", "T00011", "T00000", "T00010"]
    assert events["event_time"].iloc[-1] == pd.Timestamp("2026-01-31 11:54:00")


@pytest.mark.parametrize("events", [None, "", "[]", "not json", "{}", "null"])
def test_unusable_json_means_no_events(events):
    assert alert_details.events_of_alerts(alerts(0, events=events)).empty


def test_an_event_with_missing_columns_is_shown():
    events = alert_details.events_of_alerts(
        alerts(0, events='[{"transaction_id": "T1", "transaction_at": "2026-01-31T11:00:00Z"}]')
    )
    assert "<td>31 Jan, 11:00:00</td>" in alert_details.event_table(events.assign(alerted=False))


def test_events_of_a_customer_mark_those_of_an_alert():
    recent = pd.DataFrame(live_rows.events("C5840000", NOW))
    recent.loc[0, "transaction_id"] = "T00001"
    events = alert_details.events_of_customer(Customer(alerts(0), recent))
    assert len(events) == 22
    assert events[events["alerted"]]["transaction_id"].to_list() == ["T00002", "T00001", "T00000"]


def test_a_profile_shows_labels_and_leaves_out_unknown_values():
    stored = '{"usual_amount": 1550.5, "a_day": 3.25, "last_city": "NEW DELHI", "low_amount": null, "new_entry": 2}'
    text = alert_details.profile(alerts(0, profile=stored))
    assert "<dt>typical amount, ₹</dt><dd>1,550</dd>" in text
    assert "<dt>transactions per day</dt><dd>3.25</dd>" in text
    assert "<dd>New Delhi</dd>" in text and "<dt>new entry</dt><dd>2</dd>" in text
    assert "rarely below" not in text


@pytest.mark.parametrize("profile", ["not json", None])
def test_an_unusable_profile_is_not_shown(profile):
    assert alert_details.profile(alerts(0, profile=profile)) == ""


def test_a_reason_is_escaped():
    (_, alert), *_ = alerts(0, reason="<b>5 & 6</b>").iterrows()
    assert "&lt;b&gt;5 &amp; 6&lt;/b&gt;" in alert_details.alert_text(alert)


def test_sliding_windows_stop_at_the_one_that_ends_next():
    rows = [row for row in live_rows.windows("", NOW) if row["kind"] == "sliding"]
    sliding = pd.DataFrame(rows).sort_values("starts")
    assert complete_or_current(sliding)["ends"].iloc[-1] == pd.Timestamp("2026-01-31 12:10:00")
    assert len(complete_or_current(sliding.tail(1))) == 1
