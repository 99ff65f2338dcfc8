"""Describe every number by every category, for example the mean call duration by outcome of the last campaign.

Reads: clients, credit, transactions. Writes: group_means.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import product

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.job import Job
from jobs.explore.long_tables import as_array, every_pair, name_at


def main(job: Job) -> None:
    """Publish the means of all groups of all tables."""
    means = []
    for dataset in job.step.reads:
        contract = load_contract(dataset)
        rows = group_means(job.read(dataset), contract.with_role("category", "outcome"), contract.numbers)
        means.append(rows.select(F.lit(dataset).alias("dataset"), "*"))
    job.publish("group_means", reduce(DataFrame.unionByName, means).coalesce(1))


def group_means(rows: DataFrame, categories: Sequence[str], numbers: Sequence[str]) -> DataFrame:
    """Aggregate every number by every category: the columns of group_means without dataset."""
    arrays = rows.select(as_array(categories, "string").alias("values"), as_array(numbers, "double").alias("numbers"))
    pairs = product(range(len(categories)), range(len(numbers)))
    value, number = F.col("values")[F.col("a")].alias("value"), F.col("numbers")[F.col("b")]
    grouped = every_pair(arrays, ["values", "numbers"], pairs).groupBy("a", "b", value)
    means = grouped.agg(
        F.count(number).alias("row_count"),
        F.mean(number).alias("mean"),
        F.stddev(number).alias("stddev"),
        F.min(number).alias("minimum"),
        F.max(number).alias("maximum"),
    )
    return means.select(
        name_at(categories, "a").alias("group_by"),
        name_at(numbers, "b").alias("measure"),
        *means.drop("a", "b").columns,
    )
