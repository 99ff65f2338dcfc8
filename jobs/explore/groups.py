"""Describe every number by every category: for example the mean duration by outcome of the last campaign.

Reads: clients, credit, transactions. Writes: group_means.
"""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.explore.columns import ROLES, Roles, long_numbers, long_values, with_derived


def main(job: Job) -> None:
    """Publish the means of all groups of all tables."""
    tables = {name: job.read(name) for name in job.step.reads}
    tables["transactions"] = with_derived(tables["transactions"])
    longs = [group_values(table, name, ROLES[name]) for name, table in tables.items()]
    job.publish("group_means", group_means(reduce(DataFrame.unionByName, longs)))


def group_values(rows: DataFrame, dataset: str, roles: Roles) -> DataFrame:
    """One row per row, category and number: dataset, group_by, value STRING, measure, number DOUBLE."""
    by_group = long_values(rows, list(roles.numbers), roles.categories).withColumnRenamed("column_name", "group_by")
    values = long_numbers(by_group, [F.lit(dataset).alias("dataset"), "group_by", "value"], roles.numbers)
    return values.withColumnRenamed("column_name", "measure")


def group_means(values: DataFrame) -> DataFrame:
    """Aggregate the rows of `group_values`: the columns of group_means."""
    return values.groupBy("dataset", "group_by", "value", "measure").agg(
        F.count("number").alias("row_count"),
        F.mean("number").alias("mean"),
        F.stddev("number").alias("stddev"),
        F.min("number").alias("minimum"),
        F.max("number").alias("maximum"),
    )
