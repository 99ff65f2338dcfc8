"""Population stability index (PSI): how far a column's values have moved from the profile of earlier rows.

PSI = Σ (now - then) · ln(now / then) over bins (Siddiqi 2006, Credit Risk Scorecards). Below 0.1 the population is
stable, above 0.25 it has changed.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

BINS = 10
DISJOINT = 1.0
"""PSI above which two populations share hardly any values."""

_MIN_SHARE = 1e-4  # stands for an empty bin, so that the logarithm exists
Profile = Mapping[str, Any]


def profile(values: pd.Series, is_category: bool) -> dict[str, Any]:
    """Profile a column.

    Returns:
        `shares`: the share of each category, or of each bin of the numbers, with missing values as the last bin.
        `edges`: the edges between the bins of a number (deciles). JSON can hold both.

    """
    if is_category:
        return {"shares": values.fillna("").value_counts(normalize=True).to_dict()}
    known = values.astype(float).dropna()
    tenths = np.linspace(0, 1, BINS + 1)[1:-1] if len(known) else np.array([])
    edges = [float(edge) for edge in np.unique(known.quantile(tenths))]
    return {"edges": edges, "shares": _bin_shares(values, edges)}


def psi(then: Profile, values: pd.Series) -> float:
    """Compute the PSI of the values against a profile."""
    if "edges" in then:
        return _index(np.array(then["shares"]), np.array(_bin_shares(values, then["edges"])))
    now = values.fillna("").value_counts(normalize=True)
    names = sorted({*then["shares"], *now.index})
    shares_then = np.array([then["shares"].get(name, 0.0) for name in names])
    return _index(shares_then, now.reindex(names, fill_value=0).to_numpy())


def profiles(rows: pd.DataFrame, names: Collection[str], categories: Collection[str]) -> dict[str, dict[str, Any]]:
    """Profile several columns; those in `categories` hold names or codes."""
    return {name: profile(rows[name], name in categories) for name in names}


def psi_by_column(earlier: pd.DataFrame, later: pd.DataFrame, categories: Collection[str]) -> dict[str, float]:
    """Compute the PSI of each column from the earlier rows to the later ones."""
    return {name: psi(profile(earlier[name], name in categories), later[name]) for name in earlier.columns}


def _bin_shares(values: pd.Series, edges: list[float]) -> list[float]:
    numbers = values.astype(float).to_numpy()
    known = numbers[~np.isnan(numbers)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    return [float(count) / max(len(numbers), 1) for count in [*counts, len(numbers) - len(known)]]


def _index(then: np.ndarray, now: np.ndarray) -> float:
    then, now = np.maximum(then, _MIN_SHARE), np.maximum(now, _MIN_SHARE)
    return float(np.sum((now - then) * np.log(now / then)))
