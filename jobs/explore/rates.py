"""Rate of the outcome by category of a column, or by band of a number."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from jobs.explore.arrow_values import texts
from jobs.explore.value_counts import Distribution

BANDS = 10
CENT = Decimal("0.01")


def category_rates(counts: pa.Table) -> list[dict[str, Any]]:
    """Count by category: kind, position, value (null is one too), low, high (both null), row_count, positives."""
    values = texts(counts["value"].combine_chunks())
    found = zip(values, counts["row_count"].to_pylist(), counts["positives"].to_pylist(), strict=True)
    ordered = sorted(found, key=lambda row: (row[0] is None, row[0] or ""))
    return [_row("category", position, value, None, rows) for position, (value, *rows) in enumerate(ordered, 1)]


def band_rates(counts: pa.Table, numbers: Distribution) -> list[dict[str, Any]]:
    """Count by band: kind, position, value, low, high, row_count, positives; nulls form a band of their own.

    The bands are deciles. There are fewer where one value fills more than a tenth of the rows.
    """
    edges = np.unique([numbers.quantile(tenth / BANDS) for tenth in range(1, BANDS)])
    bands = np.searchsorted(edges, numbers.values)
    rows: list[dict[str, Any]] = []
    for band in np.unique(bands):
        inside = bands == band
        low, high = float(numbers.values[inside][0]), float(numbers.values[inside][-1])
        value = short(low) if low == high else f"{short(low)} to {short(high)}"
        counted = [int(numbers.rows[inside].sum()), int(numbers.positives[inside].sum())]
        rows.append(_row("band", len(rows) + 1, value, (low, high), counted))
    return rows + _unknown(counts, len(rows) + 1)


def short(number: float) -> str:
    """A number as text with up to two decimals and no trailing zeros: 25, 1762.5."""
    text = f"{Decimal(repr(number)).quantize(CENT, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _unknown(counts: pa.Table, position: int) -> list[dict[str, Any]]:
    unknown = counts.filter(counts["value"].is_null())
    counted = [unknown["row_count"][0].as_py(), unknown["positives"][0].as_py()] if len(unknown) else []
    return [_row("band", position, None, None, counted)] if counted else []


def _row(
    kind: str, position: int, value: str | None, limits: tuple[float, float] | None, counted: list[int]
) -> dict[str, Any]:
    low, high = limits or (None, None)
    rows, positives = counted
    return {
        "kind": kind,
        "position": position,
        "value": value,
        "low": low,
        "high": high,
        "row_count": rows,
        "positives": positives,
    }
