"""The batch log keeps every batch although Spark deletes old ones, also when a batch is repeated."""

import json
from pathlib import Path

from jobs.core.settings import Settings
from jobs.stream.batch_log import BATCHES_PER_FILE, committed_batches, record_batch
from jobs.stream.streaming_session import configuration

SPARK_KEEPS = int(configuration()["spark.sql.streaming.minBatchesToRetain"])


def start_batch(folder: Path, number: int) -> None:
    """Do what Spark does: write what the batch reads, delete old batches."""
    ends = json.dumps({"transactions": {"0": 10 * (number + 1)}})
    metadata = json.dumps({"batchWatermarkMs": 1000 * number, "batchTimestampMs": 5})
    for name in ("offsets", "commits"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / str(number - SPARK_KEEPS)).unlink(missing_ok=True)
    (folder / "offsets" / str(number)).write_text(f"v1\n{metadata}\n{ends}")


def test_a_file_of_the_log_holds_fewer_batches_than_spark_keeps():
    assert BATCHES_PER_FILE < SPARK_KEEPS


def test_a_query_that_never_ran_has_no_batches(tmp_path):
    assert committed_batches(Settings(var=tmp_path, stream_source="localhost:1"), "windows") == []


def test_every_completed_batch_is_in_the_log_exactly_once(tmp_path):
    settings = Settings(var=tmp_path, stream_source="localhost:1")
    folder = tmp_path / "warehouse/stream/windows"
    last = 3 * SPARK_KEEPS + 7
    for number in range(last + 1):
        start_batch(folder, number)
        attempts = 2 if number % BATCHES_PER_FILE == 0 else 1  # repeated, as after a crash
        for _ in range(attempts):
            assert record_batch(settings, "windows", number) == (1000 * number, 5)
        if number < last:
            (folder / "commits" / str(number)).write_text("v1\n{}")
    batches = committed_batches(settings, "windows")
    assert [batch.number for batch in batches] == list(range(last))
    assert [batch.watermark_ms for batch in batches] == [1000 * number for number in range(last)]
    assert [batch.offsets["0"] for batch in batches] == [(10 * number, 10 * number + 10) for number in range(last)]
