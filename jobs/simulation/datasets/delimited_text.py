"""Write delimited text to disk block by block; a file appears complete or not at all.

The generator joins Arrow strings itself instead of using Arrow's CSV writer, because the real files quote text in three
different ways: always (bank-full.csv), never (UCI_Credit_Card.csv), or only around commas (bank_transactions.csv).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Column = Any
"""A pyarrow array of strings as they appear in the file, including quotes."""


def words(choices: Sequence[str] | Column, codes: NDArray[Any]) -> Column:
    """Return the column that holds `choices[code]` for each code."""
    return pa.array(choices, pa.string()).take(pa.array(codes))


def quoted(choices: Iterable[str]) -> list[str]:
    """Return the words in double quotes."""
    return [f'"{choice}"' for choice in choices]


def numbers(values: NDArray[Any]) -> Column:
    """Return the shortest decimal forms: 25, 1762.5, 17819.05 (for values below 10^10)."""
    return pc.cast(pa.array(values), pa.string())


def money(values: NDArray[np.float64]) -> Column:
    """Return amounts rounded to cents."""
    return numbers(np.round(values, 2))


def lines(columns: Sequence[Column], separator: str, line_end: str) -> memoryview:
    """Return the bytes of all lines: columns joined by `separator`, each line ended by `line_end`."""
    joined = pc.binary_join_element_wise(*columns, separator)
    closed = pc.binary_join_element_wise(joined, "", line_end)
    offsets, text = closed.buffers()[1:]
    size = int(np.frombuffer(offsets, dtype=np.int32)[len(closed)])
    return memoryview(text)[:size]


@contextmanager
def all_or_nothing(target: Path) -> Iterator[BinaryIO]:
    """Open a hidden file beside `target` for writing, and rename it to `target` if no exception is raised.

    A reader sees either the old file or the new one. A killed process leaves only the hidden file
    `.<name>.<pid>.part`, which the next call removes.
    """
    _remove_leftovers(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _remove_leftovers(target: Path) -> None:
    for part in target.parent.glob(f".{target.name}.*.part"):
        if not _alive(int(part.name.split(".")[-2])):
            part.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
