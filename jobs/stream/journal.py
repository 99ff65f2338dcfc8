"""What each micro-batch of a query took in and by which watermark, kept as long as the stream.

Spark writes this into the checkpoint before it works on a batch (`offsets/<batch>`), and forgets it after some
batches; the journal keeps it, so that a recomputation knows which events were late. An event is late in batch N if its
moment is not after the watermark that batch N-1 had (Spark filters by the one before).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings

LINES = 200  # batches in one file of the journal


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
    """Write the batch, which is at work, into the journal; returns its watermark and its begin, in milliseconds."""
    filesystem, root = lake_files(settings)
    folder = f"{root}/{checkpoint(settings, query)}"
    lines = filesystem.cat_file(f"{folder}/offsets/{number}").decode().splitlines()
    about = json.loads(lines[1])
    watermark = int(about["batchWatermarkMs"])
    path = f"{folder}/journal/{number // LINES:06d}.jsonl"
    known = (get_text(filesystem, path) or "").splitlines()
    kept = [line for line in known if json.loads(line)["batch"] < number]
    entry = {"batch": number, "watermark_ms": watermark, "offset": json.loads(lines[2])}
    put_text(filesystem, path, "\n".join([*kept, json.dumps(entry)]))
    return watermark, int(about["batchTimestampMs"])


def committed(settings: Settings, query: str) -> list[Batch]:
    """All batches that are done, in order."""
    filesystem, root = lake_files(settings)
    folder = f"{root}/{checkpoint(settings, query)}"
    done = max((int(name.rsplit("/", 1)[-1]) for name in filesystem.glob(f"{folder}/commits/[0-9]*")), default=-1)
    paths = sorted({path.removesuffix(".new") for path in filesystem.glob(f"{folder}/journal/*.jsonl*")})
    texts = [get_text(filesystem, path) or "" for path in paths]
    entries = [json.loads(line) for text in texts for line in text.splitlines()]
    return list(_batches(folder, settings, [entry for entry in entries if entry["batch"] <= done]))


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
