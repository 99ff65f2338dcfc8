"""Tables of the lake: each batch is appended exactly once, and small files are compacted."""

import os
import time
from datetime import UTC, datetime

from jobs.core import tables
from jobs.maintenance import clean
from jobs.stream.sinks.lake_table import LakeTable

NOON = datetime(2016, 11, 1, 12, tzinfo=UTC)


def dead_letter(number: int, day: str = "2026-01-01") -> dict:
    return {"position": f"a/{number}", "reason": "broken", "raw": "[]", "day": day}


def rows(spark, settings, table: str = "dead_letters") -> list[tuple]:
    spark.catalog.refreshTable(tables.create(spark, settings, table))
    return sorted(map(tuple, tables.read(spark, settings, table).select("position", "batch", "day").collect()))


def test_a_batch_that_is_repeated_after_a_restart_adds_nothing(spark, settings):
    before = LakeTable(spark, settings, "dead_letters", "abc")
    before.append(0, [dead_letter(1)])
    before.append(1, [dead_letter(2), dead_letter(3, "2026-01-02")])
    after = LakeTable(spark, settings, "dead_letters", "abc")
    after.append(1, [dead_letter(2), dead_letter(3, "2026-01-02")])
    after.append(2, [dead_letter(4)])
    assert [row[:2] for row in rows(spark, settings)] == [("a/1", 0), ("a/2", 1), ("a/3", 1), ("a/4", 2)]


def test_a_batch_that_was_interrupted_is_completed(spark, settings):
    LakeTable(spark, settings, "dead_letters", "abc").append(5, [dead_letter(1)])
    LakeTable(spark, settings, "dead_letters", "abc").append(5, [dead_letter(1), dead_letter(2, "2026-01-02")])
    assert rows(spark, settings) == [("a/1", 5, "2026-01-01"), ("a/2", 5, "2026-01-02")]


def test_values_are_read_as_they_were_written(spark, settings):
    table = LakeTable(spark, settings, "transaction_windows", "abc")
    known = {"kind": "tumbling", "city": "", "starts": NOON, "ends": NOON, "transactions": 3, "amount": "12.30"}
    table.append(0, [{**known, "day": "2016-11-01"}])
    (row,) = tables.read(spark, settings, "transaction_windows").collect()
    assert (str(row["amount"]), row["starts"], row["expected"]) == ("12.30", NOON.replace(tzinfo=None), None)


def test_small_files_of_a_finished_day_are_compacted_and_their_batches_stay_known(spark, settings, job):
    table = LakeTable(spark, settings, "dead_letters", "abc")
    for batch in range(20):
        table.append(batch, [dead_letter(batch)])
    maintenance = job("maintenance.clean")
    maintenance.fingerprint = "fee"
    assert list(clean.compact(maintenance)) == []
    folder = settings.var / "warehouse/tables/dead_letters/day=2026-01-01"
    before = rows(spark, settings)
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 2 * 86_400,) * 2)
    ((what, _, files, _),) = clean.compact(maintenance)
    assert (what, files) == ("compacted", 20)
    again = LakeTable(spark, settings, "dead_letters", "abc")
    again.append(19, [dead_letter(19)])
    assert rows(spark, settings) == before
    again.append(20, [dead_letter(20)])
    assert len(rows(spark, settings)) == 21
