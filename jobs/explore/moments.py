"""Counts, means and co-moments of numbers that add up over parts of a table (Chan, Golub and LeVeque 1979)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from jobs.explore.arrow_values import Floats

GROUP = ["group_by", "value", "measure"]


@dataclass(frozen=True)
class CoMoments:
    """Moments of each pair of columns over the rows that have both: four square matrices.

    Attributes:
        rows: number of these rows.
        mean: mean of the row's column.
        square: sum of squared deviations of the row's column.
        product: sum of the products of both columns' deviations.

    """

    rows: Floats
    mean: Floats
    square: Floats
    product: Floats


def co_moments(numbers: Floats) -> CoMoments:
    """The co-moments of the columns of a matrix, NaN where a number is missing."""
    known = ~np.isnan(numbers)
    counts = np.maximum(known.sum(axis=0), 1)
    shift = np.where(known, numbers, 0).sum(axis=0) / counts  # numbers near 0 lose no digits below
    centred, known = np.where(known, numbers - shift, 0), known.astype(float)
    rows = known.T @ known
    sums, some = centred.T @ known, np.maximum(rows, 1)
    square = (centred**2).T @ known - sums**2 / some
    product = centred.T @ centred - sums * sums.T / some
    return CoMoments(rows, sums / some + shift[:, None], np.maximum(square, 0), product)


def add_co_moments(parts: Iterable[CoMoments]) -> CoMoments:
    """The co-moments of all parts together."""
    rows, mean, square, product = (np.stack(every) for every in zip(*map(_fields, parts), strict=True))
    total = rows.sum(axis=0)
    common = (rows * mean).sum(axis=0) / np.maximum(total, 1)
    away = mean - common
    return CoMoments(
        total,
        common,
        (square + rows * away**2).sum(axis=0),
        (product + rows * away * away.transpose(0, 2, 1)).sum(axis=0),
    )


def correlation(moments: CoMoments) -> Floats:
    """Pearson correlation of each pair, a square matrix; NaN where a column doesn't vary."""
    spread = np.sqrt(moments.square * moments.square.T)
    return np.divide(moments.product, spread, out=np.full_like(spread, np.nan), where=spread > 0)


def group_moments(name: str, groups: "pd.Categorical[str]", numbers: pd.DataFrame) -> pd.DataFrame:
    """Moments of every number by group.

    Returns:
        group_by (the name), value (the group, null is one too), measure, row_count, mean, square (sum of
        squared deviations), minimum, maximum; NaN without numbers.

    """
    by: pd.Series[Any] = pd.Series(groups)
    found: pd.DataFrame = numbers.groupby(by, dropna=False, observed=True).agg(["count", "mean", "var", "min", "max"])
    columns = ["row_count", "mean", "square", "minimum", "maximum"]
    long = [found[measure].set_axis(columns, axis=1).assign(measure=measure) for measure in numbers]
    moments: pd.DataFrame = pd.concat(long).rename_axis("value").reset_index()
    moments["square"] = (moments["square"] * (moments["row_count"] - 1)).fillna(0.0)
    named: pd.DataFrame = moments.assign(group_by=name)
    return named


def add_group_moments(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The moments of all parts together: the columns of `group_moments`, in the order of their first appearance."""
    every = pd.concat(parts, ignore_index=True)
    every["total"] = (every["row_count"] * every["mean"]).fillna(0.0)
    grouped = every.groupby(GROUP, dropna=False, sort=False)
    common = grouped["total"].transform("sum") / grouped["row_count"].transform("sum").replace(0, np.nan)
    every["square"] += (every["row_count"] * (every["mean"] - common) ** 2).fillna(0.0)
    regrouped = every.groupby(GROUP, dropna=False, sort=False)
    added = regrouped.agg(
        row_count=("row_count", "sum"),
        total=("total", "sum"),
        square=("square", "sum"),
        minimum=("minimum", "min"),
        maximum=("maximum", "max"),
    ).reset_index()
    added["mean"] = added.pop("total") / added["row_count"].replace(0, np.nan)
    return added


def _fields(moments: CoMoments) -> tuple[Floats, Floats, Floats, Floats]:
    return moments.rows, moments.mean, moments.square, moments.product
