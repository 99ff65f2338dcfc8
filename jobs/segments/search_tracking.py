"""Log the clustering search to MLflow.

Each search has one parent run, and below it one run per feature space and algorithm, whose metrics have the number of
clusters as their step.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from jobs.core.tracking import tracked_run
from jobs.segments.clustering_search import MEASURES

EXPERIMENT = "segments"
GROUP = ("features", "treatment", "algorithm")
"""Columns of clusterings that identify one child run."""
Row = Mapping[str, object]


def track(experiment: str, title: str, clusterings: Sequence[Row], decision: Row, parameters: Row) -> None:
    """Log a finished search.

    Args:
        experiment: id of the experiment.
        title: name of the parent run.
        clusterings: the rows of clusterings.
        decision: the row of segment_decisions.
        parameters: parameters of the parent run.

    """
    numbers = {key: float(value) for key, value in decision.items() if isinstance(value, int | float)}
    with tracked_run(experiment, title) as parent:
        for group, rows in groupby(sorted(clusterings, key=_group), key=_group):
            with parent.child(" ".join(group)) as run:
                by_k = {int(str(row["k"])): {name: row[name] for name in MEASURES} for row in rows}
                run.log(params=dict(zip(GROUP, group, strict=True)), steps=by_k)
        parent.log(params=parameters, metrics=numbers)
        parent.log_json("decision.json", decision)


def _group(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in GROUP)
