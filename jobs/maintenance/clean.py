"""Clean up the lake: remove what killed jobs left behind, compact tables with many small files.

Reads: folders of the lake. Writes: maintenance_runs. A publish removes old versions of its table; this step removes the
folders that no publish cleans up. Folders younger than a day may belong to a running job and stay.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pandas as pd
from fsspec import AbstractFileSystem
from pyspark.sql import functions as F

from jobs import pipeline
from jobs.core import tables
from jobs.core.files import lake_files
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish

LEFTOVER_AGE = timedelta(days=1)
MANY_FILES = 16
SMALL_BYTES = 16 << 20
FILE_BYTES = 128 << 20


class Cleaned(NamedTuple):
    """A row of maintenance_runs."""

    what: str
    folder: str
    files: int
    bytes: int


def main(job: Job) -> None:
    """Remove leftovers, compact tables, and publish what was done."""
    filesystem, root = lake_files(job.settings)
    before = datetime.now(UTC) - LEFTOVER_AGE
    done = [*remove_leftovers(filesystem, root, before), *compact(job)]
    rows = pd.DataFrame(done, columns=list(Cleaned._fields))
    publish(job, "maintenance_runs", rows, {"run_date": job.run_date.isoformat()})


def remove_leftovers(filesystem: AbstractFileSystem, root: str, before: datetime) -> Iterator[Cleaned]:
    """Remove staging folders and versions without `_SUCCESS` that were last written before a moment."""
    for staging in folders(filesystem, f"{root}/staging", depth=2):
        yield from remove_if_old(filesystem, root, staging, "staging", before)
    for version in folders(filesystem, f"{root}/tables", depth=9):
        named = tables.VERSION.fullmatch(version.rsplit("/", 1)[-1])
        if named and not filesystem.exists(f"{version}/_SUCCESS"):
            yield from remove_if_old(filesystem, root, version, "unfinished", before)


def folders(filesystem: AbstractFileSystem, top: str, depth: int) -> list[str]:
    """The folders `depth` levels below `top`, or fewer levels where a table's version is reached."""
    if not filesystem.exists(top):
        return []
    found = []
    for entry in filesystem.ls(top, detail=True):
        if entry["type"] == "directory":
            name = entry["name"].rstrip("/")
            deeper = depth > 1 and not tables.VERSION.fullmatch(name.rsplit("/", 1)[-1])
            found += (folders(filesystem, name, depth - 1) if deeper else []) or [name]
    return found


def remove_if_old(
    filesystem: AbstractFileSystem, root: str, folder: str, what: str, before: datetime
) -> Iterator[Cleaned]:
    """Remove a folder if it and everything in it are older than a moment."""
    files = filesystem.find(folder, detail=True).values()
    if all(modified(entry) < before for entry in [filesystem.info(folder), *files]):
        filesystem.rm(folder, recursive=True)
        yield Cleaned(what, folder.removeprefix(f"{root}/"), len(files), sum(entry["size"] for entry in files))


def modified(entry: dict[str, Any]) -> datetime:
    """When a file was last written; a local listing has seconds, WebHDFS milliseconds."""
    moment = entry["mtime"] if "mtime" in entry else entry["modificationTime"] / 1000
    return datetime.fromtimestamp(moment, UTC)


def compact(job: Job) -> Iterator[Cleaned]:
    """Rewrite each table or partition that consists of many small files, under the same fingerprint.

    Partitions of a table that a service appends to are compacted a day after their last file.
    """
    filesystem, root = lake_files(job.settings)
    growing = {table for service in pipeline.SERVICES for table in service.writes}
    for table in sorted({table for step in pipeline.EVERY for table in step.writes} - set(job.step.writes)):
        for partition in partitions(job, table):
            version = tables.version(job.spark, job.settings, table, partition)
            folder = "/".join(["tables", table, *(f"{k}={v}" for k, v in partition.items()), version])
            files = filesystem.find(f"{root}/{folder}", detail=True).values() if version else []
            if table in growing and any(modified(entry) >= datetime.now(UTC) - LEFTOVER_AGE for entry in files):
                continue  # the stream may still add to it
            sizes = [entry["size"] for entry in files if "/part-" in entry["name"]]
            if len(sizes) > MANY_FILES and sum(sizes) / len(sizes) < SMALL_BYTES:
                rewrite(job, table, partition, version, 1 + sum(sizes) // FILE_BYTES)
                yield Cleaned("compacted", folder, len(sizes), sum(sizes))


def partitions(job: Job, table: str) -> list[dict[str, str]]:
    """The partitions of a table; for an unpartitioned table one without columns."""
    names = tables.partition_columns(table)
    if not names:
        return [{}]
    found = tables.read(job.spark, job.settings, table).select(*names).distinct().collect()
    return [{name: str(row[name]) for name in names} for row in found]


def rewrite(job: Job, table: str, partition: dict[str, str], version: str, files: int) -> None:
    """Publish the same rows in fewer files."""
    rows = tables.read(job.spark, job.settings, table)
    for name, value in partition.items():
        rows = rows.where(F.col(name) == value).drop(name)
    tables.publish(rows.coalesce(files), job.settings, table, tables.content(version), partition)
