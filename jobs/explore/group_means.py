"""Describe every number by every category, for example the mean call duration by outcome of the last campaign."""

import numpy as np
import pandas as pd


def group_means(groups: pd.DataFrame) -> pd.DataFrame:
    """The columns of group_means without dataset, from the rows of `group_moments`."""
    others = (groups["row_count"] - 1).where(groups["row_count"] > 1, np.nan)
    return groups.assign(stddev=np.sqrt(groups["square"] / others)).drop(columns="square")
