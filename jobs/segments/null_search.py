"""The same search on data without groups, as parallel Spark tasks, and the bar that it sets for each clustering.

The null search uses k-means, in every feature space and for every number of clusters. Of the algorithms compared it is
the fastest, and finds the highest silhouettes in data without groups.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from jobs.segments import clustering_quality as quality
from jobs.segments.algorithms import k_means
from jobs.segments.clustering_search import KS, Clustering, partitions, single_threaded
from jobs.segments.feature_spaces import all_spaces
from jobs.segments.null_data import NORMAL, PERMUTED, null_draws

DRAWS = 20  # of each kind of null data
LEVEL = 0.95
PERFECT = 1 - 1e-9
MARGIN = 0.15
"""How far a silhouette must exceed the bar. Null data have one peak, but not every curve and floor of real data without
groups, so these exceed the bar by up to 0.09; planted groups by 0.24 (`benchmarks/segments_null.py`)."""
CELL = ["features", "treatment", "k"]
"""What identifies a feature space and a number of clusters."""
TYPES = {
    "kind": "STRING",
    "draw": "INT",
    "features": "STRING",
    "treatment": "STRING",
    "k": "INT",
    "silhouette": "DOUBLE",
    "stability": "DOUBLE",
}
"""What one clustering of null data measured."""
Task = tuple[str, int]
"""Kind of null data, and number of the draw."""


@dataclass(frozen=True)
class Bar:
    """What data without groups reach in one feature space with one number of clusters.

    Attributes:
        silhouette: the 95 % quantile of the silhouette, of the highest one in the whole search.
        stability: the 95 % quantile of the stability.

    Both are the larger of the values for the two kinds of null data.

    """

    silhouette: float
    stability: float


Bars = Mapping[tuple[str, str, int], Bar]
"""By feature set, treatment and number of clusters."""


def is_better_than_chance(one: Clustering, bars: Bars) -> bool:
    """Return True if a clustering's silhouette, by MARGIN, and its stability exceed what data without groups reach.

    A stability of 1 is perfect and can't be exceeded, so it always suffices.
    """
    bar = bar_of(one, bars)
    if bar is None or not one.silhouette > bar.silhouette + MARGIN:
        return False
    return one.stability > bar.stability or one.stability >= PERFECT


def bar_of(one: Clustering, bars: Bars) -> Bar | None:
    """Return the bar for a clustering's space and number of clusters; None if no null data could be clustered so."""
    return bars.get((one.space.features, one.space.treatment, one.k))


def search_null(
    spark: SparkSession, customers: pd.DataFrame, usable: Sequence[str], seed: int, ks: Sequence[int] = KS
) -> Bars:
    """Draw null data, cluster each draw in a Spark task of its own, and return the bars.

    Args:
        spark: the session.
        customers: the complete customers of the search.
        usable: the features that can be used.
        seed: seed of draws and fits.
        ks: the numbers of clusters.

    """
    tasks = null_tasks(usable)
    measure = task_measurer(customers, usable, seed, list(ks))

    def measured(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            for number in batch["id"]:
                yield measure(tasks[number])

    schema = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
    numbers = spark.range(0, len(tasks), 1, len(tasks))
    return bars_of(numbers.mapInPandas(measured, schema).toPandas())


def null_tasks(usable: Sequence[str]) -> list[Task]:
    """Return the tasks of the null search for these features."""
    kinds = (NORMAL,) if len(usable) == 1 else (PERMUTED, NORMAL)
    return [(kind, draw) for draw in range(DRAWS) for kind in kinds]


def task_measurer(
    customers: pd.DataFrame, usable: Sequence[str], seed: int, ks: Sequence[int]
) -> Callable[[Task], pd.DataFrame]:
    """Return a function that draws the null data of a task and measures their clusterings; columns TYPES."""
    draws = null_draws(customers, usable)

    def measure(task: Task) -> pd.DataFrame:
        kind, draw = task
        rows = draws[kind](np.random.default_rng([seed, draw]))
        with single_threaded():
            measured = list(_measure(rows, usable, seed + draw, ks))
        return pd.DataFrame([(kind, draw, *row) for row in measured], columns=[*TYPES])

    return measure


def _measure(rows: pd.DataFrame, usable: Sequence[str], seed: int, ks: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for space in all_spaces(rows, usable):
        points = space.transform(rows)
        for k, one in partitions(points, k_means, ks, quality.distances(points), None, seed).items():
            yield space.features, space.treatment, k, one.silhouette, one.stability


def bars_of(measured: pd.DataFrame) -> Bars:
    """Return the bars that the measured null data set.

    Hundreds of clusterings are compared with the null, and one of them would be in its top 5 % by chance. So the
    silhouette's bar is the 95 % quantile of the best clustering of each draw, in standard deviations above the mean
    of its space and number of clusters (the max-T procedure of Westfall and Young 1993).

    Args:
        measured: columns TYPES, for all draws.

    """
    if measured.empty:
        return {}
    by_kind = [_bars_of_kind(part) for _, part in measured.groupby("kind")]
    bars = pd.concat(by_kind).groupby(CELL).max().reset_index()
    return {
        (str(row["features"]), str(row["treatment"]), int(row["k"])): Bar(row["silhouette"], row["stability"])
        for row in bars.to_dict("records")
    }


def _bars_of_kind(measured: pd.DataFrame) -> pd.DataFrame:
    cells = measured.dropna(subset="silhouette").groupby(CELL)
    means, deviations = cells["silhouette"].mean(), cells["silhouette"].std(ddof=0)
    wide = measured.pivot(index="draw", columns=CELL, values="silhouette")
    highest = ((wide - means) / deviations.where(deviations > 0)).max(axis=1)
    excess = np.quantile(highest.dropna(), LEVEL, method="higher") if highest.notna().any() else 0.0
    return pd.DataFrame(
        {
            "silhouette": means + excess * deviations,
            "stability": cells["stability"].quantile(LEVEL, interpolation="higher"),
        }
    )
