"""The top of Ward's hierarchy as lines for a dendrogram chart."""

import pandas as pd
from scipy.cluster.hierarchy import dendrogram as scipy_dendrogram
from scipy.cluster.hierarchy import linkage

from jobs.core import tables
from jobs.segments.algorithms import WARD_ROWS
from jobs.segments.feature_spaces import Floats

LEAVES = 24


def dendrogram_rows(points: Floats) -> pd.DataFrame:
    """Return the rows of segment_dendrogram: the last LEAVES - 1 merges of the first WARD_ROWS points.

    Each merge is a line of four points; y is Ward's distance.
    """
    tree = linkage(points[:WARD_ROWS], method="ward")
    lines = scipy_dendrogram(tree, p=LEAVES, truncate_mode="lastp", no_plot=True)
    rows = [
        {"branch": branch, "point": point, "x": (x - 5.0) / 10.0, "y": y}  # SciPy puts the leaves at 5, 15, 25, ...
        for branch, (xs, ys) in enumerate(zip(lines["icoord"], lines["dcoord"], strict=True), 1)
        for point, (x, y) in enumerate(zip(xs, ys, strict=True), 1)
    ]
    return pd.DataFrame(rows, columns=tables.columns("segment_dendrogram"))
