"""The stream's health in words, from micro-batches and a clock."""

from datetime import datetime, timedelta

import pandas as pd
import pytest

from dashboard.live import status
from dashboard.live.queries import Activity
from jobs.serving import health
from jobs.serving.health import NoAnswer
from tests.dashboard import live_rows

NOW = datetime(2026, 1, 31, 12, 0, 0)
QUERIES = ("events", "windows", "alerts")


def activity(*batches: dict, polls: dict[str, datetime] | None = None) -> Activity:
    return Activity(list(batches), polls or {}, {}, {})


def minute(**last: object) -> list[dict]:
    """A minute of micro-batches that ends now; `last` replaces columns of the last one."""
    found = [
        row
        for ago in range(60, 0, -1)
        for row in live_rows.batches(60 - ago, NOW - timedelta(seconds=ago), backlog=500, events=2000)
    ]
    return [*found, *live_rows.batches(60, NOW, **{"backlog": 500, "events": 2000, **last})]


def test_a_stream_that_keeps_up_is_live():
    found = status.assess(activity(*minute(latency_p95_s=1.44)), NOW + timedelta(seconds=2))
    assert (found.state, found.headline) == ("live", "The stream is live.")
    assert found.detail == "95% of events reach the live page within 1.4 s."


def test_the_pace_covers_the_last_minute():
    assert health.pace(minute()) == 2000
    assert health.pace(minute(events=8000)) == 2100


def test_a_stream_without_progress_for_half_a_minute_is_down():
    assert status.assess(activity(*minute()), NOW + timedelta(seconds=30)).state == "live"
    found = status.assess(activity(*minute()), NOW + timedelta(seconds=31))
    assert (found.state, found.headline) == ("down", "The stream is down: no progress for 31 s.")
    assert "The live page shows its results up to 31 Jan 2026, 12:00:00 UTC." in found.detail


def test_a_stream_without_events_is_idle_until_it_stops_polling():
    later = NOW + timedelta(minutes=5)
    idle = activity(*minute(), polls=dict.fromkeys(QUERIES, later - timedelta(seconds=9)))
    found = status.assess(idle, later)
    assert (found.state, found.headline) == ("idle", "No events for 5 min.")
    assert status.assess(idle, later + timedelta(seconds=31)).state == "down"
    assert status.assess(idle, NOW).state == "live"


def test_a_stalled_query_is_named_while_the_others_run():
    running = [row for row in minute() if row["query"] != "alerts"]
    stalled = live_rows.batches(3, NOW - timedelta(seconds=125))[2]
    found = status.assess(activity(stalled, *running), NOW)
    assert (found.state, found.headline) == ("behind", "The alerts query has made no progress for 2 min.")


@pytest.mark.parametrize(
    ("before", "waiting", "trend"),
    [(500, 60_000, "is growing"), (90_000, 60_000, "is shrinking"), (60_000, 60_000, "is not changing")],
)
def test_a_backlog_of_more_than_ten_seconds_of_work_is_behind(before, waiting, trend):
    batches = minute(backlog=waiting)
    batches[0]["backlog"] = before
    found = status.assess(activity(*batches), NOW)
    assert found.headline == "The stream is behind: 60,000 events are waiting, 30 s of work at the current pace."
    assert trend in found.detail


def test_a_latency_of_more_than_ten_seconds_is_behind():
    found = status.assess(activity(*minute(latency_p95_s=12.0)), NOW)
    assert found.headline == "The stream is behind: events take up to 12 s to reach the live page."


def test_a_batch_without_events_keeps_the_last_measurements():
    empty = live_rows.batches(61, NOW + timedelta(seconds=1), events=0, newest_event=None, latency_p95_s=None)
    batches = activity(*minute(latency_p95_s=1.44), *empty)
    assert status.assess(batches, NOW).detail == "95% of events reach the live page within 1.4 s."
    newest = status.latest(batches.progress)
    assert newest.loc["events", "newest_event"] == pd.Timestamp(NOW - timedelta(seconds=1))
    assert newest.loc["windows", "batch"] == 61


def test_a_latency_more_than_a_minute_old_is_ignored():
    slow = live_rows.batches(0, NOW - timedelta(seconds=61), latency_p95_s=40.0)
    empty = [row | {"latency_p95_s": None} for row in minute()]
    assert status.assess(activity(*slow, *empty), NOW).state == "live"


def test_unknown_measurements_do_not_mean_behind():
    unknown = [row | {"latency_p95_s": None, "backlog": None} for row in minute()]
    found = status.assess(activity(*unknown), NOW)
    assert (found.state, found.detail) == ("live", "")


def test_an_empty_table_a_missing_table_and_an_unavailable_database_read_differently():
    assert status.assess(activity(), NOW).headline == "The stream has not processed any events yet."
    never = status.assess(NoAnswer("never", "The serving database is empty (live.db)."), NOW)
    assert never.headline == "The stream has never run here."
    unavailable = status.assess(NoAnswer("unavailable", "live on postgres:5432: Connection refused"), NOW)
    assert unavailable.headline == "The serving database is unavailable."
    assert unavailable.detail == "live on postgres:5432: Connection refused. Retrying every second."


def test_the_event_rate_is_taken_between_micro_batches():
    rates = status.event_rates(activity(*minute(events=4000)).progress)
    assert (len(rates), rates["per_second"].iloc[0], rates["per_second"].iloc[-1]) == (60, 2000, 4000)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7300, "2 h"), (5 * 86_400, "5 days")],
)
def test_a_duration_is_formatted_in_its_largest_unit(seconds, text):
    assert health.duration(seconds) == text
