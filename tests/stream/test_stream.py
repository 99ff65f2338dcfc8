"""The stream end to end: 4,500 events through the whole chain, and what must hold whatever comes."""

import json
import sqlite3
import time
from types import SimpleNamespace

import pandas as pd
import pytest

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import STREAM_RESULTS, get_text, lake_files
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.stream.checkpoint import stream_id
from jobs.stream.run import Stream
from jobs.stream.verification import recompute, stream_metrics

from .examples import drop, event, files

FILES, BURST = 10, 8
"""Of ten files of some 550 events the first eight lie there at once: more than ten times a batch's share."""
LONG_AGO, WITHIN = "2016-11-01T00:00:01Z", 60.0
POISON = [
    "\x00\x01",
    "[]",
    "{",
    "null",
    '{"transaction_id": 5}',
    event(1, amount=-5),
    event(2, at="2999-01-01T00:00:00Z"),
]
LOCKED_S = 12.0
"""Longer than SQLite waits for a lock by itself."""


@pytest.fixture(scope="module")
def streamed(spark, tmp_path_factory):
    """A stream that met a burst, poison, late events, copies, a restart and a live store that was away."""
    settings = Settings(var=tmp_path_factory.mktemp("stream"), database="bank_stream", stream_batch=1)
    start_session(settings, "tests")
    made = files(settings, FILES)
    for number, lines in enumerate(made[:BURST]):
        drop(settings, number, [*lines, *POISON] if number == 2 else lines)
    worked(spark, settings)
    first = read(settings, "SELECT * FROM live_progress")
    newest = first.loc[first["query"] == "windows", "watermark"].dropna().max()
    timely = (pd.Timestamp(newest) + pd.Timedelta(seconds=WITHIN)).isoformat() + "Z"
    odd = [event(90_001, at=timely), event(90_001, at=timely), event(90_002, at=LONG_AGO)]
    stream = Stream(spark, settings)
    with away(settings):
        drop(settings, BURST, [*made[BURST], *odd])
        time.sleep(LOCKED_S)
    stream.finish()
    for number, lines in enumerate(made[BURST + 1 :], BURST + 1):
        drop(settings, number, lines)
    stream.finish()
    time.sleep(1)
    stream.stop()
    progress = read(settings, "SELECT * FROM live_progress")
    yield SimpleNamespace(settings=settings, first=first, progress=progress)
    spark.sql("DROP DATABASE bank_stream CASCADE")


def worked(spark, settings) -> None:
    stream = Stream(spark, settings)
    stream.finish()
    time.sleep(1)
    stream.stop()


def away(settings):
    """Hold SQLite's lock, so that nobody else can write."""
    connection = sqlite3.connect(settings.var / "live.db", isolation_level=None)

    class Away:
        def __enter__(self):
            connection.execute("BEGIN EXCLUSIVE")

        def __exit__(self, *_):
            connection.execute("ROLLBACK")
            connection.close()

    return Away()


def read(settings, query: str) -> pd.DataFrame:
    return pd.read_sql_query(query, sqlite3.connect(settings.var / "live.db"))


def lake(spark, settings, table: str) -> pd.DataFrame:
    spark.catalog.refreshTable(tables.create(spark, settings, table))
    return tables.read(spark, settings, table).toPandas()


def windows_alerts_and_dead_letters_equal_the_batch_over_the_same_events(spark, streamed):
    assert recompute.differences(spark, streamed.settings) == {"transaction_windows": 0, "alerts": 0, "dead_letters": 0}
    events = streamed.progress.loc[streamed.progress["query"] == "events", "events"].sum()
    assert events > 4_500
    assert len(lake(spark, streamed.settings, "transaction_windows")) > 500
    assert len(lake(spark, streamed.settings, "alerts")) > 5


def every_event_is_counted_once_late_or_dead(spark, streamed):
    mine = streamed.progress[streamed.progress["query"] == "windows"]
    came, late, copies = (int(mine[name].sum()) for name in ("events", "late", "duplicates"))
    open_and_closed = read(
        streamed.settings, "SELECT sum(transactions) AS n FROM live_windows WHERE kind = 'tumbling' AND city = ''"
    )
    dead = len(lake(spark, streamed.settings, "dead_letters"))
    assert came - late - copies - dead == open_and_closed["n"][0]
    assert copies > 5 and late > 0


def a_late_event_within_the_watermark_counts_and_one_beyond_it_is_counted_as_dropped(spark, streamed):
    for query, ids in (("windows", ["T90001"]), ("alerts", [])):  # the desk does not wait as long as the windows
        accepted = recompute.accepted(spark, streamed.settings, recompute.committed(streamed.settings, query))
        found = accepted.where("transaction_id LIKE 'T9%'").collect()
        assert [row["transaction_id"] for row in found] == ids
        late = streamed.progress.loc[streamed.progress["query"] == query, "late"].sum()
        assert late >= (3 if query == "alerts" else 1)


def poison_is_kept_with_its_reason_and_stops_nothing(spark, streamed):
    letters = lake(spark, streamed.settings, "dead_letters")
    assert set(POISON[1:]) <= set(letters["raw"])
    assert letters["reason"].str.len().min() > 10
    dead = streamed.progress.loc[streamed.progress["query"] == "events", "dead_letters"].sum()
    assert dead == len(letters)


def a_burst_of_ten_times_the_rate_waits_at_the_source(spark, streamed):
    intake = streamed.first[(streamed.first["query"] == "events") & (streamed.first["events"] > 0)]
    assert len(intake) == BURST
    assert intake["events"].max() < intake["events"].sum() / 4
    assert intake["backlog"].iloc[0] > 3 * intake["events"].iloc[0] and intake["backlog"].iloc[-1] == 0
    state = streamed.first.loc[streamed.first["query"] == "windows", "state_rows"]
    assert state.max() < 3 * intake["events"].max()


def a_live_store_that_was_away_has_everything_when_it_is_back(spark, streamed):
    closed = lake(spark, streamed.settings, "transaction_windows")
    shown = read(streamed.settings, "SELECT * FROM live_windows WHERE closed")
    assert len(shown) == len(closed)
    both = shown.assign(starts=pd.to_datetime(shown["starts"])).merge(closed, on=["kind", "location", "starts"])
    assert (both["transactions_x"] == both["transactions_y"]).all() and len(both) == len(closed)
    assert set(read(streamed.settings, "SELECT alert_id FROM live_alerts")["alert_id"]) == set(
        lake(spark, streamed.settings, "alerts")["alert_id"]
    )


def each_alert_has_a_reason_and_the_events_behind_it(spark, streamed):
    alerts = lake(spark, streamed.settings, "alerts")
    of_customers = alerts[~alerts["type"].isin(["surge", "outage"])]
    for alert in of_customers.itertuples():
        behind = json.loads(alert.events)
        assert behind[-1]["transaction_id"] == alert.alert_id.split("-", 1)[1]
        assert alert.score > 0 and alert.reason.endswith(".")
    watched = read(streamed.settings, "SELECT DISTINCT customer_id FROM live_customers")["customer_id"]
    assert set(of_customers["customer_id"].dropna()) <= set(watched)


def a_changed_query_refuses_the_checkpoint_and_says_what_to_do(spark, streamed):
    changed = streamed.settings.model_copy(update={"stream_window": "5 minutes"})
    with pytest.raises(BankError, match=r"stream_window \(10 minutes, now 5 minutes\).*python -m jobs stream --anew"):
        Stream(spark, changed)
    assert stream_id(streamed.settings) == stream_id(streamed.settings)


def the_figures_are_those_of_the_issue(spark, streamed):
    found = stream_metrics.figures(spark, streamed.settings, 60.0)
    names = {"events", "duplicates", "late_dropped", "dead_letters", "windows", "alerts", "precision", "recall"}
    assert names | {"recall_by_type", "latency_p95_s", "events_per_s", "matches_batch"} <= set(found.results)
    assert found.results["matches_batch"] is True
    filesystem, root = lake_files(streamed.settings)
    assert json.loads(get_text(filesystem, f"{root}/{STREAM_RESULTS}")) == found.results
    assert "The naive rule" in stream_metrics.in_words(found)


def test_4500_events_through_the_whole_chain(spark, streamed):
    """One test, for with several workers the stream would run once in each."""
    for holds in (
        windows_alerts_and_dead_letters_equal_the_batch_over_the_same_events,
        every_event_is_counted_once_late_or_dead,
        a_late_event_within_the_watermark_counts_and_one_beyond_it_is_counted_as_dropped,
        poison_is_kept_with_its_reason_and_stops_nothing,
        a_burst_of_ten_times_the_rate_waits_at_the_source,
        a_live_store_that_was_away_has_everything_when_it_is_back,
        each_alert_has_a_reason_and_the_events_behind_it,
        a_changed_query_refuses_the_checkpoint_and_says_what_to_do,
        the_figures_are_those_of_the_issue,
    ):
        holds(spark, streamed)
