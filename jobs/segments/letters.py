"""Letters for segments that stay: a segment gets the letter of the nearest one of the last run that found segments.

A letter that is out of use is not given again.

Nearest in the sum of squared distances over all pairs: the assignment problem (Kuhn 1955), by SciPy.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from string import ascii_uppercase

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from jobs.segments.spaces import Floats, Space


def letters(space: Space, centres: Floats, before: pd.DataFrame) -> list[str]:
    """A letter for each centre.

    Args:
        space: of the centres.
        centres: a row each, those with the most customers first.
        before: rows of segment_letters; may be empty.

    """
    known = (
        before[before["in_use"].astype(bool)].pivot(index="segment", columns="feature", values="typical").sort_index()
    )
    shared = [place for place, name in enumerate(space.names) if name in known and known[name].notna().all()]
    kept: dict[int, str] = {}
    if shared:
        old = np.column_stack([space.scales[place].applied(known[space.names[place]].to_numpy()) for place in shared])
        mine, theirs = linear_sum_assignment(cdist(centres[:, shared], old, "sqeuclidean"))
        kept = {int(one): str(known.index[other]) for one, other in zip(mine, theirs, strict=True)}
    fresh = unused(before["segment"])
    return [kept.get(place) or next(fresh) for place in range(len(centres))]


def unused(taken: Iterable[str]) -> Iterator[str]:
    """A, B, … Z, A2, B2, … without those that are taken."""
    busy = set(taken)
    for turn in count(1):
        names = [letter if turn == 1 else f"{letter}{turn}" for letter in ascii_uppercase]
        yield from (name for name in names if name not in busy)


def remembered(model: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The rows of segment_letters after a run: those of its model, and older letters that it does not use."""
    now = model[["segment", "feature", "typical"]].assign(in_use=True)
    return pd.concat([now, before[~before["segment"].isin(now["segment"])].assign(in_use=False)], ignore_index=True)
