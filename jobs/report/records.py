"""Access to single rows of small pandas tables."""

from typing import Any

import pandas as pd


def records(rows: pd.DataFrame) -> list[Any]:
    """Return the rows as named tuples, so that a value is `row.<column>`."""
    return list(rows.itertuples())


def highest(rows: pd.DataFrame, column: str) -> Any:  # noqa: ANN401 - a named tuple of any columns
    """Return the row with the largest value of a column; the first one on a tie. Nulls sort last."""
    return records(rows.sort_values(column, ascending=False, kind="stable"))[0]


def lowest(rows: pd.DataFrame, column: str) -> Any:  # noqa: ANN401 - a named tuple of any columns
    """Return the row with the smallest value of a column; the first one on a tie. Nulls sort last."""
    return records(rows.sort_values(column, kind="stable"))[0]


def first_of_each(rows: pd.DataFrame, column: str) -> list[Any]:
    """Return the first row of each value of a column, ordered by that value."""
    return records(rows.drop_duplicates(column).sort_values(column))
