"""The stream's state in words, from rows of live_progress and a clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest

from dashboard.live import status
from dashboard.live.queries import Pulse
from dashboard.serving_reader import Problem
from tests.dashboard import live_rows

NOW = datetime(2026, 1, 31, 12, 0, 0)


def pulse(*batches: dict) -> Pulse:
    progress = pd.DataFrame(list(batches))
    numbers = progress.columns.intersection(["backlog", "latency_p50_s", "latency_p95_s"])
    return Pulse(progress.astype(dict.fromkeys(numbers, float)), {}, {}, {})


def minute(**last: object) -> list[dict]:
    """A minute of micro-batches that ends now; `last` replaces what is usual in the last one."""
    found = [
        row
        for ago in range(60, 0, -1)
        for row in live_rows.batches(60 - ago, NOW - timedelta(seconds=ago), backlog=500, events=2000)
    ]
    return [*found, *live_rows.batches(60, NOW, **{"backlog": 500, "events": 2000, **last})]


def test_a_stream_that_keeps_up_is_live():
    found = status.judge(pulse(*minute(latency_p95_s=1.44)), NOW + timedelta(seconds=2))
    assert (found.state, found.headline) == ("live", "The stream is live.")
    assert found.detail == "95 % of the events are here within 1.4 s."


def test_the_pace_is_that_of_the_last_minute():
    assert status.pace(pulse(*minute()).progress) == 2000
    assert status.pace(pulse(*minute(events=8000)).progress) == 2100


def test_without_progress_for_half_a_minute_it_is_down():
    assert status.judge(pulse(*minute()), NOW + timedelta(seconds=30)).state == "live"
    found = status.judge(pulse(*minute()), NOW + timedelta(seconds=31))
    assert (found.state, found.headline) == ("down", "The stream is down: no progress for 31 s.")
    assert "What you see is from 31 Jan 2026, 12:00:00 UTC." in found.detail


def test_a_stream_that_finds_nothing_new_is_idle_until_it_stops_looking():
    later = NOW + timedelta(minutes=5)
    idle = dict.fromkeys(("events", "windows", "alerts"), later - timedelta(seconds=9))
    found = status.judge(replace(pulse(*minute()), idle=idle), later)
    assert (found.state, found.headline) == ("idle", "No event has come for 5 min.")
    assert status.judge(replace(pulse(*minute()), idle=idle), later + timedelta(seconds=31)).state == "down"
    assert status.judge(replace(pulse(*minute()), idle=idle), NOW).state == "live"


def test_a_query_that_stands_still_while_others_go_on_is_named():
    going = [row for row in minute() if row["query"] != "alerts"]
    stuck = live_rows.batches(3, NOW - timedelta(seconds=125))[2]
    found = status.judge(pulse(stuck, *going), NOW)
    assert (found.state, found.headline) == ("behind", "A part of the stream stands still: alerts, for 2 min.")


@pytest.mark.parametrize(
    ("before", "waiting", "said"),
    [(500, 60_000, "grows"), (90_000, 60_000, "shrinks"), (60_000, 60_000, "neither grows nor shrinks")],
)
def test_a_backlog_of_ten_seconds_of_work_is_behind(before, waiting, said):
    batches = minute(backlog=waiting)
    batches[0]["backlog"] = before
    found = status.judge(pulse(*batches), NOW)
    assert found.headline == "The stream is behind: 60,000 events wait, 30 s of work at this pace."
    assert said in found.detail


def test_events_that_take_longer_than_ten_seconds_are_behind():
    found = status.judge(pulse(*minute(latency_p95_s=12.0)), NOW)
    assert found.headline == "The stream is behind: an event takes up to 12 s to this page."


def test_a_batch_without_events_keeps_what_the_last_one_knew():
    empty = live_rows.batches(61, NOW + timedelta(seconds=1), events=0, newest_event=None, latency_p95_s=None)
    batches = pulse(*minute(latency_p95_s=1.44), *empty)
    assert status.judge(batches, NOW).detail == "95 % of the events are here within 1.4 s."
    newest = status.latest(batches.progress)
    assert newest.loc["events", "newest_event"] == pd.Timestamp(NOW - timedelta(seconds=1))
    assert newest.loc["windows", "batch"] == 61


def test_what_was_slow_more_than_a_minute_ago_is_forgotten():
    slow = live_rows.batches(0, NOW - timedelta(seconds=61), latency_p95_s=40.0)
    empty = [row | {"latency_p95_s": None} for row in minute()]
    assert status.judge(pulse(*slow, *empty), NOW).state == "live"


def test_what_is_not_known_is_no_reason_to_be_behind():
    unknown = [row | {"latency_p95_s": None, "backlog": None} for row in minute()]
    found = status.judge(pulse(*unknown), NOW)
    assert (found.state, found.detail) == ("live", "")


def test_an_empty_store_and_a_store_that_is_away_are_told_apart():
    nothing = status.judge(Pulse(pd.DataFrame(), {}, {}, {}), NOW)
    assert nothing.headline == "The stream has not worked off anything yet."
    assert status.judge(Problem("never", "Nothing is there."), NOW).headline == "The stream has never run here."
    away = status.judge(Problem("away", "live on postgres:5432: Connection refused"), NOW)
    assert away.headline == "The live store can not be reached."
    assert away.detail == "live on postgres:5432: Connection refused. Trying again every second."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7300, "2 h"), (5 * 86_400, "5 days")],
)
def test_how_long_ago_in_words(seconds, said):
    assert status.ago(seconds) == said
