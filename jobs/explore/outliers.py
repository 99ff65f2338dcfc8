"""Count the outliers of every numeric column by two robust rules.

Reads: clients, credit, transactions, column_profiles (for the quartiles). Writes: outliers.
Robust, because a few huge balances move mean and standard deviation, but neither quartiles nor the median.
"""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.explore.columns import ROLES, long_numbers

FENCE = 1.5  # interquartile ranges beyond the quartiles: Tukey (1977), Exploratory Data Analysis
CUTOFF = 3.5  # Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers
CONSISTENT = 1.4826  # makes the MAD of normally distributed numbers their standard deviation
ACCURACY = 10_000  # rank error of the MAD: at most 1 / ACCURACY of the rows


def main(job: Job) -> None:
    """Publish bounds and counts by column and rule."""
    longs = [known_numbers(job.read(name), name) for name in ROLES]
    numbers = reduce(DataFrame.unionByName, longs)
    bounds = both_bounds(numbers, job.read("column_profiles"))
    job.publish("outliers", outliers(numbers, bounds))


def known_numbers(table: DataFrame, dataset: str) -> DataFrame:
    """One row per known number of the table's numeric columns: dataset, column_name, number DOUBLE."""
    columns = [name for name in ROLES[dataset].numbers if name in table.columns]
    return long_numbers(table, [F.lit(dataset).alias("dataset")], columns).where("number IS NOT NULL")


def both_bounds(numbers: DataFrame, profiles: DataFrame) -> DataFrame:
    """One row per column and rule: dataset, column_name, rule, low_bound, high_bound (null for a MAD of 0).

    Args:
        numbers: dataset, column_name, number DOUBLE without nulls.
        profiles: dataset, column_name, p25, p50, p75 DOUBLE.

    """
    names = ["dataset", "column_name"]
    quartiles = F.broadcast(profiles.select(*names, "p25", "p50", "p75"))
    deviation = F.percentile_approx(F.abs(F.col("number") - F.col("p50")), 0.5, ACCURACY)
    spread = numbers.join(quartiles, names).groupBy(*names, "p25", "p50", "p75").agg(deviation.alias("mad"))
    fence = FENCE * (F.col("p75") - F.col("p25"))
    reach = F.nullif(CUTOFF * CONSISTENT * F.col("mad"), F.lit(0.0))
    iqr = F.struct(
        F.lit("iqr").alias("rule"),
        (F.col("p25") - fence).alias("low_bound"),
        (F.col("p75") + fence).alias("high_bound"),
    )
    mad = F.struct(
        F.lit("mad").alias("rule"),
        (F.col("p50") - reach).alias("low_bound"),
        (F.col("p50") + reach).alias("high_bound"),
    )
    return spread.select(*names, F.inline(F.array(iqr, mad)))


def outliers(numbers: DataFrame, bounds: DataFrame) -> DataFrame:
    """Count the numbers outside of the bounds: the columns of outliers."""
    names = ["dataset", "column_name", "rule", "low_bound", "high_bound"]
    below, above = F.count_if(F.expr("number < low_bound")), F.count_if(F.expr("number > high_bound"))
    return (
        numbers.join(F.broadcast(bounds), ["dataset", "column_name"])
        .groupBy(*names)
        .agg(F.count(F.lit(1)).alias("row_count"), below.alias("below"), above.alias("above"))
        .withColumn("outlier_count", F.col("below") + F.col("above"))
        .withColumn("share", F.col("outlier_count") / F.col("row_count"))
    )
