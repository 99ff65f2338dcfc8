"""Correlations of numbers and associations of categories."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jobs.explore.arrow_values import Floats
from jobs.explore.moments import CoMoments, correlation

PAIR = ["column_a", "column_b"]


def correlations(numbers: CoMoments, spearman: Floats, names: Sequence[str]) -> pd.DataFrame:
    """Pearson and Spearman correlation of each pair of numbers: the columns of correlations without dataset."""
    first, second = np.triu_indices(len(names), 1)
    return pd.DataFrame(
        {
            "column_a": np.array(names)[first],
            "column_b": np.array(names)[second],
            "row_count": numbers.rows[first, second].astype(np.int64),
            "pearson": correlation(numbers)[first, second],
            "spearman": spearman[first, second],
        }
    )


def associations(cells: pd.DataFrame) -> pd.DataFrame:
    """Chi-squared and Cramér's V of each pair of categories: the columns of associations without dataset.

    V is bias-corrected as in Bergsma (2013), Journal of the Korean Statistical Society 42, 323-328.

    Args:
        cells: rows by pair of values, both known: column_a, column_b, value_a, value_b, cell.

    """
    totals = [cells.groupby([*PAIR, value])["cell"].transform("sum") for value in ("value_a", "value_b")]
    # chi² = n (Σ cell² / (row total · column total) - 1); empty cells add nothing
    part = cells["cell"].astype(float) ** 2 / (totals[0].astype(float) * totals[1])
    pairs = cells.assign(part=part).groupby(PAIR, as_index=False)
    found = pairs.agg(
        row_count=("cell", "sum"),
        categories_a=("value_a", "nunique"),
        categories_b=("value_b", "nunique"),
        chi_squared=("part", "sum"),
    )
    found["chi_squared"] = found["row_count"] * (found["chi_squared"] - 1).clip(lower=0)
    return found.assign(cramers_v=cramers_v(found))


def cramers_v(pairs: pd.DataFrame) -> Floats:
    """Bias-corrected Cramér's V from chi_squared, row_count n, categories_a r and categories_b k; NaN if r or k is 1.

    φ² = max(0, chi²/n - (r-1)(k-1)/(n-1)), r' = r - (r-1)²/(n-1), k' likewise, V = √(φ² / min(r'-1, k'-1)).
    """
    n, r, k = (pairs[name].to_numpy(float) for name in ("row_count", "categories_a", "categories_b"))
    others = np.where(n > 1, n - 1, np.nan)
    phi = np.maximum(0.0, pairs["chi_squared"].to_numpy() / n - (r - 1) * (k - 1) / others)
    fewer = np.minimum(r - (r - 1) ** 2 / others, k - (k - 1) ** 2 / others) - 1
    fewer = np.where((r > 1) & (k > 1) & (fewer > 0), fewer, np.nan)
    return np.asarray(np.minimum(1.0, np.sqrt(phi / fewer)))
