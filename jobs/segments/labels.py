"""Letters for segments that stay: a segment of this run gets the letter of the nearest one of the run before.

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
        before: segment, feature and typical (original units) of the run before; may be empty.

    """
    known = before.pivot(index="segment", columns="feature", values="typical").sort_index()
    shared = [place for place, name in enumerate(space.names) if name in known and known[name].notna().all()]
    kept: dict[int, str] = {}
    if shared:
        old = np.column_stack([space.scales[place].applied(known[space.names[place]].to_numpy()) for place in shared])
        mine, theirs = linear_sum_assignment(cdist(centres[:, shared], old, "sqeuclidean"))
        kept = {int(one): str(known.index[other]) for one, other in zip(mine, theirs, strict=True)}
    fresh = unused(known.index)
    return [kept.get(place) or next(fresh) for place in range(len(centres))]


def unused(taken: Iterable[str]) -> Iterator[str]:
    """A, B, … Z, A2, B2, … without those that are taken."""
    busy = set(taken)
    for turn in count(1):
        names = [letter if turn == 1 else f"{letter}{turn}" for letter in ascii_uppercase]
        yield from (name for name in names if name not in busy)
