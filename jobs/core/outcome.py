"""What a run did, as JSON in a file, for the one who started it.

The file outlives a run that is killed, and the next run adds to it: so a table that was published just before the kill
is not forgotten. Who reads it, removes it.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from jobs.core.files import write_whole


class Outcome:
    """Keys: `changed` (tables by step), `warnings` (sentences by step), `refusal`, `refused`.

    And `ready`, when Spark's session was there, Unix time.
    """

    def __init__(self, path: Path | None) -> None:
        """Go on from what the file says was changed; without a path nothing is kept."""
        self.path, self.lock = path, Lock()
        known = json.loads(path.read_text()) if path and path.exists() else {}
        self.found: dict[str, Any] = {"changed": known.get("changed", {}), "warnings": known.get("warnings", {})}

    def changed(self, step: str, tables: Iterable[str]) -> None:
        """Say which tables the step changed, or is about to change."""
        with self.lock:
            self.found["changed"][step] = list(tables)
            self._write()

    def warn(self, step: str, sentences: Iterable[str]) -> None:
        """Say what of the step's result a person should look at."""
        with self.lock:
            self.found["warnings"][step] = list(sentences)
            self._write()

    def add(self, **facts: Any) -> None:  # noqa: ANN401
        """Say something else."""
        with self.lock:
            self.found |= facts
            self._write()

    def _write(self) -> None:
        if self.path:
            write_whole(self.path, json.dumps(self.found))
