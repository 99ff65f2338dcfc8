"""The landing folder: files put into `inbox/` of BANK_DATA are loaded and moved to `done/` or `refused/`.

A file counts as complete when it has not changed for a moment. A refused file has the reason beside it. A process
that is killed leaves a file in the inbox, and the next one takes it again with the same result.
"""

import logging
import shutil
import time
from collections.abc import Callable
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
    refused = {}
    for path in sorted(csv_files(data / "inbox"), key=lambda path: path.stat().st_mtime):
        wait_until_settled(path)
        try:
            load(dataset_of(path), path)
        except FileRefused as error:
            refused[path.name] = str(error)
            log.error("refused %s", error)
            move(path, data / "refused").with_suffix(".reason.txt").write_text(f"{error}\n")
        else:
            log.info("done: %s", move(path, data / "done"))
    return refused


def wait_until_settled(path: Path) -> None:
    """Wait until nobody has written to the file for a moment."""
    while (age := time.time() - path.stat().st_mtime) < SETTLED_SECONDS:
        time.sleep(SETTLED_SECONDS - max(age, 0) + 0.1)


def move(path: Path, folder: Path) -> Path:
    """Move the file, with the moment of the move as its time; one of the same name that is there is replaced.

    By copying: the file may be another user's, whose time we may not set.
    """
    folder.mkdir(exist_ok=True)
    partial = folder / f".{path.name}.partial"
    shutil.copyfile(path, partial)
    target = partial.replace(folder / path.name)
    path.unlink()
    return target
