"""One bucket of customers or terminals: its state, the events that wait for the watermark, and the alerts they raise.

Events wait until the watermark has passed them; then they are worked in the order of event time. So alerts depend on
the accepted events alone, not on micro-batches. What waits also tells duplicates: an event and its copy have the same
moment, so the copy finds the event waiting, or is late.
"""

import io
import json
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from jobs.stream.detection.alert_rows import alert_row, seen_row
from jobs.stream.detection.anomaly_scores import CUSTOMER, STATE, TERMINAL, Events, Rows, empty_state
from jobs.stream.detection.scoring import score
from jobs.stream.detection.thresholds import Calibration

TEXTS = ("transaction_id", "customer_id", "location", "terminal")
NUMBERS = ("amount", "balance", "latitude", "longitude")
COLUMNS = ("key", "other", "id", "at_us", *TEXTS, *NUMBERS)
"""Of a frame of events: key, other and id are 64-bit hashes, at_us microseconds since 1970."""
WATCHED_S, WATCHED = 7 * 86_400, 200
"""A customer's transactions are shown for so long after an alert; so many of a bucket and batch, the latest."""
Frame = pd.DataFrame


@dataclass
class Bucket:
    """What a bucket keeps between two batches."""

    state: Rows = field(default_factory=lambda: np.empty(0, STATE))
    waiting: Frame | None = None
    places: list[str] = field(default_factory=list)
    """Names of the places that the state has numbers of."""

    def dump(self) -> tuple[bytes, bytes, str]:
        """As bytes and text."""
        rows = pa.py_buffer(np.ascontiguousarray(self.state))
        state = pa.Array.from_buffers(pa.binary(STATE.itemsize), len(self.state), [None, rows])
        waiting = pd.DataFrame(columns=list(COLUMNS)) if self.waiting is None else self.waiting
        batches = pa.record_batch({"state": state}), pa.RecordBatch.from_pandas(waiting, SCHEMA, preserve_index=False)
        return _packed(batches[0]), _packed(batches[1]), json.dumps(self.places)

    @staticmethod
    def load(state: bytes, waiting: bytes, places: str) -> "Bucket":
        """From these."""
        _, rows = pa.ipc.open_stream(state).read_next_batch()["state"].buffers()
        return Bucket(np.frombuffer(rows, STATE).copy(), pa.ipc.open_stream(waiting).read_pandas(), json.loads(places))

    def earliest_ms(self) -> int | None:
        """Moment of the first event that waits."""
        return None if self.waiting is None or self.waiting.empty else int(self.waiting["at_us"].min() // 1000)


SCHEMA = pa.schema(
    [(name, pa.int64()) for name in ("key", "other", "id", "at_us")]
    + [(name, pa.string()) for name in TEXTS]
    + [(name, pa.float64()) for name in NUMBERS]
)


def _packed(batch: pa.RecordBatch) -> bytes:
    """All of a bucket goes to Python and back at each micro-batch: packed it is less than half."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def advance(
    bucket: Bucket, new: Frame | None, watermark_ms: int, known: Calibration, expiry_s: float, terminal: bool
) -> list[dict[str, object]]:
    """Take in new events (COLUMNS) and work those that the watermark has passed; the bucket changes.

    Returns:
        Rows of alerts, and of events of customers who had one lately, see `words`.

    """
    waiting = _waiting(bucket.waiting, new)
    if waiting is None:
        return []
    passed = waiting["at_us"].to_numpy() < watermark_ms * 1000
    bucket.waiting = waiting[~passed].reset_index(drop=True)
    due = waiting[passed].sort_values(["at_us", "id"], kind="stable", ignore_index=True)
    rows = _worked(bucket, due, known, expiry_s, terminal) if len(due) else []
    bucket.state = bucket.state[bucket.state["last"] >= watermark_ms / 1000 - expiry_s]
    return rows


def _waiting(old: Frame | None, new: Frame | None) -> Frame | None:
    """Old and new events, each once; of two of one id in a batch the earlier moment counts."""
    if new is None or new.empty:
        return old
    arrived = new[list(COLUMNS)].sort_values(["at_us", "id", "amount"], kind="stable")
    both = arrived if old is None or old.empty else pd.concat([old, arrived])
    return both[~both["id"].duplicated().to_numpy()]


def _worked(bucket: Bucket, due: Frame, known: Calibration, expiry_s: float, terminal: bool) -> list[dict[str, object]]:
    habit, types = (known.terminal, TERMINAL) if terminal else (known.customer, CUSTOMER)
    events = _events(bucket, due)
    fresh = np.setdiff1d(events.key, bucket.state["key"])
    merged = np.concatenate([bucket.state, empty_state(fresh)])
    bucket.state = merged[np.argsort(merged["key"], kind="stable")]
    _, raised = score(bucket.state, events, habit, expiry_s, known.levels(types), terminal)
    rows = [
        alert_row(due.iloc[raised.position[one]], raised, one, bucket.places, known, types)
        for one in range(len(raised.kind))
    ]
    return rows if terminal else rows + _seen(bucket, due, events)


def _seen(bucket: Bucket, due: Frame, events: Events) -> list[dict[str, object]]:
    """The events of customers who had an alert lately."""
    alerted = bucket.state["alerted"].max(axis=1)[np.searchsorted(bucket.state["key"], events.key)]
    watched = due[events.at - alerted < WATCHED_S]
    return [seen_row(event) for _, event in watched.tail(WATCHED).iterrows()]


def _events(bucket: Bucket, due: Frame) -> Events:
    """The frame as arrays; places get numbers."""
    names = due["location"].fillna("")
    numbers = {name: place for place, name in enumerate(bucket.places)}
    for name in names.unique():
        numbers.setdefault(name, len(numbers))
    bucket.places = list(numbers)
    return Events(
        **{"key": due["key"].to_numpy(np.int64), "other": due["other"].to_numpy(np.int64)},
        **{"at": due["at_us"].to_numpy(np.int64) / 1e6, "amount": due["amount"].to_numpy(float)},
        **{"balance": due["balance"].to_numpy(float), "north": due["latitude"].to_numpy(float)},
        **{"east": due["longitude"].to_numpy(float), "id": due["transaction_id"].to_numpy().astype("S24")},
        place=np.asarray(names.map(numbers), dtype=np.int64),
    )
