"""Rate of the outcome by category of each column, and by band of each number.

Reads: clients, credit. Writes: subscription_rates, default_rates.
"""

from collections.abc import Collection, Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.contracts import Contract, load_contract
from jobs.core.job import Job
from jobs.explore.long_tables import long_numbers, long_values
from jobs.explore.wilson import with_rate

BANDS = 10
ACCURACY = 10_000  # rank error of the bands' edges: at most 1 / ACCURACY of the rows


def main(job: Job) -> None:
    """Publish the rates of both outcomes."""
    for dataset, table in (("clients", "subscription_rates"), ("credit", "default_rates")):
        contract = load_contract(dataset)
        rows = job.read(dataset).withColumn("positive", is_positive(contract))
        job.publish(table, rates(rows, contract.categories, contract.numbers, contract.known_afterwards))


def is_positive(contract: Contract) -> Column:
    """1 if the outcome occurred, else 0."""
    return (F.col(contract.outcome.name).cast("string") == contract.positive).cast("int")


def rates(
    rows: DataFrame, categories: Sequence[str], numbers: Sequence[str], known_afterwards: Collection[str]
) -> DataFrame:
    """Rates of all features.

    Args:
        rows: the features, and positive INT, 1 where the outcome occurred.
        categories: names of the categorical features.
        numbers: names of the numeric features.
        known_afterwards: names of the features that are known only after the outcome.

    Returns:
        The columns of subscription_rates and default_rates.

    """
    counted = count_categories(rows, categories).unionByName(count_bands(rows, numbers))
    order = Window.partitionBy("feature").orderBy(F.isnull("value"), "low", "value")
    positioned = counted.withColumn("position", F.row_number().over(order))
    marked = positioned.withColumn("known_afterwards", F.col("feature").isin(list(known_afterwards)))
    return with_rate(marked, "positives", "row_count")


def count_categories(rows: DataFrame, categories: Sequence[str]) -> DataFrame:
    """Count by category: feature, kind, value (null is one too), low, high (both null), row_count, positives."""
    values = long_values(rows, ["positive"], categories)
    counted = values.groupBy(F.col("column_name").alias("feature"), "value").agg(*_counts())
    nothing = F.lit(None).cast("double")
    return counted.select("*", F.lit("category").alias("kind"), nothing.alias("low"), nothing.alias("high"))


def count_bands(rows: DataFrame, numbers: Sequence[str]) -> DataFrame:
    """Count by band: feature, kind, value, low, high DOUBLE, row_count, positives; nulls form a band of their own.

    The bands are deciles. There are fewer where one value fills more than a tenth of the rows.
    """
    values = long_numbers(rows, ["positive"], numbers)
    deciles = [tenth / BANDS for tenth in range(1, BANDS)]
    edges = values.groupBy("column_name").agg(
        F.array_distinct(F.percentile_approx("number", deciles, ACCURACY)).alias("edges")
    )
    band = sum((_is_above(position) for position in range(BANDS - 1)), F.lit(0))
    one_value = F.col("low") == F.col("high")
    value_range = F.concat(short("low"), F.lit(" to "), short("high"))
    return (
        values.join(F.broadcast(edges), "column_name")
        .groupBy(F.col("column_name").alias("feature"), F.when(F.isnotnull("number"), band).alias("band"))
        .agg(*_counts(), F.min("number").alias("low"), F.max("number").alias("high"))
        .withColumn("value", F.when(one_value, short("low")).otherwise(value_range))
        .withColumn("kind", F.lit("band"))
        .drop("band")
    )


def short(number: str) -> Column:
    """A number as text with up to two decimals and no trailing zeros: 25, 1762.5."""
    return F.regexp_replace(F.col(number).cast("decimal(20,2)").cast("string"), r"\.?0+$", "")


def _is_above(position: int) -> Column:
    return F.coalesce((F.get("edges", F.lit(position)) < F.col("number")).cast("int"), F.lit(0))


def _counts() -> tuple[Column, Column]:
    return F.count(F.lit(1)).alias("row_count"), F.sum("positive").alias("positives")
