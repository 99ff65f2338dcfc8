"""Maintenance removes leftovers and compacts small files, and never loses a row."""

import os
import time
from pathlib import Path

from jobs.core import tables
from jobs.maintenance import clean

OLD = time.time() - 2 * 86_400


def old_folder(path: Path, *files: str) -> Path:
    path.mkdir(parents=True)
    for name in files:
        (path / name).write_text("12345")
        os.utime(path / name, (OLD, OLD))
    os.utime(path, (OLD, OLD))
    return path


def run(job) -> list[tuple]:
    made = job("maintenance.clean")
    made.fingerprint = "abc"
    clean.main(made)
    found = made.spark.table(f"{made.settings.database}.maintenance_runs")
    return sorted(map(tuple, found.select("what", "folder", "files", "bytes", "run_date").collect()))


def test_old_leftovers_of_killed_jobs_are_removed(job, settings):
    lake = settings.var / "warehouse"
    killed = old_folder(lake / "tables/clients/20260101T000000000000-abc-0001", "part-0.parquet")
    staging = old_folder(lake / "staging/clients/abc", "part-0.parquet", "part-1.parquet")
    running = lake / "tables/clients/20260102T000000000000-abc-0002"
    running.mkdir()
    assert run(job) == [
        ("staging", "staging/clients/abc", 2, 10, "2026-01-31"),
        ("unfinished", "tables/clients/20260101T000000000000-abc-0001", 1, 5, "2026-01-31"),
    ]
    assert not killed.exists() and not staging.exists() and running.exists()


def test_a_complete_version_stays_however_old_it_is(job, settings):
    whole = old_folder(settings.var / "warehouse/tables/clients/20260101T000000000000-abc-0001", "_SUCCESS")
    assert run(job) == []
    assert whole.exists()


def test_many_small_files_become_one_with_the_same_rows_and_fingerprint(job, settings, spark):
    notes = spark.range(40).selectExpr("id note_id", "'C1' customer_id", "current_date() noted_on", "'text' text")
    tables.publish(notes.repartition(20), settings, "call_notes", "fee")
    before = tables.version(spark, settings, "call_notes")
    ((what, folder, files, _, _),) = run(job)
    after = tables.version(spark, settings, "call_notes")
    assert (what, folder, files) == ("compacted", f"tables/call_notes/{before}", 20)
    assert after != before and tables.content(after) == tables.content(before) == "fee"
    assert len(list((settings.var / f"warehouse/tables/call_notes/{after}").glob("part-*"))) == 1
    assert tables.read(spark, settings, "call_notes").count() == 40
    assert run(job) == []
