"""Counts by value of a column: they add up over parts of a table, and everything about the column follows from them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jobs.explore.arrow_values import Floats, numbers

Ints = NDArray[np.int64]


def count_values(values: pa.Array, positives: pa.Array) -> pa.Table:
    """Count a column: one row per value, null included, with value, row_count and positives BIGINT.

    Args:
        values: the column.
        positives: 1 where the outcome occurred, else 0.

    """
    ones = pa.array(np.ones(len(values), dtype=np.int64))
    return add_counts([pa.table({"value": values, "row_count": ones, "positives": positives})])


def count_unlisted(values: pa.Array) -> pa.Table:
    """Count a column of unique texts without listing them.

    Returns:
        The columns of `count_values` with at most three rows: null, the smallest value with 1 row, and the largest
        value with all other rows.

    """
    ends, nulls = pc.min_max(values), values.null_count
    known = len(values) - nulls
    counts = [min(known, 1), max(known - 1, 0), nulls]
    ends = pa.array([ends["min"].as_py(), ends["max"].as_py(), None], values.type)
    listed = pa.table(
        {"value": ends, "row_count": pa.array(counts, pa.int64()), "positives": pa.array([0] * 3, pa.int64())}
    )
    return add_counts([listed.filter(pc.greater(listed["row_count"], 0))])


def outcomes(chunk: pa.Table, outcome: str, positive: str) -> pa.Array:
    """1 where the outcome occurred, else 0; 0 everywhere for a table without an outcome."""
    if not outcome:
        return pa.array(np.zeros(len(chunk), dtype=np.int64))
    occurred = pc.equal(pc.cast(chunk[outcome], pa.string()), positive)
    return pc.cast(occurred, pa.int64()).fill_null(0).combine_chunks()


def without_rows() -> pa.Table:
    """The counts of a column without rows."""
    return count_values(pa.array([], pa.string()), pa.array([], pa.int64()))


def add_counts(parts: Iterable[pa.Table]) -> pa.Table:
    """Add up the counts of parts of a table."""
    grouped = pa.concat_tables(parts).group_by("value", use_threads=False)
    added = grouped.aggregate([("row_count", "sum"), ("positives", "sum")])
    return added.rename_columns(["value", "row_count", "positives"]).combine_chunks()


@dataclass(frozen=True)
class Distribution:
    """The counts of a numeric column in the order of its values, without nulls.

    Attributes:
        values: distinct, ascending.
        rows: number of rows with each value.
        positives: number of these rows in which the outcome occurred.

    """

    values: Floats
    rows: Ints
    positives: Ints

    @classmethod
    def of(cls, counts: pa.Table) -> "Distribution":
        """Sort the counts of a numeric column."""
        found = numbers(counts["value"].combine_chunks())
        order = np.argsort(found, kind="stable")[: np.count_nonzero(~np.isnan(found))]
        rows, positives = counts["row_count"].to_numpy(), counts["positives"].to_numpy()
        return cls(found[order], rows[order], positives[order])

    @cached_property
    def total(self) -> int:
        """Number of rows."""
        return int(self.rows.sum())

    @cached_property
    def mean(self) -> float:
        """Mean of the rows; NaN without rows."""
        return float(self.values @ self.rows) / self.total if self.total else math.nan

    @cached_property
    def stddev(self) -> float:
        """Sample standard deviation; NaN for fewer than two rows."""
        if self.total < 2:
            return math.nan
        return math.sqrt(float((self.values - self.mean) ** 2 @ self.rows) / (self.total - 1))

    def quantile(self, share: float) -> float:
        """The smallest value with at least this share of the rows at or below it, exact; NaN without rows."""
        if not self.total:
            return math.nan
        rank = max(math.ceil(share * self.total), 1)
        return float(self.values[np.searchsorted(self._running, rank)])

    def median_deviation(self, centre: float) -> float:
        """Median distance of the rows from the centre; NaN without rows."""
        distances = np.abs(self.values - centre)
        order = np.argsort(distances, kind="stable")
        return Distribution(distances[order], self.rows[order], self.positives[order]).quantile(0.5)

    @cached_property
    def _running(self) -> Ints:
        return np.asarray(np.cumsum(self.rows))
