"""The file of truth: what the producer planted. Only `evaluate` reads it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from jobs.stream.detection.alert_rows import moment


def write_incidents(path: Path, events: pd.DataFrame, kinds: Sequence[str], first: int) -> None:
    """Add the incidents numbered from `first` on, whose events carry these numbers.

    Args:
        path: of the file, JSON lines.
        events: columns of `simulate.COLUMNS`.
        kinds: of each incident.
        first: number of the first.

    """
    mine = dict(iter(events[events["incident"] >= first].groupby("incident")))
    lines = []
    for number, kind in enumerate(kinds, first):
        rows = mine[number]
        at = rows["transaction_at"]
        about = {"incident": number, "kind": kind, "starts": moment(at.min()), "ends": moment(at.max())}
        lines.append(about | {"transaction_ids": rows.sort_values("transaction_at")["transaction_id"].tolist()})
    _append(path, lines)


def write_volume(path: Path, kind: str, starts: float, ends: float) -> None:
    """Add a surge or an outage."""
    _append(path, [{"kind": kind, "starts": moment(starts), "ends": moment(ends), "transaction_ids": []}])


def read(path: Path) -> pd.DataFrame:
    """All incidents: kind, starts, ends (timestamps), transaction_ids."""
    columns = ["kind", "starts", "ends", "transaction_ids"]
    known = pd.DataFrame([json.loads(line) for line in path.read_text().splitlines()], columns=columns)
    return known.assign(starts=pd.to_datetime(known["starts"]), ends=pd.to_datetime(known["ends"]))


def _append(path: Path, lines: Sequence[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as writer:
        writer.writelines(json.dumps(line) + "\n" for line in lines)
