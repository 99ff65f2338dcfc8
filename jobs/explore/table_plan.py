"""What the summaries of a table cover: its columns, and the roles that its contract gives them."""

from dataclasses import dataclass

SAMPLED = "sampled"
"""A column beside those of the table: whether the row counts for the correlation of ranks."""


@dataclass(frozen=True)
class TablePlan:
    """The columns of a table in its order, and what is asked about them. Workers receive it, so it holds plain values.

    Attributes:
        dataset: name of the table.
        types: SQL type by column.
        numeric: columns with a numeric type.
        fractional: columns of type DOUBLE or FLOAT; they reach the workers as Spark's text.
        unique: columns whose values never repeat; top_values leaves them out.
        unlisted: the unique columns that hold text; their values aren't counted one by one.
        key: the column that identifies a row.
        numbers: columns to correlate and to average.
        delivered: those of the numbers that stand in the bank's file.
        categories: columns to group by, with the outcome.
        outcome: the column that models predict; empty if the table has none.
        positive: the outcome's value, as text, whose rate is measured.

    """

    dataset: str
    types: dict[str, str]
    numeric: frozenset[str]
    fractional: frozenset[str]
    unique: frozenset[str]
    unlisted: frozenset[str]
    key: str
    numbers: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    outcome: str = ""
    positive: str = ""

    @property
    def features(self) -> tuple[str, ...]:
        """The columns whose rates of the outcome are measured: categories first, then numbers."""
        return (*(name for name in self.categories if name != self.outcome), *self.numbers) if self.outcome else ()
