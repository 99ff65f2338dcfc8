"""Customers without groups, drawn from the real ones: what a clustering must beat to count as segments.

- *permuted*: each feature is shuffled on its own. Every distribution stays as it is; nothing connects the features.
- *normal*: a multivariate normal distribution with the correlations of the data, on the scale on which each feature
  is closest to normal (Yeo and Johnson 2000), so a lognormal feature stays lognormal. The features are connected,
  but have one peak.
"""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from sklearn.preprocessing import PowerTransformer

from jobs.segments.feature_spaces import NEGLIGIBLE

PERMUTED, NORMAL = "permuted", "normal"
Draw = Callable[[np.random.Generator], pd.DataFrame]


def null_draws(customers: pd.DataFrame, usable: Sequence[str]) -> dict[str, Draw]:
    """Return a function for each kind of null data that draws as many customers as there are.

    A single feature has no permuted data: shuffling it changes nothing.

    Args:
        customers: complete customers.
        usable: the features that are drawn; other columns stay as they are.

    """
    draws = {NORMAL: _normal(customers, list(usable))}
    return draws if len(usable) == 1 else {PERMUTED: _permuted(customers, list(usable)), **draws}


def _permuted(customers: pd.DataFrame, usable: list[str]) -> Draw:
    def draw(rng: np.random.Generator) -> pd.DataFrame:
        return customers.assign(**{name: rng.permutation(customers[name].to_numpy()) for name in usable})

    return draw


def _normal(customers: pd.DataFrame, usable: list[str]) -> Draw:
    usable = [name for name in usable if customers[name].std() > NEGLIGIBLE]  # the others stay constant
    values = customers[usable].to_numpy(dtype=float)
    spread = values.std(axis=0)
    scaled = values / spread  # the search for the best power fails on very large numbers
    transformer = PowerTransformer()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        correlations = np.atleast_2d(np.corrcoef(transformer.fit_transform(scaled), rowvar=False))
    low, high = scaled.min(axis=0), scaled.max(axis=0)

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        normal = rng.multivariate_normal(np.zeros(len(usable)), correlations, len(customers), method="eigh")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a value beyond the range of the inverse is NaN
            drawn = transformer.inverse_transform(normal)
        beyond = np.where(normal > 0, high, low)
        drawn = np.clip(np.where(np.isfinite(drawn), drawn, beyond), low, high) * spread
        return customers.assign(**dict(zip(usable, drawn.T, strict=True)))

    return draw
