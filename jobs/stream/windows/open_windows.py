"""Open and closed windows: the state that the windows' sink keeps between two micro-batches.

A window closes, and is final, once the watermark has passed its end. A sliding window is the sum of the tumbling
windows (panes) in its hour. The state is saved per batch, so a batch that is repeated after a crash gives the same
result.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field

import pandas as pd

from jobs.stream.windows.volume_anomaly import NOT_EVALUATED, VolumeCheck, VolumeMonitor

WHOLE_STREAM = ""
"""The city of windows over the whole stream."""
SLIDING_S = 3600
HISTORY_S = 15 * 86_400
MAX_SILENCE_S = 86_400
"""How long after the last event the whole stream's empty windows are still closed."""
SUMS = ("transactions", "paise", "balance_paise", "balances")
"""Sums of a window: events, their amounts, the known balances, and how many of these there are."""
Sums = tuple[int, int, int, int]
NO_EVENTS: Sums = (0, 0, 0, 0)
Forecast = Callable[[int], float | None]
"""Returns the bank's forecast of the transactions in the window that starts at a time; None without a forecast."""


@dataclass(frozen=True)
class Window:
    """One window; times are seconds since 1970."""

    kind: str
    """tumbling or sliding"""
    city: str
    starts: int
    ends: int
    sums: Sums
    closed: bool
    volume: VolumeCheck = NOT_EVALUATED


@dataclass
class OpenWindows:
    """The state between two micro-batches; times are seconds since 1970."""

    panes: dict[int, dict[str, Sums]] = field(default_factory=dict)
    """Sums of the tumbling windows that an open window needs, by start and city."""
    closed_to: int | None = None
    """Windows that end at or before this time are closed."""
    monitor: VolumeMonitor = field(default_factory=VolumeMonitor)
    """What the closed tumbling windows of the whole stream have shown."""
    last_event_end: int | None = None
    """End of the last closed window that had events."""

    def to_json(self) -> str:
        """Serialise the state."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "OpenWindows":
        """Restore a serialised state."""
        saved = json.loads(text)
        return OpenWindows(
            panes={
                int(start): {city: tuple(sums) for city, sums in cities.items()}
                for start, cities in saved["panes"].items()
            },
            closed_to=saved["closed_to"],
            monitor=VolumeMonitor.from_dict(saved["monitor"]),
            last_event_end=saved["last_event_end"],
        )


def advance_windows(
    before: OpenWindows, updates: pd.DataFrame, watermark_ms: int, length: int, forecast: Forecast = lambda start: None
) -> tuple[OpenWindows, list[Window]]:
    """Apply the sums of a micro-batch and close the windows that the watermark has passed.

    Args:
        before: state after the previous batch; not changed.
        updates: rows of `sum_tumbling`: new totals, not increments.
        watermark_ms: the batch's watermark, milliseconds since 1970.
        length: of the tumbling windows, seconds.
        forecast: of the whole bank.

    Returns:
        The new state, and each window that changed or was closed.

    """
    panes = {start: dict(cities) for start, cities in before.panes.items()}
    for start, city, *sums in updates[["starts", "city", *SUMS]].itertuples(index=False):
        panes.setdefault(int(start), {})[city] = tuple(map(int, sums))  # type: ignore[assignment]
    state = OpenWindows(panes, before.closed_to, before.monitor.copy(), before.last_event_end)
    updated = {int(start) for start in updates["starts"]}
    if watermark_ms <= 0 or not panes:  # without a watermark, no event is late yet
        return state, list(_changed_windows(state, updated, 0, length))
    passed = watermark_ms // 1000 // length * length
    closed_to = min(passed, *panes) if state.closed_to is None else state.closed_to
    close_to = max(closed_to, passed)
    closed = list(_close_windows(state, closed_to, close_to, length, forecast))
    changed = list(_changed_windows(state, updated, close_to, length))
    state.closed_to = close_to
    state.panes = {start: cities for start, cities in panes.items() if start > close_to - SLIDING_S}
    state.monitor.forget_before(close_to - HISTORY_S)
    return state, closed + changed


def _close_windows(
    state: OpenWindows, closed_to: int, close_to: int, length: int, forecast: Forecast
) -> Iterator[Window]:
    """Close the windows that end in (closed_to, close_to], including the whole stream's empty ones."""
    for ends in range(closed_to + length, close_to + 1, length):
        starts = ends - length
        pane = state.panes.get(starts, {})
        if pane:
            state.last_event_end = ends
        elif state.last_event_end is None or ends - state.last_event_end > MAX_SILENCE_S:
            continue  # no windows before the first event, nor after a long silence
        total = pane.get(WHOLE_STREAM, NO_EVENTS)
        volume = state.monitor.check(starts, total[0], length, forecast(starts))
        for city in sorted({WHOLE_STREAM, *pane}):
            city_volume = volume if city == WHOLE_STREAM else NOT_EVALUATED
            yield Window("tumbling", city, starts, ends, pane.get(city, total), True, city_volume)
        for city, sums in sorted(_sum_hour(state, ends, length).items()):
            yield Window("sliding", city, ends - SLIDING_S, ends, sums, True)


def _changed_windows(state: OpenWindows, updated: set[int], closed_to: int, length: int) -> Iterator[Window]:
    """The open windows that contain an updated pane."""
    for start in sorted(updated):
        if start + length > closed_to:
            for city, sums in sorted(state.panes[start].items()):
                yield Window("tumbling", city, start, start + length, sums, False)
    ends_of_hours = {start + length + later for start in updated for later in range(0, SLIDING_S, length)}
    for ends in sorted(ends for ends in ends_of_hours if ends > closed_to):
        for city, sums in sorted(_sum_hour(state, ends, length).items()):
            yield Window("sliding", city, ends - SLIDING_S, ends, sums, False)


def _sum_hour(state: OpenWindows, ends: int, length: int) -> dict[str, Sums]:
    """Sums of the sliding window that ends at this time, by city."""
    totals: dict[str, Sums] = {}
    for start in range(ends - SLIDING_S, ends, length):
        for city, sums in state.panes.get(start, {}).items():
            total = totals.get(city, NO_EVENTS)
            totals[city] = tuple(a + b for a, b in zip(total, sums, strict=True))  # type: ignore[assignment]
    return totals
