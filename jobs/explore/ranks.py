"""Spearman's correlation: the Pearson correlation of ranks, which need all rows of the sample in one place."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jobs.explore.arrow_values import Floats
from jobs.explore.moments import co_moments, correlation


def rank_correlation(parts: Sequence[Floats]) -> Floats:
    """Spearman correlation of each pair of columns over the rows with both; NaN where one doesn't vary.

    Ties get the mean of their ranks. Nulls have no rank.

    Args:
        parts: the numbers of the sampled rows of each part of a table, one column each.

    """
    ranks = pd.DataFrame(np.concatenate(parts)).rank().to_numpy()
    return correlation(co_moments(ranks))
