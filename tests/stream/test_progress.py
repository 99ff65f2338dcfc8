"""Rows of live_progress: what Spark reports on a micro-batch."""

from types import SimpleNamespace

import pytest

from jobs.core.settings import Settings
from jobs.stream.progress import progress_row


def report(query: str, late_rows: int) -> SimpleNamespace:
    """Spark's report on a batch whose stateful operator dropped this many rows as late."""
    operator = SimpleNamespace(
        numRowsDroppedByWatermark=late_rows,
        numRowsTotal=7,
        memoryUsedBytes=9,
        customMetrics={"rocksdbSstFileSize": 1_000},
    )
    return SimpleNamespace(
        name=query,
        batchId=3,
        timestamp="2026-01-31T12:00:00.000Z",
        durationMs={"triggerExecution": 1_500, "addBatch": 1_000},
        observedMetrics={},
        stateOperators=[operator],
        eventTime={"watermark": "2016-11-01T00:10:00.000Z"},
        sources=[SimpleNamespace()],
    )


@pytest.mark.parametrize(("query", "late_rows", "late"), [("windows", 28, 28), ("alerts", 56, 28)])
def test_a_late_event_is_counted_once_although_the_alerts_query_has_a_row_per_role(query, late_rows, late):
    assert progress_row(report(query, late_rows), Settings())["late"] == late


def test_a_row_has_the_end_of_the_batch_its_watermark_and_the_size_of_its_state():
    row = progress_row(report("windows", 0), Settings())
    assert str(row["finished_at"]) == "2026-01-31 12:00:01.500000"
    assert str(row["watermark"]) == "2016-11-01 00:10:00"
    assert (row["state_rows"], row["state_bytes"]) == (7, 1_000)
