"""The stream end to end: 4,500 events through all queries, with everything that can go wrong on the way."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.files import STREAM_RESULTS, get_text, lake_files
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.simulation.bank.reference_simulation import fallback_events
from jobs.stream.alert_types import VOLUME_TYPES
from jobs.stream.run import Stream
from jobs.stream.verification import recompute, stream_metrics

from .stream_examples import drop_file, event_line, simulated_files

FILES, BURST_FILES = 10, 8
"""Of ten files of about 550 events, the first eight are there at once: many times the limit of one batch."""
LONG_AGO, WITHIN_S = "2016-11-01T00:00:01Z", 60.0
INVALID_LINES = [
    "\x00\x01",
    "[]",
    "{",
    "null",
    '{"transaction_id": 5}',
    event_line(1, amount=-5),
    event_line(2, "2099-01-01T00:00:00Z", sent_at="2099-01-01T00:00:01Z"),
]
LOCKED_S = 12.0
"""Longer than SQLite itself waits for a lock."""


@pytest.fixture(scope="module")
def streamed(spark, tmp_path_factory):
    """A stream that met a burst, invalid and late events, duplicates, a restart and a locked serving database."""
    settings = Settings(var=tmp_path_factory.mktemp("stream"), database="bank_stream", stream_batch=1)
    start_session(settings, "tests")
    publish_forecast(spark, settings)
    files = simulated_files(settings, FILES)
    for number, lines in enumerate(files[:BURST_FILES]):
        drop_file(settings, number, [*lines, *INVALID_LINES] if number == 2 else lines)
    run_once(spark, settings)
    first_run = read_live(settings, "SELECT * FROM live_progress")
    newest = first_run.loc[first_run["query"] == "windows", "watermark"].dropna().max()
    on_time = (pd.Timestamp(newest) + pd.Timedelta(seconds=WITHIN_S)).isoformat() + "Z"
    special = [event_line(90_001, on_time), event_line(90_001, on_time), event_line(90_002, LONG_AGO)]
    stream = Stream(spark, settings, lambda: fallback_events(settings))
    with locked_serving_database(settings):
        drop_file(settings, BURST_FILES, [*files[BURST_FILES], *special])
        time.sleep(LOCKED_S)
    stream.process_available()
    for number, lines in enumerate(files[BURST_FILES + 1 :], BURST_FILES + 1):
        drop_file(settings, number, lines)
    stream.process_available()
    time.sleep(1)
    stream.stop()
    progress = read_live(settings, "SELECT * FROM live_progress")
    yield SimpleNamespace(settings=settings, first_run=first_run, progress=progress)
    spark.sql("DROP DATABASE bank_stream CASCADE")


def publish_forecast(spark, settings) -> None:
    """A forecast of the first day, ten times the size of the stream."""
    rows = [(date(2016, 11, 1), slot, 180.0) for slot in range(144)]
    forecast = spark.createDataFrame(rows, "transaction_date DATE, slot INT, expected DOUBLE")
    tables.publish(forecast, settings, "window_forecast", "aa")


def run_once(spark, settings) -> None:
    stream = Stream(spark, settings, lambda: fallback_events(settings))
    stream.process_available()
    time.sleep(1)
    stream.stop()


@contextmanager
def locked_serving_database(settings) -> Iterator[None]:
    """Hold SQLite's lock, so that nobody else can write."""
    connection = sqlite3.connect(settings.var / "live.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def read_live(settings, query: str) -> pd.DataFrame:
    return pd.read_sql_query(query, sqlite3.connect(settings.var / "live.db"))


def read_lake(spark, settings, table: str) -> pd.DataFrame:
    spark.catalog.refreshTable(tables.create(spark, settings, table))
    return tables.read(spark, settings, table).toPandas()


def windows_alerts_and_dead_letters_equal_the_batch_over_the_same_events(spark, streamed):
    differing = recompute.differences(spark, streamed.settings)
    assert differing == {"transaction_windows": 0, "alerts": 0, "dead_letters": 0}
    events = streamed.progress.loc[streamed.progress["query"] == "events", "events"].sum()
    assert events > 4_500
    assert len(read_lake(spark, streamed.settings, "transaction_windows")) > 500
    assert len(read_lake(spark, streamed.settings, "alerts")) > 5


def windows_of_the_first_day_are_compared_with_the_forecast(spark, streamed):
    closed = read_lake(spark, streamed.settings, "transaction_windows").query("kind == 'tumbling' and city == ''")
    first_day = closed[closed["starts"] < "2016-11-02"]
    assert first_day["expected"].notna().sum() > 100, "its own history would take a day"


def every_event_is_in_a_window_or_late_or_a_duplicate_or_dead(spark, streamed):
    progress = streamed.progress[streamed.progress["query"] == "windows"]
    events, late, duplicates = (int(progress[name].sum()) for name in ("events", "late", "duplicates"))
    query = "SELECT sum(transactions) AS total FROM live_windows WHERE kind = 'tumbling' AND city = ''"
    in_windows = read_live(streamed.settings, query)["total"][0]
    dead = len(read_lake(spark, streamed.settings, "dead_letters"))
    assert events - late - duplicates - dead == in_windows
    assert duplicates > 5 and late > 0


def an_event_within_the_watermark_counts_and_one_beyond_it_is_dropped(spark, streamed):
    for query, ids in (("windows", ["T90001"]), ("alerts", [])):  # the alerts' watermark is shorter
        batches = recompute.completed_batches(streamed.settings, query)
        accepted = recompute.accepted_events(spark, streamed.settings, batches)
        found = accepted.where("transaction_id LIKE 'T9%'").collect()
        assert [row["transaction_id"] for row in found] == ids
        late = streamed.progress.loc[streamed.progress["query"] == query, "late"].sum()
        assert late >= (3 if query == "alerts" else 1)


def a_late_event_is_counted_once_in_the_alerts_query(spark, streamed):
    batches = recompute.completed_batches(streamed.settings, "alerts")
    alerts = streamed.progress[streamed.progress["query"] == "alerts"].sort_values("batch")
    valid = recompute.valid_events(
        recompute.parse_events(recompute.source.read_batches(spark, streamed.settings, batches))
    )
    watermark_before = {batch.number + 1: batch.watermark_ms for batch in batches}
    times = valid.selectExpr("batch", "unix_micros(transaction_at) / 1000 AS event_ms").toPandas()
    limit = times["batch"].map(watermark_before).fillna(0)
    assert alerts["late"].sum() == ((times["event_ms"] <= limit) & (limit > 0)).sum()


def invalid_events_are_kept_with_their_reason_and_stop_nothing(spark, streamed):
    dead_letters = read_lake(spark, streamed.settings, "dead_letters")
    assert set(INVALID_LINES[1:]) <= set(dead_letters["raw"])
    assert dead_letters["reason"].str.len().min() > 10
    counted = streamed.progress.loc[streamed.progress["query"] == "events", "dead_letters"].sum()
    assert counted == len(dead_letters)


def a_burst_waits_at_the_source(spark, streamed):
    intake = streamed.first_run[(streamed.first_run["query"] == "events") & (streamed.first_run["events"] > 0)]
    assert len(intake) == BURST_FILES
    assert intake["events"].max() < intake["events"].sum() / 4
    assert intake["backlog"].iloc[0] > 3 * intake["events"].iloc[0] and intake["backlog"].iloc[-1] == 0
    state = streamed.first_run.loc[streamed.first_run["query"] == "windows", "state_rows"]
    assert state.max() < 3 * intake["events"].max()


def the_serving_database_is_complete_after_it_was_locked(spark, streamed):
    closed = read_lake(spark, streamed.settings, "transaction_windows")
    live = read_live(streamed.settings, "SELECT * FROM live_windows WHERE closed")
    assert len(live) == len(closed)
    both = live.assign(starts=pd.to_datetime(live["starts"])).merge(closed, on=["kind", "city", "starts"])
    assert (both["transactions_x"] == both["transactions_y"]).all() and len(both) == len(closed)
    live_ids = read_live(streamed.settings, "SELECT alert_id FROM live_alerts")["alert_id"]
    assert set(live_ids) == set(read_lake(spark, streamed.settings, "alerts")["alert_id"])


def each_alert_has_a_reason_and_its_transactions(spark, streamed):
    alerts = read_lake(spark, streamed.settings, "alerts")
    of_keys = alerts[~alerts["type"].isin(VOLUME_TYPES)]
    for alert in of_keys.itertuples():
        events = json.loads(alert.events)
        assert events[-1]["transaction_id"] == alert.alert_id.split("-", 1)[1]
        assert alert.score > 0 and alert.reason.endswith(".")
    watched = read_live(streamed.settings, "SELECT DISTINCT customer_id FROM live_customers")["customer_id"]
    assert set(of_keys["customer_id"].dropna()) <= set(watched)


def changed_queries_do_not_start_on_the_checkpoint(spark, streamed):
    changed = streamed.settings.model_copy(update={"stream_window": "5 minutes"})
    with pytest.raises(BankError, match=r"stream_window \(was 10 minutes, now 5 minutes\).*bankstack stream --anew"):
        Stream(spark, changed, lambda: fallback_events(changed))


def the_metrics_cover_events_alerts_and_latency(spark, streamed):
    metrics = stream_metrics.measure_stream(spark, streamed.settings, 60.0)
    names = {"events", "duplicates", "late_dropped", "dead_letters", "windows", "alerts", "precision", "recall"}
    assert names | {"recall_by_type", "latency_p95_s", "events_per_s", "matches_batch"} <= set(metrics.results)
    assert metrics.results["matches_batch"] is True
    filesystem, root = lake_files(streamed.settings)
    assert json.loads(get_text(filesystem, f"{root}/{STREAM_RESULTS}")) == metrics.results
    assert "Naive rule" in stream_metrics.summarise(metrics)


def test_4500_events_through_all_queries(spark, streamed):
    """One test: with several pytest workers, the stream would otherwise run once in each of them."""
    for check in (
        windows_alerts_and_dead_letters_equal_the_batch_over_the_same_events,
        windows_of_the_first_day_are_compared_with_the_forecast,
        every_event_is_in_a_window_or_late_or_a_duplicate_or_dead,
        an_event_within_the_watermark_counts_and_one_beyond_it_is_dropped,
        a_late_event_is_counted_once_in_the_alerts_query,
        invalid_events_are_kept_with_their_reason_and_stop_nothing,
        a_burst_waits_at_the_source,
        the_serving_database_is_complete_after_it_was_locked,
        each_alert_has_a_reason_and_its_transactions,
        changed_queries_do_not_start_on_the_checkpoint,
        the_metrics_cover_events_alerts_and_latency,
    ):
        check(spark, streamed)
