"""Stable letters for segments.

A segment inherits the letter of the nearest segment of the last run that found segments, unless its typical customer
moved by more than MAX_DISTANCE: then it is a new segment. A letter that is no longer in use is never given to another
segment.

"Nearest" minimises the sum of squared distances over all pairs: the assignment problem (Kuhn 1955), solved by SciPy.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from string import ascii_uppercase

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from jobs.segments.feature_spaces import Space

MAX_DISTANCE = 0.5
"""Root mean square over the features, in standard deviations of each feature among all customers."""
FORBIDDEN = 1e9  # cost of a pair that is too far apart


def assign_letters(space: Space, typical: pd.DataFrame, previous: pd.DataFrame) -> list[str]:
    """Return a letter for each segment.

    Args:
        space: the space of the model.
        typical: medians of each segment in original units, one row per segment, largest segment first.
        previous: the rows of segment_letters; may be empty.

    """
    inherited = _inherited_letters(space, typical, previous)
    fresh = unused_letters(previous["segment"])
    return [inherited.get(index) or next(fresh) for index in range(len(typical))]


def unused_letters(taken: Iterable[str]) -> Iterator[str]:
    """Yield A, B, … Z, A2, B2, … without the letters that are taken."""
    excluded = set(taken)
    for turn in count(1):
        names = [letter if turn == 1 else f"{letter}{turn}" for letter in ascii_uppercase]
        yield from (name for name in names if name not in excluded)


def updated_letters(model: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of segment_letters after a run: the letters of its model, then older ones that it doesn't use.

    Args:
        model: the rows of segment_model.
        previous: the rows of segment_letters before the run.

    """
    current = model[["segment", "feature", "typical"]].assign(in_use=True)
    retired = previous[~previous["segment"].isin(current["segment"])].assign(in_use=False)
    return pd.concat([current, retired], ignore_index=True)


def _inherited_letters(space: Space, typical: pd.DataFrame, previous: pd.DataFrame) -> dict[int, str]:
    """Match segments with the previous ones; returns letters by position of the segment.

    Only features that both runs use are compared. Without one, no letter is inherited.
    """
    in_use = previous[previous["in_use"].astype(bool)]
    medians = in_use.pivot(index="segment", columns="feature", values="typical").sort_index()
    scales = [scale for scale in space.scales if scale.feature in medians and medians[scale.feature].notna().all()]
    if not scales:
        return {}
    new_points, old_points = (
        np.column_stack([scale.transform(rows[scale.feature].to_numpy(dtype=float)) for scale in scales])
        for rows in (typical, medians)
    )
    squares = cdist(new_points, old_points, "sqeuclidean") / len(scales)
    is_near = squares <= MAX_DISTANCE**2
    pairs = linear_sum_assignment(np.where(is_near, squares, FORBIDDEN))
    return {int(one): str(medians.index[other]) for one, other in zip(*pairs, strict=True) if is_near[one, other]}
