"""Rows of small pandas tables, one by one."""

from typing import Any

import pandas as pd


def records(rows: pd.DataFrame) -> list[Any]:
    """The rows as named tuples: `row.<column>`."""
    return list(rows.itertuples())


def highest(rows: pd.DataFrame, column: str) -> Any:  # noqa: ANN401 - a named tuple of any columns
    """The row with the largest value of a column, the first of equal ones; nulls never win."""
    return records(rows.sort_values(column, ascending=False, kind="stable"))[0]


def lowest(rows: pd.DataFrame, column: str) -> Any:  # noqa: ANN401 - a named tuple of any columns
    """The row with the smallest value of a column, the first of equal ones; nulls never win."""
    return records(rows.sort_values(column, kind="stable"))[0]


def first_of_each(rows: pd.DataFrame, column: str) -> list[Any]:
    """The first row for each value of a column, in order of the values."""
    return records(rows.drop_duplicates(column).sort_values(column))
