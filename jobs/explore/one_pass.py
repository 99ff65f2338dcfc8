"""Summarise tables in one pass: workers summarise parts of them, and one Spark job adds up the summaries.

A summary of a table is small and exact whatever the number of rows, except for the columns' counts by value. So each
column's counts are added up by one worker, which returns only what `column_answers` derives from them.
"""

import pickle
from collections.abc import Mapping
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType, FloatType, NumericType, StringType, StructType, TimestampType

from jobs.core.contracts import Contract, load_contract
from jobs.explore.arrow_values import Floats
from jobs.explore.column_answers import ColumnAnswers, answer_column
from jobs.explore.pairs import Pairs
from jobs.explore.summary_tasks import SCHEMA, mapper, reducer
from jobs.explore.table_plan import SAMPLED, TablePlan
from jobs.explore.value_counts import without_rows

FREE_TEXT = ("text",)
SAMPLED_ABOVE = 1_000_000  # rows; ranks need a sort, and a million rows give a correlation to ± 0.002


class Summaries:
    """What one pass found: `columns` by data set and column, `pairs` and `ranks` by data set."""

    def __init__(self, plans: Mapping[str, TablePlan], found: Mapping[tuple[str, str, str], Any]) -> None:
        """Complete what was found: parts without rows have no summary."""
        self.plans = plans
        self.columns: dict[tuple[str, str], ColumnAnswers] = {
            (dataset, name): found.get((dataset, "column", name)) or answer_column(plan, name, without_rows())
            for dataset, plan in plans.items()
            for name in plan.types
        }
        self.pairs: dict[str, Pairs] = {key[0]: value for key, value in found.items() if key[1] == "pairs"}
        self.ranks: dict[str, Floats] = {key[0]: value for key, value in found.items() if key[1] == "ranks"}


def summarise(tables: Mapping[str, DataFrame], seed: int) -> Summaries:
    """Summarise all tables in one Spark job.

    Args:
        tables: table by data set.
        seed: seed of the sample on which ranks are correlated.

    """
    plans = {dataset: plan_of(dataset, table.schema) for dataset, table in tables.items()}
    parts = [
        prepared(table, plans[dataset], seed).mapInArrow(mapper(plans[dataset]), SCHEMA)
        for dataset, table in tables.items()
    ]
    grouped = reduce(DataFrame.unionByName, parts).groupBy("dataset", "kind", "name")
    rows = grouped.applyInArrow(reducer(plans), SCHEMA).collect()
    return Summaries(plans, {(row["dataset"], row["kind"], row["name"]): pickle.loads(row["summary"]) for row in rows})


def prepared(table: DataFrame, plan: TablePlan, seed: int) -> DataFrame:
    """The columns as workers need them, and `sampled` BOOLEAN, whether the row's ranks count."""
    columns = [_for_workers(F.col(name), name, plan, table) for name in plan.types]
    return table.select(*columns, _is_sampled(table, plan, seed).alias(SAMPLED))


def _for_workers(column: Column, name: str, plan: TablePlan, table: DataFrame) -> Column:
    """Java and Python write fractions differently, and Arrow shifts timestamps to a time zone: Spark converts both."""
    if name in plan.fractional:
        return column.cast("string").alias(name)
    if isinstance(table.schema[name].dataType, TimestampType):
        return column.cast("timestamp_ntz").alias(name)
    return column


def _is_sampled(table: DataFrame, plan: TablePlan, seed: int) -> Column:
    """Whether a row is in the sample, by the hash of its key, so that the sample doesn't depend on the partitioning."""
    rows = table.count() if plan.numbers else 0
    if rows <= SAMPLED_ABOVE:
        return F.lit(True)
    return F.xxhash64(F.col(plan.key), F.lit(seed)) < int((SAMPLED_ABOVE / rows - 0.5) * 2**64)


def plan_of(dataset: str, schema: StructType) -> TablePlan:
    """Read the plan of a table from its schema and its contract."""
    contract, kinds = load_contract(dataset), {field.name: field.dataType for field in schema}
    unique = unique_columns(contract)
    outcome = "".join(contract.with_role("outcome"))
    return TablePlan(
        dataset=dataset,
        types={name: kind.simpleString().upper() for name, kind in kinds.items()},
        numeric=frozenset(name for name, kind in kinds.items() if isinstance(kind, NumericType)),
        fractional=frozenset(name for name, kind in kinds.items() if isinstance(kind, DoubleType | FloatType)),
        unique=unique | set(FREE_TEXT),
        unlisted=frozenset(name for name in unique & set(kinds) if isinstance(kinds[name], StringType)),
        key=contract.key,
        numbers=contract.numbers,
        delivered=tuple(name for name in contract.numbers if name not in contract.derived),
        categories=contract.with_role("category", "outcome"),
        outcome=outcome,
        positive=contract.positive if outcome else "",
    )


def unique_columns(contract: Contract) -> frozenset[str]:
    """The columns that ingest has proven unique, and the number of the line in the file."""
    unique = [column.name for column in contract.columns if column.unique]
    return frozenset([*unique, *filter(None, [contract.line_column])])
