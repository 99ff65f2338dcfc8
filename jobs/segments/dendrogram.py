"""The top of Ward's hierarchy as lines to draw."""

import pandas as pd
from scipy.cluster.hierarchy import dendrogram as drawn
from scipy.cluster.hierarchy import linkage

from jobs.segments.algorithms import WARD_ROWS
from jobs.segments.spaces import Floats

LEAVES = 24
COLUMNS = ("branch", "point", "x", "y")


def dendrogram(rows: Floats) -> pd.DataFrame:
    """The last LEAVES - 1 merges of the first WARD_ROWS rows, each a line of four points; y is Ward's distance."""
    tree = linkage(rows[:WARD_ROWS], method="ward")
    lines = drawn(tree, p=LEAVES, truncate_mode="lastp", no_plot=True)
    points = [
        (merge, point, (x - 5.0) / 10.0, y)
        for merge, (xs, ys) in enumerate(zip(lines["icoord"], lines["dcoord"], strict=True), 1)
        for point, (x, y) in enumerate(zip(xs, ys, strict=True), 1)
    ]
    return pd.DataFrame(points, columns=list(COLUMNS))
