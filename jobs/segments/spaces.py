"""Feature spaces: which features, and how each is bent and scaled before distances are taken.

The same few formulas stand here twice, for numpy (the search) and as Spark columns (all customers); a test holds them
against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import Column
from pyspark.sql import functions as F

Floats = NDArray[np.float64]
FEATURES = ("balance", "amount_mean", "age")
SETS = {"money": FEATURES[:2], "money and age": FEATURES}
TREATMENTS = ("winsorised", "log", "quantile")
TAIL = 0.02  # share cut off at each end: as large as the smallest segment may be, so that no thinner tail makes one
KNOTS = tuple(place / 100 for place in range(1, 100))
CONSTANT = 1e-12


@dataclass(frozen=True)
class Scale:
    """How one feature is bent: cut at `low` and `high`, then as its treatment says, then to mean 0 and spread 1."""

    feature: str
    treatment: str
    low: float
    high: float
    knots: tuple[float, ...] = ()
    mean: float = 0.0
    deviation: float = 1.0

    def bent(self, values: Floats) -> Floats:
        """The values as the treatment bends them, not yet scaled."""
        if self.treatment == "quantile":
            return np.asarray(np.searchsorted(self.knots, values, side="right") / len(self.knots))
        cut = np.clip(values, self.low, self.high)
        return np.asarray(np.sign(cut) * np.log1p(np.abs(cut)) if self.treatment == "log" else cut)

    def applied(self, values: Floats) -> Floats:
        """The values in this space."""
        return np.asarray((self.bent(values) - self.mean) / self.deviation)

    def column(self) -> Column:
        """The same of the column that has the feature's name; null where that is null."""
        value = F.col(self.feature).cast("double")
        cut = F.greatest(F.lit(self.low), F.least(F.lit(self.high), value))
        if self.treatment == "log":
            cut = F.signum(cut) * F.log1p(F.abs(cut))
        if self.treatment == "quantile":
            passed = F.filter(F.array(*map(F.lit, self.knots)), lambda knot: knot <= value)
            cut = F.size(passed) / len(self.knots)
        return F.when(F.isnotnull(self.feature), (cut - self.mean) / self.deviation)


@dataclass(frozen=True)
class Space:
    """A named set of features with one treatment."""

    features: str
    treatment: str
    scales: tuple[Scale, ...]

    @property
    def name(self) -> str:
        """For people: `money and age, log`."""
        return f"{self.features}, {self.treatment}"

    @property
    def names(self) -> list[str]:
        """Names of its features."""
        return [scale.feature for scale in self.scales]

    def applied(self, rows: pd.DataFrame) -> Floats:
        """The rows in this space, a column a feature."""
        return np.column_stack([scale.applied(rows[scale.feature].to_numpy(dtype=float)) for scale in self.scales])


def fit_scale(feature: str, treatment: str, values: Floats) -> Scale:
    """Learn a feature's cuts, knots, mean and spread from values of which none is missing."""
    low, high = (float(cut) for cut in np.quantile(values, [TAIL, 1 - TAIL]))
    knots = tuple(float(knot) for knot in np.quantile(values, KNOTS)) if treatment == "quantile" else ()
    bent = Scale(feature, treatment, low, high, knots).bent(values)
    deviation = float(bent.std())
    return Scale(feature, treatment, low, high, knots, float(bent.mean()), deviation if deviation > CONSTANT else 1.0)


def fit_space(features: str, names: Sequence[str], treatment: str, rows: pd.DataFrame) -> Space:
    """Learn a space from complete rows."""
    scales = [fit_scale(name, treatment, rows[name].to_numpy(dtype=float)) for name in names]
    return Space(features, treatment, tuple(scales))


def all_spaces(rows: pd.DataFrame, usable: Sequence[str]) -> list[Space]:
    """Every set of features in every treatment; features that are not usable are left out, sets without any too."""
    sets: dict[tuple[str, ...], str] = {}
    for title, names in SETS.items():
        sets.setdefault(tuple(name for name in names if name in usable), title)
    return [
        fit_space(title, names, treatment, rows) for names, title in sets.items() if names for treatment in TREATMENTS
    ]


def common_space(rows: pd.DataFrame, usable: Sequence[str]) -> Space:
    """The one space in which all clusterings are compared: log1p of all usable features, standardised."""
    return fit_space("common", [name for name in FEATURES if name in usable], "log", rows)
