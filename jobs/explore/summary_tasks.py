"""What Spark's workers do in the one pass: summarise parts of a table, and add up the summaries.

Each worker imports this module, so it imports neither settings nor contracts.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from jobs.explore.column_answers import answer_column
from jobs.explore.pairs import add_pairs, number_matrix, summarise_pairs
from jobs.explore.ranks import rank_correlation
from jobs.explore.table_plan import SAMPLED, TablePlan
from jobs.explore.value_counts import add_counts, count_unlisted, count_values, outcomes

CHUNK_ROWS = 500_000  # rows that a worker holds at a time
SCHEMA = "dataset STRING, kind STRING, name STRING, summary BINARY"
"""A summary: kind is `column` with the column's name, `pairs` or `ranks`; the summary itself is pickled."""


def mapper(plan: TablePlan) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    """Summarise the batches of a part of the table, for `mapInArrow`; the columns of SCHEMA."""

    def summarise_part(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for chunk in _chunks(batches):
            for kind, name, summary in summaries(plan, chunk):
                yield _row(plan.dataset, kind, name, summary)

    return summarise_part


def reducer(plans: Mapping[str, TablePlan]) -> Callable[[tuple[Any, ...], pa.Table], pa.Table]:
    """Add up the summaries of one kind and name, for `applyInArrow`; one row with the columns of SCHEMA."""

    def add(key: tuple[Any, ...], parts: pa.Table) -> pa.Table:
        dataset, kind, name = (part.as_py() for part in key)
        parts_found = [pickle.loads(part.as_py()) for part in parts["summary"]]
        if kind == "column":
            added: object = answer_column(plans[dataset], name, add_counts(parts_found))
        else:
            added = add_pairs(parts_found) if kind == "pairs" else rank_correlation(parts_found)
        return pa.Table.from_batches([_row(dataset, kind, name, added)])

    return add


def summaries(plan: TablePlan, chunk: pa.Table) -> Iterator[tuple[str, str, object]]:
    """Kind, name and summary of everything that the plan asks about a part of the table."""
    positives = outcomes(chunk, plan.outcome, plan.positive)
    for name in plan.types:
        values = chunk[name].combine_chunks()
        counts = count_unlisted(values) if name in plan.unlisted else count_values(values, positives)
        yield "column", name, counts
    if plan.numbers:
        yield "pairs", "", summarise_pairs(chunk, plan.categories, plan.numbers)
        yield "ranks", "", number_matrix(chunk.filter(chunk[SAMPLED]), plan.numbers)


def _chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= CHUNK_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if any(one.num_rows for one in waiting):
        yield pa.Table.from_batches(waiting)


def _row(dataset: str, kind: str, name: str, summary: object) -> pa.RecordBatch:
    row = {"dataset": [dataset], "kind": [kind], "name": [name], "summary": [pickle.dumps(summary)]}
    return pa.RecordBatch.from_pydict(row)
