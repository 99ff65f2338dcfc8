"""Alerts, events and habits as the page shows them, whatever is in the store's JSON."""

from datetime import datetime

import pandas as pd
import pytest

from dashboard.live import alert_details
from dashboard.live.messages import running
from dashboard.live.queries import Customer
from tests.dashboard import live_rows

NOW = datetime(2026, 1, 31, 12, 4, 0)


def alerts(*numbers: int, **other: object) -> pd.DataFrame:
    return pd.DataFrame([{**live_rows.alert(number, NOW), **other} for number in numbers])


def test_events_behind_alerts_come_once_and_in_order():
    behind = alert_details.events_behind(alerts(0, 0, 1))
    assert behind["transaction_id"].to_list() == ["T00002", "T00012", "T00001", "T00011", "T00000", "T00010"]
    assert behind["event_time"].iloc[-1] == pd.Timestamp("2026-01-31 11:54:00")


@pytest.mark.parametrize("events", [None, "", "[]", "not json", "{}", "null"])
def test_an_alert_without_events_has_none_behind_it(events):
    assert alert_details.events_behind(alerts(0, events=events)).empty


def test_an_event_that_lacks_columns_is_shown_without_them():
    behind = alert_details.events_behind(
        alerts(0, events='[{"transaction_id": "T1", "transaction_at": "2026-01-31T11:00:00Z"}]')
    )
    assert "<td>31 Jan, 11:00:00</td>" in alert_details.event_table(behind.assign(alerted=False))


def test_a_customer_has_all_events_and_those_behind_an_alert_are_marked():
    kept = pd.DataFrame(live_rows.events("C5840000", NOW))
    kept.loc[0, "transaction_id"] = "T00001"
    events = alert_details.events_of(Customer(alerts(0), kept))
    assert len(events) == 22
    assert events[events["alerted"]]["transaction_id"].to_list() == ["T00002", "T00001", "T00000"]


def test_a_habit_is_told_in_words_and_without_what_is_not_known():
    told = '{"usual_amount": 1550.5, "a_day": 3.25, "last_city": "NEW DELHI", "low_amount": null, "new_thing": 2}'
    text = alert_details.habit(alerts(0, profile=told))
    assert "<dt>usual amount, ₹</dt><dd>1,550</dd>" in text
    assert "<dt>transactions a day</dt><dd>3.25</dd>" in text
    assert "<dd>New Delhi</dd>" in text and "<dt>new thing</dt><dd>2</dd>" in text
    assert "seldom below" not in text
    assert alert_details.habit(alerts(0, profile="not json")) == ""
    assert alert_details.habit(alerts(0, profile=None)) == ""


def test_a_reason_is_never_taken_for_html():
    (_, alert), *_ = alerts(0, reason="<b>5 & 6</b>").iterrows()
    assert "&lt;b&gt;5 &amp; 6&lt;/b&gt;" in alert_details.alert_text(alert)


def test_rolling_windows_end_with_the_one_that_ends_next():
    sliding = pd.DataFrame([row for row in live_rows.windows("", NOW) if row["kind"] == "sliding"]).sort_values(
        "starts"
    )
    assert running(sliding)["ends"].iloc[-1] == pd.Timestamp("2026-01-31 12:10:00")
    assert len(running(sliding.tail(1))) == 1
