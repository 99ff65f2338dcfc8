"""Rates of the outcome by each category of each column, and by bands of each number.

Reads: clients, credit. Writes: subscription_rates, default_rates.
"""

from collections.abc import Collection

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.job import Job
from jobs.explore.long_tables import ROLES, Roles, long_numbers, long_values
from jobs.explore.wilson import with_rate

BANDS = 10
ACCURACY = 10_000  # rank error of the bands' edges: at most 1 / ACCURACY of the rows


def main(job: Job) -> None:
    """Publish the rates of both outcomes."""
    for dataset, table in (("clients", "subscription_rates"), ("credit", "default_rates")):
        afterwards = [column.name for column in load_contract(dataset).columns if column.known_afterwards]
        job.publish(table, rates(job.read(dataset), ROLES[dataset], afterwards))


def rates(rows: DataFrame, roles: Roles, afterwards: Collection[str]) -> DataFrame:
    """The columns of subscription_rates, for every feature of the rows."""
    counted = categories(rows, roles).unionByName(bands(rows, roles))
    order = Window.partitionBy("feature").orderBy(F.isnull("value"), "low", "value")
    return with_rate(
        counted.withColumn("position", F.row_number().over(order)).withColumn(
            "known_afterwards", F.col("feature").isin(list(afterwards))
        ),
        "positives",
        "row_count",
    )


def categories(rows: DataFrame, roles: Roles) -> DataFrame:
    """Count by category: feature, kind, value (null kept), low, high (both null), row_count, positives."""
    features = [name for name in roles.categories if name != roles.label]
    values = long_values(rows, [is_positive(roles)], features)
    counted = values.groupBy(F.col("column_name").alias("feature"), "value").agg(*_counts())
    nothing = F.lit(None).cast("double")
    return counted.select("*", F.lit("category").alias("kind"), nothing.alias("low"), nothing.alias("high"))


def bands(rows: DataFrame, roles: Roles) -> DataFrame:
    """Count by band: feature, kind, value, low, high DOUBLE, row_count, positives; nulls are a band of their own.

    Bands are cut at the tenths of the column; where a number fills more than a tenth, bands are fewer.
    """
    numbers = long_numbers(rows, [is_positive(roles)], roles.numbers)
    tenths = [tenth / BANDS for tenth in range(1, BANDS)]
    edges = numbers.groupBy("column_name").agg(
        F.array_distinct(F.percentile_approx("number", tenths, ACCURACY)).alias("edges")
    )
    band = sum((_is_above(place) for place in range(BANDS - 1)), F.lit(0))
    return (
        numbers.join(F.broadcast(edges), "column_name")
        .groupBy(F.col("column_name").alias("feature"), F.when(F.isnotnull("number"), band).alias("band"))
        .agg(*_counts(), F.min("number").alias("low"), F.max("number").alias("high"))
        .withColumn(
            "value",
            F.when(F.col("low") == F.col("high"), short("low")).otherwise(
                F.concat(short("low"), F.lit(" to "), short("high"))
            ),
        )
        .withColumn("kind", F.lit("band"))
        .drop("band")
    )


def is_positive(roles: Roles) -> Column:
    """The column `positive` INT: 1 if the outcome happened, else 0."""
    return (F.col(roles.label).cast("string") == roles.positive).cast("int").alias("positive")


def _is_above(place: int) -> Column:
    return F.coalesce((F.get("edges", F.lit(place)) < F.col("number")).cast("int"), F.lit(0))


def short(number: str) -> Column:
    """A number as text without needless zeros, to the hundredth: 25, 1762.5."""
    return F.regexp_replace(F.col(number).cast("decimal(20,2)").cast("string"), r"\.?0+$", "")


def _counts() -> tuple[Column, Column]:
    return F.count(F.lit(1)).alias("row_count"), F.sum("positive").alias("positives")
