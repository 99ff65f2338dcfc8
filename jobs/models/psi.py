"""Whether columns still look as they did: population stability index (PSI) against a profile kept from then.

PSI = Σ (now - then) · ln(now / then) over bins, Siddiqi (2006), Credit Risk Scorecards: under 0.1 nothing moved, over
0.25 the population is another one.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

BINS = 10
DISJOINT = 1.0  # from here on two populations hardly share values
_LEAST = 1e-4  # share that an empty bin counts as, so that the logarithm exists
Profile = Mapping[str, Any]


def profile(values: pd.Series, is_category: bool) -> dict[str, Any]:
    """Shares by category, or by tenths of the numbers; missing values are a bin of their own. Fits into JSON."""
    if is_category:
        return {"shares": values.fillna("").value_counts(normalize=True).to_dict()}
    known = values.astype(float).dropna()
    tenths = np.linspace(0, 1, BINS + 1)[1:-1] if len(known) else np.array([])
    inside = [float(edge) for edge in np.unique(known.quantile(tenths))]
    return {"edges": inside, "shares": _shares(values, inside)}


def psi(then: Profile, values: pd.Series) -> float:
    """How far the values are from the profile."""
    if "edges" in then:
        return _psi(np.array(then["shares"]), np.array(_shares(values, then["edges"])))
    now = values.fillna("").value_counts(normalize=True)
    names = sorted({*then["shares"], *now.index})
    return _psi(
        np.array([then["shares"].get(name, 0.0) for name in names]), now.reindex(names, fill_value=0).to_numpy()
    )


def profiles(rows: pd.DataFrame, names: Collection[str], categories: Collection[str]) -> dict[str, dict[str, Any]]:
    """The profile of each column."""
    return {name: profile(rows[name], name in categories) for name in names}


def moved(earlier: pd.DataFrame, later: pd.DataFrame, categories: Collection[str]) -> dict[str, float]:
    """The PSI of each column from the earlier rows to the later ones."""
    return {name: psi(profile(earlier[name], name in categories), later[name]) for name in earlier.columns}


def _shares(values: pd.Series, edges: list[float]) -> list[float]:
    numbers = values.astype(float).to_numpy()
    known = numbers[~np.isnan(numbers)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
    return [float(count) / max(len(numbers), 1) for count in [*counts, len(numbers) - len(known)]]


def _psi(then: np.ndarray, now: np.ndarray) -> float:
    then, now = np.maximum(then, _LEAST), np.maximum(now, _LEAST)
    return float(np.sum((now - then) * np.log(now / then)))
