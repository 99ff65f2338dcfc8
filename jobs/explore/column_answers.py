"""Everything that follows from the counts of one column: its profile, top values, outliers and rates."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from jobs.explore.outliers import outliers
from jobs.explore.profile import profile, top_values
from jobs.explore.rates import band_rates, category_rates
from jobs.explore.table_plan import TablePlan
from jobs.explore.value_counts import Distribution

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class ColumnAnswers:
    """Rows about one column, by table: the columns of the tables without dataset and the column's name."""

    profile: dict[str, Any]
    top_values: Rows
    outliers: Rows
    rates: Rows


def answer_column(plan: TablePlan, name: str, counts: pa.Table) -> ColumnAnswers:
    """Answer the questions that the plan asks about a column.

    Args:
        plan: the plan of the table.
        name: the column.
        counts: the rows of `count_values` for the whole table.

    """
    distribution = Distribution.of(counts) if name in plan.numeric else None
    measured = distribution if name in plan.numbers else None
    rates = []
    if name in plan.features:
        rates = band_rates(counts, measured) if measured else category_rates(counts)
    return ColumnAnswers(
        profile=profile(counts, distribution, is_unlisted=name in plan.unlisted),
        top_values=[] if name in plan.unique else top_values(counts),
        outliers=outliers(distribution) if distribution and name in plan.delivered else [],
        rates=rates,
    )
