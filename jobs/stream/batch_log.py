"""The batch log: which events and which watermark each micro-batch of a query had, kept as long as the stream.

Spark writes this to the checkpoint (`offsets/<batch>`) before it processes a batch, and deletes it after a number of
batches. The batch log copies it before that, so that a recomputation knows which events were late. An event is late
in batch N if it is not after the watermark of batch N-1, because Spark filters by the watermark of the batch before.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fsspec import AbstractFileSystem

from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings

BATCHES_PER_FILE = 25
"""Batches in one file of the batch log; fewer than Spark keeps (minBatchesToRetain in stream.conf)."""
Entry = dict[str, Any]
"""One batch as the log stores it: batch, watermark_ms, offset (the source's own JSON)."""


@dataclass(frozen=True)
class Batch:
    """One micro-batch and the part of the source that it read."""

    number: int
    watermark_ms: int
    """Watermark in milliseconds since 1970."""
    files: tuple[str, ...] = ()
    """Paths that it read from the source folder."""
    offsets: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Per Kafka partition, the first offset and the one after the last."""


def checkpoint_folder(settings: Settings, query: str) -> str:
    """The folder of a query's checkpoint, relative to the lake."""
    return f"stream/{query}"


def record_batch(settings: Settings, query: str, number: int) -> tuple[int, int]:
    """Record the batch that is being processed.

    Every BATCHES_PER_FILE batches, the entries of the preceding ones are copied from Spark's checkpoint to the log.

    Returns:
        The batch's watermark and start time, both in milliseconds since 1970.

    """
    filesystem, root = lake_files(settings)
    folder = f"{root}/{checkpoint_folder(settings, query)}"
    if number and number % BATCHES_PER_FILE == 0:
        entries = [_read_entry(filesystem, folder, batch)[0] for batch in range(number - BATCHES_PER_FILE, number)]
        put_text(filesystem, f"{folder}/batch_log/{number:012d}.jsonl", "\n".join(map(json.dumps, entries)))
    entry, started_ms = _read_entry(filesystem, folder, number)
    return entry["watermark_ms"], started_ms


def _read_entry(filesystem: AbstractFileSystem, folder: str, number: int) -> tuple[Entry, int]:
    """Read a batch's entry and start time (milliseconds since 1970) from Spark's checkpoint."""
    lines = filesystem.cat_file(f"{folder}/offsets/{number}").decode().splitlines()
    metadata = json.loads(lines[1])
    entry = {"batch": number, "watermark_ms": int(metadata["batchWatermarkMs"]), "offset": json.loads(lines[2])}
    return entry, int(metadata["batchTimestampMs"])


def committed_batches(settings: Settings, query: str) -> list[Batch]:
    """All completed batches of a query, in order."""
    filesystem, root = lake_files(settings)
    folder = f"{root}/{checkpoint_folder(settings, query)}"
    commits = filesystem.glob(f"{folder}/commits/[0-9]*")
    last = max((int(path.rsplit("/", 1)[-1]) for path in commits), default=-1)
    paths = sorted({path.removesuffix(".new") for path in filesystem.glob(f"{folder}/batch_log/*.jsonl*")})
    texts = [get_text(filesystem, path) or "" for path in paths]
    logged = [json.loads(line) for text in texts for line in text.splitlines()]
    recent = range(logged[-1]["batch"] + 1 if logged else 0, last + 1)
    entries = [entry for entry in logged if entry["batch"] <= last]
    entries += [_read_entry(filesystem, folder, number)[0] for number in recent]
    return list(_kafka_batches(entries) if settings.stream_source else _file_batches(settings, folder, entries))


def _kafka_batches(entries: list[Entry]) -> Iterator[Batch]:
    """Turn the end offsets of each entry into ranges of offsets."""
    starts: dict[str, int] = {}
    for entry in entries:
        (ends,) = entry["offset"].values()
        ranges = {partition: (starts.get(partition, 0), end) for partition, end in ends.items()}
        yield Batch(int(entry["batch"]), int(entry["watermark_ms"]), offsets=ranges)
        starts = ends


def _file_batches(settings: Settings, folder: str, entries: list[Entry]) -> Iterator[Batch]:
    """Turn the log offset of each entry into the files that lie between it and the one before."""
    files = source_files(settings, folder)
    previous = -1
    for entry in entries:
        offset = int(entry["offset"]["logOffset"])
        paths = [path for number in range(previous + 1, offset + 1) for path in files.get(number, ())]
        yield Batch(int(entry["batch"]), int(entry["watermark_ms"]), tuple(paths))
        previous = offset


def source_files(settings: Settings, folder: str) -> dict[int, list[str]]:
    """The files of each entry in Spark's log of a folder source; Spark compacts several log files into one."""
    filesystem, _ = lake_files(settings)
    entry_of_path: dict[str, int] = {}
    for path in filesystem.glob(f"{folder}/sources/0/[0-9]*"):
        for line in filesystem.cat_file(path).decode().splitlines()[1:]:
            entry = json.loads(line)
            entry_of_path[entry["path"]] = int(entry["batchId"])
    paths_of_entry: dict[int, list[str]] = {}
    for path, number in sorted(entry_of_path.items()):
        paths_of_entry.setdefault(number, []).append(path)
    return paths_of_entry
