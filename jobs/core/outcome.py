"""What a run changed, as a JSON file for the program that started it.

The file survives a killed run and the next run adds to it, so that a table published just before the kill is still
reported. Whoever reads the file deletes it.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from jobs.core.files import write_whole


class Outcome:
    """The content of the file.

    Keys: `changed` (tables by step), `warnings` (sentences by step), `refusal` (why the file was refused), `refused`
    (reasons by file) and `ready` (Unix time at which the Spark session had started).
    """

    def __init__(self, path: Path | None) -> None:
        """Continue with the changes that the file lists; without a path nothing is written."""
        self.path, self.lock = path, Lock()
        known = json.loads(path.read_text()) if path and path.exists() else {}
        self.found: dict[str, Any] = {"changed": known.get("changed", {}), "warnings": known.get("warnings", {})}

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

    def add(self, **facts: Any) -> None:  # noqa: ANN401
        """Record other facts by key."""
        with self.lock:
            self.found |= facts
            self._write()

    def _write(self) -> None:
        if self.path:
            write_whole(self.path, json.dumps(self.found))
