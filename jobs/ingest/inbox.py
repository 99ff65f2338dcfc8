"""The landing folder: files in `inbox/` of BANK_DATA are loaded and moved to `done/` or `refused/`.

A file counts as complete when it hasn't changed for five seconds. Beside a refused file lies a file with the reason. A
killed process leaves its file in the inbox, and the next one loads it with the same result. Files with other suffixes
than `.csv` and `.csv.gz` are ignored, as they may still be uploading.
"""

import getpass
import logging
import os
import shutil
import time
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path

from jobs.core.errors import FileRefused
from jobs.ingest.discover import csv_files, dataset_of

SETTLED_SECONDS = 5
log = logging.getLogger("bankstack")


def take(data: Path, load: Callable[[str, Path], None]) -> dict[str, str]:
    """Load each file in the inbox with `load(dataset, path)`, the oldest first.

    Returns:
        Reason by the name of the refused file.

    """
    refused: dict[str, str] = {}
    failures: list[Exception] = []
    for path in sorted(csv_files(data / "inbox"), key=lambda path: path.stat().st_mtime):
        wait_until_settled(path)
        try:
            check_readable(path)
            load(dataset_of(path), path)
            log.info("done: %s", deliver(path, data / "done"))
        except FileRefused as error:
            refused[path.name] = str(error)
            log.error("refused %s", error)
            target = path.rename(free_name(data / "refused", path.name))
            target.with_suffix(".reason.txt").write_text(f"{error}\n")
        except Exception as error:
            log.error("%s stays in the inbox: %s", path.name, error)
            failures.append(error)
    if failures:
        raise failures[0]
    return refused


def check_readable(path: Path) -> None:
    """Raise FileRefused if this user has no permission to read the file."""
    if not os.access(path, os.R_OK):
        raise FileRefused(f"{path.name}: {getpass.getuser()} has no permission to read it. Grant it: chmod a+r")


def wait_until_settled(path: Path) -> None:
    """Wait until the file hasn't been written to for SETTLED_SECONDS."""
    while 0 <= (age := time.time() - path.stat().st_mtime) < SETTLED_SECONDS:
        time.sleep(SETTLED_SECONDS - age + 0.1)


def deliver(path: Path, folder: Path) -> Path:
    """Move a file into a folder; returns the new path.

    Its modification time becomes the time of the move, which decides which file is newest. The file is copied, because
    it may belong to another user, and then its time can't be set.
    """
    target = free_name(folder, path.name)
    partial = folder / f".{target.name}.partial"
    shutil.copyfile(path, partial)
    partial.replace(target)
    path.unlink()
    return target


def free_name(folder: Path, name: str) -> Path:
    """An unused path in the folder: the name, else the name with a number before its suffix."""
    folder.mkdir(exist_ok=True)
    stem, dot, ending = name.partition(".")
    names = chain([name], (f"{stem}-{number}{dot}{ending}" for number in count(2)))
    return next(path for path in map(folder.joinpath, names) if not path.exists())
