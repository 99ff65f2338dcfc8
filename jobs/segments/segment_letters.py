"""Stable letters for segments.

A segment inherits the letter of the nearest segment of the last run that found segments. A letter that is no longer in
use is never given to another segment.

"Nearest" minimises the sum of squared distances over all pairs: the assignment problem (Kuhn 1955), solved by SciPy.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from string import ascii_uppercase

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from jobs.segments.feature_spaces import Floats, Space


def assign_letters(space: Space, centres: Floats, previous: pd.DataFrame) -> list[str]:
    """Return a letter for each centre.

    Args:
        space: the space of the centres.
        centres: one row per segment, largest segment first.
        previous: the rows of segment_letters; may be empty.

    """
    inherited = _inherited_letters(space, centres, previous)
    fresh = unused_letters(previous["segment"])
    return [inherited.get(index) or next(fresh) for index in range(len(centres))]


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


def _inherited_letters(space: Space, centres: Floats, previous: pd.DataFrame) -> dict[int, str]:
    """Match centres with the previous segments; returns letters by index of the centre.

    Only features that both runs use are compared. Without one, no letter is inherited.
    """
    in_use = previous[previous["in_use"].astype(bool)]
    medians = in_use.pivot(index="segment", columns="feature", values="typical").sort_index()
    shared = [
        index for index, name in enumerate(space.feature_names) if name in medians and medians[name].notna().all()
    ]
    if not shared:
        return {}
    old_centres = np.column_stack(
        [space.scales[index].transform(medians[space.feature_names[index]].to_numpy()) for index in shared]
    )
    new, old = linear_sum_assignment(cdist(centres[:, shared], old_centres, "sqeuclidean"))
    return {int(one): str(medians.index[other]) for one, other in zip(new, old, strict=True)}
