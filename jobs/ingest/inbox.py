"""The landing folder: files put into `inbox/` of BANK_DATA are loaded and moved to `done/` or `refused/`.

A file counts as complete when it has not changed for a moment. A refused file has the reason beside it. A process
that is killed leaves a file in the inbox, and the next one takes it again with the same result. Files of other endings
than `.csv` and `.csv.gz` are left alone: they may be on their way.
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
    """Load each file of the inbox, the oldest first, with `load(dataset, path)`.

    Returns:
        The reason for each refused file, by its name.

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
    """Raise FileRefused if this user may not read the file."""
    if not os.access(path, os.R_OK):
        raise FileRefused(f"{path.name}: may not be read by {getpass.getuser()}. Give the right: chmod a+r")


def wait_until_settled(path: Path) -> None:
    """Wait until nobody has written to the file for a moment."""
    while 0 <= (age := time.time() - path.stat().st_mtime) < SETTLED_SECONDS:
        time.sleep(SETTLED_SECONDS - age + 0.1)


def deliver(path: Path, folder: Path) -> Path:
    """Move the file, with the moment of the move as its time, from which on it counts; returns where to.

    By copying: the file may be another user's, whose time we may not set.
    """
    target = free_name(folder, path.name)
    partial = folder / f".{target.name}.partial"
    shutil.copyfile(path, partial)
    partial.replace(target)
    path.unlink()
    return target


def free_name(folder: Path, name: str) -> Path:
    """A path in the folder that no file has: the name, else with a number before its ending."""
    folder.mkdir(exist_ok=True)
    stem, dot, ending = name.partition(".")
    names = chain([name], (f"{stem}-{number}{dot}{ending}" for number in count(2)))
    return next(path for path in map(folder.joinpath, names) if not path.exists())
