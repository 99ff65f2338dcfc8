"""Describe every number by every category: for example the mean duration by outcome of the last campaign.

Reads: clients, credit, transactions. Writes: group_means.
"""

from functools import reduce
from itertools import product

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.explore.long_tables import ROLES, Roles, as_array, every_pair, name_at, with_derived


def main(job: Job) -> None:
    """Publish the means of all groups of all tables."""
    tables = {name: job.read(name) for name in job.step.reads}
    tables["transactions"] = with_derived(tables["transactions"])
    means = [
        group_means(table, ROLES[name]).select(F.lit(name).alias("dataset"), "*") for name, table in tables.items()
    ]
    job.publish("group_means", reduce(DataFrame.unionByName, means).coalesce(1))


def group_means(rows: DataFrame, roles: Roles) -> DataFrame:
    """Aggregate every number by every category: the columns of group_means without dataset."""
    arrays = rows.select(
        as_array(roles.categories, "string").alias("values"), as_array(roles.numbers, "double").alias("numbers")
    )
    pairs = product(range(len(roles.categories)), range(len(roles.numbers)))
    number = F.col("numbers")[F.col("b")]
    grouped = every_pair(arrays, ["values", "numbers"], pairs).groupBy(
        "a", "b", F.col("values")[F.col("a")].alias("value")
    )
    means = grouped.agg(
        F.count(number).alias("row_count"),
        F.mean(number).alias("mean"),
        F.stddev(number).alias("stddev"),
        F.min(number).alias("minimum"),
        F.max(number).alias("maximum"),
    )
    group_by, measure = name_at(roles.categories, "a").alias("group_by"), name_at(roles.numbers, "b").alias("measure")
    return means.select(group_by, measure, *means.columns[2:])
