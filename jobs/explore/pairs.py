"""Summaries of pairs of columns that add up over parts of a table: numbers, categories, and numbers by category."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa

from jobs.explore.arrow_values import Floats, numbers, texts
from jobs.explore.moments import CoMoments, add_co_moments, add_group_moments, co_moments, group_moments

CELL = ["column_a", "column_b", "value_a", "value_b"]


@dataclass(frozen=True)
class Pairs:
    """The pairs of a table's columns.

    Attributes:
        numbers: co-moments of the numbers.
        groups: moments of every number by every category, see `group_moments`.
        cells: rows by pair of categories, both known: column_a, column_b, value_a, value_b, cell.

    """

    numbers: CoMoments
    groups: pd.DataFrame
    cells: pd.DataFrame


def summarise_pairs(chunk: pa.Table, categories: Sequence[str], measures: Sequence[str]) -> Pairs:
    """Summarise the pairs of a part of a table."""
    matrix = number_matrix(chunk, measures)
    frame = pd.DataFrame(matrix, columns=list(measures))
    coded = {name: coded_category(chunk[name]) for name in categories}
    groups = [group_moments(name, coded[name], frame) for name in categories]
    cells = [count_cells(a, b, coded[a], coded[b]) for a, b in combinations(categories, 2)]
    return Pairs(co_moments(matrix), pd.concat(groups, ignore_index=True), pd.concat(cells, ignore_index=True))


def add_pairs(parts: Sequence[Pairs]) -> Pairs:
    """The pairs of all parts together."""
    cells = pd.concat([part.cells for part in parts]).groupby(CELL)["cell"].sum().reset_index()
    groups = add_group_moments([part.groups for part in parts])
    return Pairs(add_co_moments([part.numbers for part in parts]), groups, cells)


def number_matrix(chunk: pa.Table, measures: Sequence[str]) -> Floats:
    """The numbers as a matrix with one column each, NaN for null."""
    return np.column_stack([numbers(chunk[name].combine_chunks()) for name in measures])


def coded_category(values: pa.ChunkedArray) -> "pd.Categorical[str]":
    """A category as text; null has no code."""
    encoded = values.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy()
    categories = pd.Index([str(text) for text in texts(encoded.dictionary)], dtype=object)
    coded: pd.Categorical[str] = pd.Categorical.from_codes(codes, categories=categories)
    return coded


def count_cells(column_a: str, column_b: str, a: "pd.Categorical[str]", b: "pd.Categorical[str]") -> pd.DataFrame:
    """Count the rows by the values of two categories, without nulls: the columns of CELL, and cell."""
    known = (a.codes >= 0) & (b.codes >= 0)
    cell = a.codes[known].astype(np.int64) * len(b.categories) + b.codes[known]
    counts = np.bincount(cell, minlength=len(a.categories) * len(b.categories))
    (found,) = np.nonzero(counts)
    values_a, values_b = a.categories[found // len(b.categories)], b.categories[found % len(b.categories)]
    return pd.DataFrame(
        {"column_a": column_a, "column_b": column_b, "value_a": values_a, "value_b": values_b, "cell": counts[found]}
    )
