"""Files of the lake through fsspec, which has the same functions for a local folder and for HDFS (WebHDFS)."""

import secrets
import shutil
from pathlib import Path

import fsspec
from fsspec import AbstractFileSystem

from jobs.core.settings import Settings

STREAM_RESULTS = "stream/results.json"
"""Path of the stream's results in the lake: the stream writes it, the report copies it into its own results.json."""


def write_whole(path: Path, text: str) -> None:
    """Write a file atomically, by renaming: a reader sees either the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def lake_files(settings: Settings) -> tuple[AbstractFileSystem, str]:
    """The lake's file system, and the path of the lake's root in it."""
    filesystem, root = fsspec.core.url_to_fs(settings.files_url)
    return filesystem, root.rstrip("/")


def upload(settings: Settings, source: Path, target: str) -> str:
    """Copy a local file to `target`, a path relative to the lake; returns its address for Spark.

    The file appears complete or not at all. An existing file of the same size is kept, because every target's path
    contains the checksum of its content.
    """
    filesystem, root = lake_files(settings)
    final, partial = f"{root}/{target}", f"{root}/{target}._COPYING_"
    if not (filesystem.exists(final) and filesystem.size(final) == source.stat().st_size):
        filesystem.makedirs(final.rsplit("/", 1)[0], exist_ok=True)
        with source.open("rb") as reader, filesystem.open(partial, "wb") as writer:
            shutil.copyfileobj(reader, writer, 1 << 22)
        if filesystem.exists(final):
            filesystem.rm(final)
        filesystem.mv(partial, final)
    return f"{settings.lake_url}/{target}"


def download(settings: Settings, source: str, target: Path, header: str) -> None:
    """Concatenate the text files of a folder of the lake (relative path) into a local file, below a header line."""
    filesystem, root = lake_files(settings)
    partial = target.with_name(target.name + ".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("wb") as writer:
        writer.write(f"{header}\n".encode())
        for part in sorted(filesystem.glob(f"{root}/{source}/part-*")):
            with filesystem.open(part, "rb") as reader:
                shutil.copyfileobj(reader, writer, 1 << 22)
    partial.replace(target)


def put_text(filesystem: AbstractFileSystem, path: str, text: str) -> None:
    """Write a file of the lake under another name, then rename it; `get_text` finds it even after a kill in between.

    HDFS can't rename onto an existing file, so the old one is deleted first.
    """
    filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    filesystem.pipe_file(f"{path}.new", text.encode())
    if filesystem.exists(path):
        filesystem.rm(path)
    filesystem.mv(f"{path}.new", path)


def get_text(filesystem: AbstractFileSystem, path: str) -> str | None:
    """The text that `put_text` wrote last; None if it wrote nothing."""
    found = next((name for name in (path, f"{path}.new") if filesystem.exists(name)), None)
    return None if found is None else filesystem.cat_file(found).decode()


def remove(settings: Settings, target: str) -> None:
    """Remove a folder of the lake (relative path) if it exists."""
    filesystem, root = lake_files(settings)
    if filesystem.exists(f"{root}/{target}"):
        filesystem.rm(f"{root}/{target}", recursive=True)
