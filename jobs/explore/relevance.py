"""Rank the features by how much they reveal about the outcome.

Mutual information needs only the counts by category and band.
"""

import numpy as np
import pandas as pd

from jobs.explore.arrow_values import Floats


def feature_relevance(counts: pd.DataFrame) -> pd.DataFrame:
    """Mutual information of each feature with its label, in bits.

    I = H(label) - Σ n_bin/n · H(label | bin), Cover and Thomas (2006), Elements of Information Theory, 2.4.

    Args:
        counts: feature, known_afterwards, and row_count and positives of each bin.

    Returns:
        The columns of feature_relevance without dataset and label.

    """
    bins = counts.assign(within=counts["row_count"] * entropy(counts["positives"], counts["row_count"]))
    found = bins.groupby(["feature", "known_afterwards"], as_index=False).agg(
        bins=("row_count", "size"), n=("row_count", "sum"), yes=("positives", "sum"), within=("within", "sum")
    )
    uncertainty = entropy(found["yes"], found["n"])
    information = np.maximum(0.0, uncertainty - found["within"] / found["n"])
    removed = information / np.where(uncertainty > 0, uncertainty, np.nan)
    ranked = found.assign(mutual_information=information, uncertainty_removed=removed).sort_values(
        ["mutual_information", "feature"], ascending=[False, True]
    )
    return ranked.assign(rank=range(1, len(ranked) + 1)).drop(columns=["n", "yes", "within"])


def entropy(positives: "pd.Series[int]", total: "pd.Series[int]") -> Floats:
    """Entropy in bits of a binary outcome with these counts; 0 if the outcome never varies."""
    share = positives.to_numpy(float) / total.to_numpy(float)
    return -(_term(share) + _term(1 - share))


def _term(share: Floats) -> Floats:
    return np.where(share > 0, share * np.log2(np.where(share > 0, share, 1)), 0.0)
