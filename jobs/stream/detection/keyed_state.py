"""The state of one group of customers or terminals, and the alerts that its events raise.

Events wait in the state until the watermark has passed them, and are then processed in order of event time. So alerts
depend only on the accepted events, not on micro-batches. The waiting events also reveal duplicates: a copy has the
same event time as its original, so it either finds it waiting or is late.
"""

import io
import json
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from jobs.stream.alert_types import CUSTOMER_TYPES, TERMINAL_TYPES
from jobs.stream.detection.alert_rows import alert_row, transaction_row
from jobs.stream.detection.key_history import HISTORY, Events, Histories, empty_histories
from jobs.stream.detection.scoring import score_events
from jobs.stream.detection.thresholds import Thresholds

TEXT_COLUMNS = ("transaction_id", "customer_id", "city", "terminal")
NUMBER_COLUMNS = ("amount", "balance", "latitude", "longitude")
INTEGER_COLUMNS = ("key", "other", "id", "event_time_us")
COLUMNS = (*INTEGER_COLUMNS, *TEXT_COLUMNS, *NUMBER_COLUMNS)
"""Columns of a frame of events: key, other and id are 64-bit hashes, event_time_us is microseconds since 1970."""
WAITING_SCHEMA = pa.schema(
    [(name, pa.int64()) for name in INTEGER_COLUMNS]
    + [(name, pa.string()) for name in TEXT_COLUMNS]
    + [(name, pa.float64()) for name in NUMBER_COLUMNS]
)
WATCH_S = 7 * 86_400
"""How long after an alert a customer's transactions are shown."""
MAX_WATCHED = 200
"""The most such transactions per group and batch; the latest are kept."""
Frame = pd.DataFrame


@dataclass
class KeyedState:
    """What a group of keys keeps between two micro-batches."""

    histories: Histories = field(default_factory=lambda: np.empty(0, HISTORY))
    """One row per key, sorted by key."""
    waiting: Frame | None = None
    """Events (COLUMNS) that the watermark has not passed."""
    cities: list[str] = field(default_factory=list)
    """Names of the cities that the histories refer to by position."""

    def dump(self) -> tuple[bytes, bytes, str]:
        """Serialise the state."""
        buffer = pa.py_buffer(np.ascontiguousarray(self.histories))
        rows = pa.Array.from_buffers(pa.binary(HISTORY.itemsize), len(self.histories), [None, buffer])
        waiting = pd.DataFrame(columns=list(COLUMNS)) if self.waiting is None else self.waiting
        return (
            _compress(pa.record_batch({"histories": rows})),
            _compress(pa.RecordBatch.from_pandas(waiting, WAITING_SCHEMA, preserve_index=False)),
            json.dumps(self.cities),
        )

    @staticmethod
    def load(histories: bytes, waiting: bytes, cities: str) -> "KeyedState":
        """Restore a serialised state."""
        _, buffer = pa.ipc.open_stream(histories).read_next_batch()["histories"].buffers()
        return KeyedState(
            histories=np.frombuffer(buffer, HISTORY).copy(),
            waiting=pa.ipc.open_stream(waiting).read_pandas(),
            cities=json.loads(cities),
        )

    def earliest_ms(self) -> int | None:
        """Event time of the first waiting event, milliseconds since 1970; None if no event waits."""
        if self.waiting is None or self.waiting.empty:
            return None
        return int(self.waiting["event_time_us"].min() // 1000)


def _compress(batch: pa.RecordBatch) -> bytes:
    """Serialise and compress. The whole state travels to Python and back at each batch; lz4 more than halves it."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def advance_keys(
    state: KeyedState,
    new: Frame | None,
    watermark_ms: int,
    thresholds: Thresholds,
    expiry_s: float,
    is_terminal: bool,
) -> list[dict[str, object]]:
    """Add new events, and process those that the watermark has passed.

    Args:
        state: changed in place.
        new: events with COLUMNS, or None.
        watermark_ms: milliseconds since 1970.
        thresholds: fitted to reference events.
        expiry_s: seconds after which an idle key's history expires.
        is_terminal: whether the keys are terminals; events without a terminal are then ignored.

    Returns:
        Rows of alerts, and of transactions of customers with a recent alert, with the columns of `alert_rows`.

    """
    if is_terminal and new is not None:
        new = new[new["terminal"].notna()]
    waiting = _merge_waiting(state.waiting, new)
    if waiting is None:
        return []
    is_due = waiting["event_time_us"].to_numpy() < watermark_ms * 1000
    state.waiting = waiting[~is_due].reset_index(drop=True)
    due = waiting[is_due].sort_values(["event_time_us", "id"], kind="stable", ignore_index=True)
    rows = _process(state, due, thresholds, expiry_s, is_terminal) if len(due) else []
    state.histories = state.histories[state.histories["last_time"] >= watermark_ms / 1000 - expiry_s]
    return rows


def _merge_waiting(old: Frame | None, new: Frame | None) -> Frame | None:
    """Merge events, each id once; of two events with one id in a batch, the earlier counts."""
    if new is None or new.empty:
        return old
    arrived = new[list(COLUMNS)].sort_values(["event_time_us", "id", "amount"], kind="stable")
    merged = arrived if old is None or old.empty else pd.concat([old, arrived])
    return merged[~merged["id"].duplicated().to_numpy()]


def _process(
    state: KeyedState, due: Frame, thresholds: Thresholds, expiry_s: float, is_terminal: bool
) -> list[dict[str, object]]:
    """Score events in order of event time, update the histories and describe the alerts."""
    population = thresholds.terminal if is_terminal else thresholds.customer
    types = TERMINAL_TYPES if is_terminal else CUSTOMER_TYPES
    events = _to_events(state, due)
    new_keys = np.setdiff1d(events.key, state.histories["key"])
    merged = np.concatenate([state.histories, empty_histories(new_keys)])
    state.histories = merged[np.argsort(merged["key"], kind="stable")]
    _, alerts = score_events(state.histories, events, population, expiry_s, thresholds.of_types(types), is_terminal)
    rows = []
    for number, position in enumerate(alerts.position):
        type_, score = types[alerts.type_number[number]], float(alerts.score[number])
        history = alerts.history[number : number + 1]
        rows.append(alert_row(due.iloc[position], type_, score, history, state.cities, thresholds))
    return rows if is_terminal else rows + _watched_rows(state, due, events)


def _watched_rows(state: KeyedState, due: Frame, events: Events) -> list[dict[str, object]]:
    """The transactions of customers with a recent alert."""
    last_alert = state.histories["alerted"].max(axis=1)[np.searchsorted(state.histories["key"], events.key)]
    watched = due[events.event_time - last_alert < WATCH_S]
    return [transaction_row(event) for _, event in watched.tail(MAX_WATCHED).iterrows()]


def _to_events(state: KeyedState, due: Frame) -> Events:
    """Convert a frame to arrays; new cities are numbered."""
    names = due["city"].fillna("")
    numbers = {city: number for number, city in enumerate(state.cities)}
    for name in names.unique():
        numbers.setdefault(name, len(numbers))
    state.cities = list(numbers)
    return Events(
        key=due["key"].to_numpy(np.int64),
        event_time=due["event_time_us"].to_numpy(np.int64) / 1e6,
        amount=due["amount"].to_numpy(float),
        balance=due["balance"].to_numpy(float),
        latitude=due["latitude"].to_numpy(float),
        longitude=due["longitude"].to_numpy(float),
        id=due["transaction_id"].to_numpy().astype("S24"),
        city=np.asarray(names.map(numbers), dtype=np.int64),
        other=due["other"].to_numpy(np.int64),
    )
