"""Count the outliers of a numeric column with two robust rules.

The rules use quartiles and the median, which a few huge balances don't move as they do mean and standard deviation.
"""

import math
from typing import Any

from jobs.explore.value_counts import Distribution

RULES = ("iqr", "mad")
FENCE = 1.5  # interquartile ranges beyond the quartiles: Tukey (1977), Exploratory Data Analysis
CUTOFF = 3.5  # Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers
CONSISTENCY = 1.4826  # times the MAD of normally distributed numbers is their standard deviation


def outliers(numbers: Distribution) -> list[dict[str, Any]]:
    """Bounds and counts by rule: the columns of outliers from rule on; no rows for a column without numbers."""
    if not numbers.total:
        return []
    low, median, high = (numbers.quantile(share) for share in (0.25, 0.5, 0.75))
    fence = FENCE * (high - low)
    # if more than half of the numbers are equal, their median deviation is 0 and the rule has no bounds
    reach = CUTOFF * CONSISTENCY * numbers.median_deviation(median) or math.nan
    bounds = (low - fence, high + fence), (median - reach, median + reach)
    return [_count_beyond(numbers, rule, *limits) for rule, limits in zip(RULES, bounds, strict=True)]


def _count_beyond(numbers: Distribution, rule: str, low: float, high: float) -> dict[str, Any]:
    below, above = int(numbers.rows[numbers.values < low].sum()), int(numbers.rows[numbers.values > high].sum())
    return {
        "rule": rule,
        "low_bound": low,
        "high_bound": high,
        "row_count": numbers.total,
        "below": below,
        "above": above,
        "outlier_count": below + above,
        "share": (below + above) / numbers.total,
    }
