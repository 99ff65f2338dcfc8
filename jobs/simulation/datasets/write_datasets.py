"""Write synthetic data sets of any size in constant memory; the same rows and seed give the same bytes.

Each file is named `synthetic_<dataset>.csv`, so that nobody mistakes it for real data. `planted_effects` lists the
effects planted in them; those of the transactions' daily volume are also written beside the file, to
`synthetic_transactions.planted.json`, which no stage reads.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jobs.core.files import write_whole
from jobs.simulation.datasets import bank_transactions, call_notes, campaign_clients, card_clients
from jobs.simulation.datasets.daily_volume import plan
from jobs.simulation.datasets.delimited_text import Column, all_or_nothing, lines
from jobs.simulation.rng import Ints

BLOCK = 50_000
"""Rows generated at a time. This limits the memory and does not change the output."""

_log = logging.getLogger("bankstack")


@dataclass(frozen=True)
class Dataset:
    """How one file is written; `columns(row numbers from 0, total rows, seed)` generates a block of it."""

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

    The others have as many rows as the transactions up to the real file's size (45,211 clients, 30,000 credit cards;
    10,000 notes). Beyond it, they grow by one row per 20, 30 and 50 transactions.
    """
    return {
        "clients": min(rows, max(45_211, rows // 20)),
        "credit": min(rows, max(30_000, rows // 30)),
        "transactions": rows,
        "call_notes": min(rows, max(10_000, rows // 50)),
    }


def generate(folder: Path, rows: int, seed: int, datasets: Sequence[str] = ALL) -> dict[str, Path]:
    """Write data sets; each file appears under its name only when it is complete.

    Args:
        folder: created if it does not exist.
        rows: number of transactions; `row_counts` gives those of the other data sets.
        seed: at least 0.
        datasets: names of data sets.

    Returns:
        The path of each file.

    Raises:
        ValueError: unknown data set, or an impossible number of rows or seed.

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
            _log_progress(dataset, start, rows)
    if dataset == "transactions":
        planted = {"rows": rows, "seed": seed, **plan(seed).describe()}
        write_whole(target.with_suffix(".planted.json"), json.dumps(planted, indent=1))
    _log.info("%s: %s rows in %.1f s", target, f"{rows:,}", time.monotonic() - started)
    return target


def _block(kind: Dataset, start: int, total: int, seed: int) -> memoryview:
    rows = np.arange(start, min(start + BLOCK, total), dtype=np.int64)
    return lines(kind.columns(rows, total, seed), kind.separator, kind.line_end)


def _log_progress(dataset: str, start: int, total: int) -> None:
    if start and start % (BLOCK * 20) == 0:
        _log.info("%s: %s of %s rows", dataset, f"{start:,}", f"{total:,}")
