"""Profile of a column and its most frequent values."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.explore.arrow_values import numbers, texts
from jobs.explore.value_counts import Distribution

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
TOP = 10


def profile(counts: pa.Table, distribution: Distribution | None, is_unlisted: bool) -> dict[str, Any]:
    """Describe a column: the columns of column_profiles from row_count on.

    Args:
        counts: the rows of `count_values`, or of `count_unlisted`.
        distribution: of a numeric column, else None.
        is_unlisted: whether the counts are those of `count_unlisted`.

    """
    known = counts.filter(pc.is_valid(counts["value"]))
    rows, known_rows = (int(pc.sum(part["row_count"]).as_py() or 0) for part in (counts, known))
    minimum, maximum = _ends(known, distribution is not None)
    return {
        "row_count": rows,
        "null_count": rows - known_rows,
        "null_share": (rows - known_rows) / rows if rows else None,
        "distinct_count": known_rows if is_unlisted else len(known),
        "minimum": minimum,
        "maximum": maximum,
        "mean": distribution.mean if distribution else None,
        "stddev": distribution.stddev if distribution else None,
        **{name: distribution.quantile(share) if distribution else None for name, share in QUANTILES.items()},
    }


def top_values(counts: pa.Table) -> list[dict[str, Any]]:
    """The TOP most frequent values, ties by text with null first: rank, value, row_count, share."""
    rows = counts["row_count"].to_numpy()
    if not len(rows):
        return []
    least = np.partition(rows, -TOP)[-TOP] if len(rows) > TOP else 0
    leading = counts.filter(pc.greater_equal(counts["row_count"], int(least)))
    pairs = zip(texts(leading["value"].combine_chunks()), leading["row_count"].to_pylist(), strict=True)
    first = sorted(pairs, key=lambda pair: (-pair[1], pair[0] is not None, pair[0] or ""))[:TOP]
    return [
        {"rank": rank, "value": value, "row_count": count, "share": count / int(rows.sum())}
        for rank, (value, count) in enumerate(first, 1)
    ]


def _ends(known: pa.Table, is_number: bool) -> tuple[str | None, str | None]:
    """The smallest and the largest value as text."""
    if not len(known):
        return None, None
    values = known["value"].combine_chunks()
    if is_number:
        found = numbers(values)
        positions = [int(np.argmin(found)), int(np.argmax(found))]
    else:
        ends = pc.min_max(values)
        positions = [pc.index(values, ends[end]).as_py() for end in ("min", "max")]
    smallest, largest = texts(values.take(pa.array(positions)))
    return smallest, largest
