"""The bank's forecast of each day as the stream first read it: stored beside the checkpoint, the same ever after.

A forecast that is published during the day must not change windows that are computed again after a crash, nor those
that `bankstack stream-check` recomputes.
"""

import json
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from jobs.core.files import get_text, lake_files, put_text
from jobs.core.settings import Settings
from jobs.dimensions import SLOT_S, SLOTS
from jobs.stream.sinks.lake_table import read_fresh


class StoredForecast:
    """Gives the forecast of any window."""

    def __init__(self, spark: SparkSession, settings: Settings, length: int, store: bool = True) -> None:
        """Read nothing yet.

        Args:
            spark: a session that can read the table window_forecast.
            settings: give the lake.
            length: of a window, seconds.
            store: whether a day that isn't stored is read from the table and stored.

        """
        self.spark, self.settings, self.length, self.store = spark, settings, length, store
        self.days: dict[str, list[float]] = {}

    def __call__(self, start: int) -> float | None:
        """Return the forecast of the window that starts at a time in seconds since 1970; None without one."""
        slots = self._slots(f"{datetime.fromtimestamp(start, UTC):%Y-%m-%d}")
        if not slots:
            return None
        first, within = start % 86_400 // SLOT_S, min(self.length / SLOT_S, 1.0)
        return within * sum(slots[first : first + max(self.length // SLOT_S, 1)])

    def _slots(self, day: str) -> list[float]:
        if day not in self.days:
            filesystem, root = lake_files(self.settings)
            path = f"{root}/stream/forecast/{day}.json"
            text = get_text(filesystem, path)
            if text is None and self.store:
                text = json.dumps(self._read(day))
                put_text(filesystem, path, text)
            self.days[day] = json.loads(text or "[]")
        return self.days[day]

    def _read(self, day: str) -> list[float]:
        """The day's slots according to the published table; empty without a forecast."""
        rows = read_fresh(self.spark, self.settings, "window_forecast").where(f"transaction_date = DATE'{day}'")
        slots = [float(row["expected"]) for row in rows.orderBy("slot").collect()]
        return slots if len(slots) == SLOTS else []
