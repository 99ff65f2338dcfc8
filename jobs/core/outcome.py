"""What a run did, as a JSON file for the program that started it.

The file survives a killed run and the next run adds to it, so that a table published just before the kill is still
reported. Whoever reads the file deletes it.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from jobs.core.files import write_whole


class Outcome:
    """The content of the file.

    Keys: `changed` (tables by step), `warnings` (sentences by step), `rows` (rows read and written, by step and table),
    `refusal` (why the file was refused), `refused` (reasons by file) and `ready` (Unix time at which the Spark session
    had started).
    """

    def __init__(self, path: Path | None) -> None:
        """Continue with the changes that the file lists; without a path nothing is written."""
        self.path, self.lock = path, Lock()
        known = json.loads(path.read_text()) if path and path.exists() else {}
        kept = {key: known.get(key, {}) for key in ("changed", "warnings")}
        self.found: dict[str, Any] = {**kept, "rows": {}, "refused": {}}

    def changed(self, step: str, tables: Iterable[str]) -> None:
        """Record which tables a step changed, or is about to change."""
        with self.lock:
            self.found["changed"][step] = list(tables)
            self._write()

    def warn(self, step: str, sentences: Iterable[str]) -> None:
        """Record what a person should look at in a step's result."""
        with self.lock:
            self.found["warnings"][step] = list(sentences)
            self._write()

    def count(self, step: str, read: Mapping[str, int], written: Mapping[str, int]) -> None:
        """Record the rows that a step read and wrote, by table."""
        with self.lock:
            self.found["rows"][step] = {"read": dict(read), "written": dict(written)}
            self._write()

    def add(self, **facts: Any) -> None:  # noqa: ANN401
        """Record other facts by key."""
        with self.lock:
            self.found |= facts
            self._write()

    def _write(self) -> None:
        if self.path:
            write_whole(self.path, json.dumps(self.found))
