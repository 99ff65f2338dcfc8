"""What each micro-batch of a query took in and by which watermark, kept as long as the stream.

Spark writes this into the checkpoint before it works on a batch (`offsets/<batch>`), and forgets it after some
batches; before that the journal takes it, so that a recomputation knows which events were late. An event is late in
batch N if its moment is not after the watermark that batch N-1 had (Spark filters by the one before).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fsspec import AbstractFileSystem

from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings

PACKED = 25
"""Batches in one file of the journal: fewer than Spark keeps (minBatchesToRetain in stream.conf)."""


@dataclass(frozen=True)
class Batch:
    """A micro-batch: the watermark in milliseconds since 1970, and what it read."""

    number: int
    watermark_ms: int
    files: tuple[str, ...] = ()
    offsets: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By Kafka partition the first offset, and the one after the last."""


def checkpoint(settings: Settings, query: str) -> str:
    """The checkpoint's folder, relative to the lake."""
    return f"stream/{query}"


def note(settings: Settings, query: str, number: int) -> tuple[int, int]:
    """Take the batch that is at work into account; returns its watermark and its begin, in milliseconds.

    Every PACKED batches, what Spark wrote of those before goes into the journal.
    """
    filesystem, root = lake_files(settings)
    folder = f"{root}/{checkpoint(settings, query)}"
    if number and number % PACKED == 0:
        entries = [_entry(filesystem, folder, one)[0] for one in range(number - PACKED, number)]
        put_text(filesystem, f"{folder}/journal/{number:012d}.jsonl", "\n".join(map(json.dumps, entries)))
    entry, began = _entry(filesystem, folder, number)
    return entry["watermark_ms"], began


def _entry(filesystem: AbstractFileSystem, folder: str, number: int) -> tuple[dict[str, Any], int]:
    """What Spark wrote of a batch, as the journal keeps it, and when it did so."""
    lines = filesystem.cat_file(f"{folder}/offsets/{number}").decode().splitlines()
    about = json.loads(lines[1])
    entry = {"batch": number, "watermark_ms": int(about["batchWatermarkMs"]), "offset": json.loads(lines[2])}
    return entry, int(about["batchTimestampMs"])


def committed(settings: Settings, query: str) -> list[Batch]:
    """All batches that are done, in order."""
    filesystem, root = lake_files(settings)
    folder = f"{root}/{checkpoint(settings, query)}"
    done = max((int(path.rsplit("/", 1)[-1]) for path in filesystem.glob(f"{folder}/commits/[0-9]*")), default=-1)
    paths = sorted({path.removesuffix(".new") for path in filesystem.glob(f"{folder}/journal/*.jsonl*")})
    texts = [get_text(filesystem, path) or "" for path in paths]
    packed = [json.loads(line) for text in texts for line in text.splitlines()]
    recent = range(packed[-1]["batch"] + 1 if packed else 0, done + 1)
    entries = [entry for entry in packed if entry["batch"] <= done]
    return list(_batches(folder, settings, entries + [_entry(filesystem, folder, one)[0] for one in recent]))


def _batches(folder: str, settings: Settings, entries: list[dict[str, Any]]) -> Iterator[Batch]:
    files = {} if settings.stream_source else source_files(settings, folder)
    before: dict[str, int] = {}
    seen = -1
    for entry in entries:
        number, watermark, offset = int(entry["batch"]), int(entry["watermark_ms"]), entry["offset"]
        if settings.stream_source:
            (ends,) = offset.values()
            yield Batch(number, watermark, (), {part: (before.get(part, 0), end) for part, end in ends.items()})
            before = ends
        else:
            upto = int(offset["logOffset"])
            yield Batch(
                number, watermark, tuple(path for one in range(seen + 1, upto + 1) for path in files.get(one, ()))
            )
            seen = upto


def source_files(settings: Settings, folder: str) -> dict[int, list[str]]:
    """The files of each entry of Spark's log of a folder source, of which some entries are compacted into one."""
    filesystem, _ = lake_files(settings)
    found: dict[str, int] = {}
    for path in filesystem.glob(f"{folder}/sources/0/[0-9]*"):
        for line in filesystem.cat_file(path).decode().splitlines()[1:]:
            entry = json.loads(line)
            found[entry["path"]] = int(entry["batchId"])
    by_entry: dict[int, list[str]] = {}
    for name, number in sorted(found.items()):
        by_entry.setdefault(number, []).append(name)
    return by_entry
