"""Feature spaces: which features a clustering uses, and how they are transformed before distances are computed.

The formulas exist twice: in numpy for the search on a sample, and as Spark columns for all customers. A test compares
the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

Floats = NDArray[np.float64]
MONEY = ("balance", "amount_mean")
RHYTHM = ("gap_mean", "gap_max", "regularity", "trend", "amount_variation", "city_changes")
TIMES = (
    "share_night",
    "share_morning",
    "share_afternoon",
    "share_evening",
    "share_saturday",
    "share_sunday",
)
BEHAVIOUR = (*RHYTHM, *TIMES)
"""Features that describe how a customer pays. They are known for customers with MIN_HISTORY transactions."""
MIN_HISTORY = 6
FEATURES = (*MONEY, "age", *BEHAVIOUR)
TREATMENTS = ("winsorised", "log", "quantile")
FEATURE_SETS = {
    "money": (MONEY, TREATMENTS),
    "money and age": ((*MONEY, "age"), TREATMENTS),
    "rhythm": (RHYTHM, ("log",)),
    "times": (TIMES, ("log",)),
    "behaviour": (BEHAVIOUR, ("log",)),
}
"""Features and treatments of each set. Shares are so small that their logarithm is nearly linear."""
TAIL = 0.02  # share cut off at each end; as large as the smallest allowed segment, so that no tail becomes a segment
KNOT_LEVELS = tuple(percent / 100 for percent in range(1, 100))
NEGLIGIBLE = 1e-12  # a feature whose spread is not larger than this is constant


@dataclass(frozen=True)
class Scale:
    """The transformation of one feature: clip it to [low, high], apply the treatment, then standardise.

    Attributes:
        feature: a column of customers.
        treatment: winsorised (clip only), log (clip, then signed log1p), quantile (share of knots not above the value)
            or raw.
        low: smaller values are clipped to it, in the feature's unit.
        high: larger values are clipped to it, in the feature's unit.
        knots: the 1st to 99th percentiles; only for quantile.
        mean: subtracted after the treatment.
        deviation: divides the result after that.

    """

    feature: str
    treatment: str
    low: float
    high: float
    knots: tuple[float, ...] = ()
    mean: float = 0.0
    deviation: float = 1.0

    def treat(self, values: Floats) -> Floats:
        """Return the values after the treatment, before standardisation."""
        if self.treatment == "quantile":
            return np.asarray(np.searchsorted(self.knots, values, side="right") / len(self.knots))
        clipped = np.clip(values, self.low, self.high)
        return np.asarray(np.sign(clipped) * np.log1p(np.abs(clipped)) if self.treatment == "log" else clipped)

    def transform(self, values: Floats) -> Floats:
        """Return the values in the feature space: treated and standardised."""
        return np.asarray((self.treat(values) - self.mean) / self.deviation)

    def transform_column(self) -> Column:
        """Return `transform` as an expression on the Spark column with the feature's name; null stays null."""
        value = F.col(self.feature).cast("double")
        treated = F.greatest(F.lit(self.low), F.least(F.lit(self.high), value))
        if self.treatment == "log":
            treated = F.signum(treated) * F.log1p(F.abs(treated))
        if self.treatment == "quantile":
            passed = F.filter(F.array(*map(F.lit, self.knots)), lambda knot: knot <= value)
            treated = F.size(passed) / len(self.knots)
        return F.when(F.isnotnull(self.feature), (treated - self.mean) / self.deviation)


@dataclass(frozen=True)
class Space:
    """A named set of features that share one treatment."""

    features: str
    treatment: str
    scales: tuple[Scale, ...]

    @property
    def name(self) -> str:
        """The name shown to people, such as `money and age, log`."""
        return f"{self.features}, {self.treatment}"

    @property
    def feature_names(self) -> list[str]:
        """The names of the features, one per dimension."""
        return [scale.feature for scale in self.scales]

    def transform(self, rows: pd.DataFrame) -> Floats:
        """Return the rows in this space, one column per feature."""
        return np.column_stack([scale.transform(rows[scale.feature].to_numpy(dtype=float)) for scale in self.scales])


def fit_scale(feature: str, treatment: str, values: Floats) -> Scale:
    """Learn the limits, knots, mean and deviation of a feature from values without nulls."""
    low, high = (float(limit) for limit in np.quantile(values, [TAIL, 1 - TAIL]))
    knots = tuple(float(knot) for knot in np.quantile(values, KNOT_LEVELS)) if treatment == "quantile" else ()
    treated = Scale(feature, treatment, low, high, knots).treat(values)
    deviation = float(treated.std())
    if deviation <= NEGLIGIBLE:
        deviation = 1.0
    return Scale(feature, treatment, low, high, knots, float(treated.mean()), deviation)


def fit_space(title: str, features: Sequence[str], treatment: str, rows: pd.DataFrame) -> Space:
    """Learn a space from complete rows (no nulls in the features)."""
    scales = [fit_scale(feature, treatment, rows[feature].to_numpy(dtype=float)) for feature in features]
    return Space(title, treatment, tuple(scales))


def all_spaces(rows: pd.DataFrame, usable: Sequence[str]) -> list[Space]:
    """Learn every feature set with each of its treatments.

    Unusable features are left out. Feature sets that become empty or equal to an earlier set are left out as well.

    Args:
        rows: complete customers with columns FEATURES.
        usable: the features that can be used.

    """
    spaces: dict[tuple[tuple[str, ...], str], str] = {}
    for title, (features, treatments) in FEATURE_SETS.items():
        for treatment in treatments:
            spaces.setdefault((tuple(feature for feature in features if feature in usable), treatment), title)
    return [fit_space(title, features, treatment, rows) for (features, treatment), title in spaces.items() if features]


def with_history_only(customers: DataFrame) -> DataFrame:
    """Replace BEHAVIOUR of customers with fewer than MIN_HISTORY transactions by null.

    Args:
        customers: columns of the table customers, whose shares are known after one transaction, but say nothing yet.

    """
    found = [name for name in customers.columns if name in BEHAVIOUR]
    has_history = F.col("transactions") >= MIN_HISTORY
    return customers.withColumns({name: F.when(has_history, F.col(name)) for name in found}) if found else customers


def common_space(rows: pd.DataFrame, usable: Sequence[str]) -> Space:
    """Learn the space in which all clusterings are compared: all usable features, log1p, standardised."""
    return fit_space("common", [feature for feature in FEATURES if feature in usable], "log", rows)
