"""Writes synthetic data sets of any size: in constant memory, the same bytes for the same rows and seed.

Each file is named `synthetic_<dataset>.csv`, so that nobody mistakes it for a bank's. What is planted in them is in
`jobs.simulation.datasets.planted_effects`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jobs.simulation.datasets import bank_transactions, call_notes, campaign_clients, card_clients
from jobs.simulation.datasets.delimited_text import Column, all_or_nothing, lines
from jobs.simulation.rng import Ints

BLOCK = 50_000
"""Rows made at a time: bounds the memory, changes no byte."""

_log = logging.getLogger("bankstack")


@dataclass(frozen=True)
class Dataset:
    """How one file is written: `columns(row numbers from 0, rows in all, seed)` makes a block of it."""

    header: str
    separator: str
    line_end: str
    columns: Callable[[Ints, int, int], list[Column]]


DATASETS = {
    name: Dataset(module.HEADER, module.SEPARATOR, module.LINE_END, module.columns)
    for name, module in (
        ("clients", campaign_clients),
        ("credit", card_clients),
        ("transactions", bank_transactions),
        ("call_notes", call_notes),
    )
}
ALL = tuple(DATASETS)


def row_counts(rows: int) -> dict[str, int]:
    """Return each dataset's rows for `rows` transactions.

    The others get as many rows as the transactions up to the real file's size (45,211 clients, 30,000 credit
    cards; 10,000 notes), and grow beyond it by one row for 20, 30 and 50 transactions.
    """
    return {
        "clients": min(rows, max(45_211, rows // 20)),
        "credit": min(rows, max(30_000, rows // 30)),
        "transactions": rows,
        "call_notes": min(rows, max(10_000, rows // 50)),
    }


def generate(folder: Path, rows: int, seed: int, datasets: Sequence[str] = ALL) -> dict[str, Path]:
    """Write `datasets` into `folder` (made if missing) and return where each one is.

    `rows` is the number of transactions; `row_counts` gives the others'. A file appears under its name only
    when it is complete. Raises ValueError for a dataset, a number of rows or a seed that cannot be.
    """
    counts = row_counts(rows)
    unknown = sorted(set(datasets) - set(ALL))
    if unknown:
        raise ValueError(f"no generator for {', '.join(unknown)}; there are: {', '.join(ALL)}")
    return {name: write(name, folder, counts[name], seed) for name in datasets}


def write(dataset: str, folder: Path, rows: int, seed: int) -> Path:
    """Write exactly `rows` rows of one dataset into `folder` and return the file's path."""
    if rows < 1:
        raise ValueError(f"rows must be 1 or more, not {rows}")
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, not {seed}")
    kind, target, started = DATASETS[dataset], folder / f"synthetic_{dataset}.csv", time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    with all_or_nothing(target) as file:
        file.write((kind.header + kind.line_end).encode())
        for start in range(0, rows, BLOCK):
            file.write(_block(kind, start, rows, seed))
            _tell(dataset, start, rows)
    _log.info("%s: %s rows in %.1f s", target, f"{rows:,}", time.monotonic() - started)
    return target


def _block(kind: Dataset, start: int, total: int, seed: int) -> memoryview:
    rows = np.arange(start, min(start + BLOCK, total), dtype=np.int64)
    return lines(kind.columns(rows, total, seed), kind.separator, kind.line_end)


def _tell(dataset: str, start: int, total: int) -> None:
    if start and start % (BLOCK * 20) == 0:
        _log.info("%s: %s of %s rows", dataset, f"{start:,}", f"{total:,}")
