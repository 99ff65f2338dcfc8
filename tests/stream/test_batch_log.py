"""The journal has every batch, though Spark forgets old ones, and is the same after a batch was done again."""

import json
from pathlib import Path

from jobs.core.settings import Settings
from jobs.stream.batch_log import PACKED, committed, note
from jobs.stream.session import configuration

KEPT = int(configuration()["spark.sql.streaming.minBatchesToRetain"])


def begin(folder: Path, number: int) -> None:
    """As Spark does: write what a batch reads, forget what is old."""
    ends = json.dumps({"transactions": {"0": 10 * (number + 1)}})
    about = json.dumps({"batchWatermarkMs": 1000 * number, "batchTimestampMs": 5})
    for name in ("offsets", "commits"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / str(number - KEPT)).unlink(missing_ok=True)
    (folder / "offsets" / str(number)).write_text(f"v1\n{about}\n{ends}")


def test_all_batches_that_are_done_are_in_the_journal_once(tmp_path):
    settings = Settings(var=tmp_path, stream_source="localhost:1")
    folder = tmp_path / "warehouse/stream/windows"
    assert committed(settings, "windows") == []
    last = 3 * KEPT + 7
    for number in range(last + 1):
        begin(folder, number)
        for _ in range(2 if number % PACKED == 0 else 1):  # once more, as after a kill
            assert note(settings, "windows", number) == (1000 * number, 5)
        if number < last:
            (folder / "commits" / str(number)).write_text("v1\n{}")
    found = committed(settings, "windows")
    assert [batch.number for batch in found] == list(range(last))
    assert [batch.watermark_ms for batch in found] == [1000 * number for number in range(last)]
    assert [batch.offsets["0"] for batch in found] == [(10 * number, 10 * number + 10) for number in range(last)]
    assert PACKED < KEPT
