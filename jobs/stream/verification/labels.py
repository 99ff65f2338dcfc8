"""The labels file: the fraud and volume incidents that really happened in a stream. Detection never reads it.

Each line is the JSON of one incident: kind (an alert type), starts and ends (event time of its first and last event),
transaction_ids (empty for a surge or outage). A simulator, or a bank that knows its fraud, writes the file.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from jobs.core.settings import Settings
from jobs.stream.timestamps import iso_timestamp

COLUMNS = ("kind", "starts", "ends", "transaction_ids")


def labels_path(settings: Settings) -> Path:
    """Where the labels of the stream are."""
    return settings.stream_folder / "labels.jsonl"


def append_label(path: Path, kind: str, starts: float, ends: float, transaction_ids: Sequence[str] = ()) -> None:
    """Append one incident.

    Args:
        path: of the labels file; created if it does not exist.
        kind: an alert type.
        starts: event time of its first event, seconds since 1970.
        ends: event time of its last event, seconds since 1970.
        transaction_ids: its transactions, in order of event time.

    """
    label = {
        "kind": kind,
        "starts": iso_timestamp(starts),
        "ends": iso_timestamp(ends),
        "transaction_ids": list(transaction_ids),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as writer:
        writer.write(json.dumps(label) + "\n")


def read_labels(path: Path) -> pd.DataFrame:
    """All incidents, with COLUMNS; starts and ends are UTC timestamps without a time zone."""
    incidents = pd.DataFrame([json.loads(line) for line in path.read_text().splitlines()], columns=list(COLUMNS))
    return incidents.assign(starts=pd.to_datetime(incidents["starts"]), ends=pd.to_datetime(incidents["ends"]))
