"""Tables in long form, with one row per value, so that one group-by covers many columns at once."""

from collections.abc import Iterable, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def long_numbers(rows: DataFrame, keep: Sequence[str | Column], numbers: Sequence[str]) -> DataFrame:
    """One row per number: the columns `keep`, then column_name STRING and number DOUBLE."""
    return _long(rows, keep, numbers, "double", "number")


def long_values(rows: DataFrame, keep: Sequence[str | Column], columns: Sequence[str]) -> DataFrame:
    """One row per value: the columns `keep`, then column_name STRING and value STRING."""
    return _long(rows, keep, columns, "string", "value")


def every_pair(rows: DataFrame, keep: Sequence[str | Column], pairs: Iterable[tuple[int, int]]) -> DataFrame:
    """One row per input row and pair of array positions: the columns `keep`, then a INT and b INT.

    Grouping by positions in an array is several times faster than grouping by column names.
    """
    positions = [F.struct(F.lit(a).alias("a"), F.lit(b).alias("b")) for a, b in pairs]
    return rows.select(*keep, F.inline(F.array(*positions)))


def as_array(columns: Sequence[str], kind: str) -> Column:
    """The columns as one array, each cast to the type."""
    return F.array(*[F.col(column).cast(kind) for column in columns])


def name_at(names: Sequence[str], position: str) -> Column:
    """The name at a position, counted from 0."""
    return F.element_at(F.lit(list(names)), F.col(position) + 1)


def _long(rows: DataFrame, keep: Sequence[str | Column], columns: Sequence[str], kind: str, name: str) -> DataFrame:
    values = [F.struct(F.lit(column).alias("column_name"), F.col(column).cast(kind).alias(name)) for column in columns]
    return rows.select(*keep, F.inline(F.array(*values)))
