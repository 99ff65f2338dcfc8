"""Count the outliers of every numeric column by two robust rules.

Reads: clients, credit, transactions, column_profiles (for the quartiles). Writes: outliers.
Robust, because a few huge balances move mean and standard deviation, but neither quartiles nor the median.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.explore.long_tables import ROLES, long_numbers

RULES = ("iqr", "mad")
FENCE = 1.5  # interquartile ranges beyond the quartiles: Tukey (1977), Exploratory Data Analysis
CUTOFF = 3.5  # Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers
CONSISTENT = 1.4826  # makes the MAD of normally distributed numbers their standard deviation
ACCURACY = 100_000  # rank error of the MAD: at most 1 / ACCURACY of the rows


def main(job: Job) -> None:
    """Publish bounds and counts by column and rule."""
    longs = [known_numbers(job.read(name), name) for name in ROLES]
    numbers = reduce(DataFrame.unionByName, longs)
    job.publish("outliers", outliers(numbers, bounds(numbers, job.read("column_profiles"))))


def known_numbers(table: DataFrame, dataset: str) -> DataFrame:
    """One row per known number of the table's numeric columns: dataset, column_name, number DOUBLE."""
    columns = [name for name in ROLES[dataset].numbers if name in table.columns]
    return long_numbers(table, [F.lit(dataset).alias("dataset")], columns).where("number IS NOT NULL")


def bounds(numbers: DataFrame, profiles: DataFrame) -> DataFrame:
    """One row per column: dataset, column_name, rules ARRAY<STRUCT<rule, low_bound, high_bound>> (null: no bounds).

    Args:
        numbers: dataset, column_name, number DOUBLE without nulls.
        profiles: dataset, column_name, p25, p50, p75 DOUBLE.

    """
    names = ["dataset", "column_name"]
    quartiles = F.broadcast(profiles.select(*names, "p25", "p50", "p75"))
    deviation = F.percentile_approx(F.abs(F.col("number") - F.col("p50")), 0.5, ACCURACY).alias("mad")
    spread = numbers.join(quartiles, names).groupBy(*names, "p25", "p50", "p75").agg(deviation)
    fence = FENCE * (F.col("p75") - F.col("p25"))
    reach = F.nullif(CUTOFF * CONSISTENT * F.col("mad"), F.lit(0.0))
    iqr = rule(RULES[0], F.col("p25") - fence, F.col("p75") + fence)
    mad = rule(RULES[1], F.col("p50") - reach, F.col("p50") + reach)
    return spread.select(*names, F.array(iqr, mad).alias("rules"))


def rule(name: str, low: Column, high: Column) -> Column:
    """A rule and its bounds as a struct."""
    return F.struct(F.lit(name).alias("rule"), low.alias("low_bound"), high.alias("high_bound"))


def outliers(numbers: DataFrame, limits: DataFrame) -> DataFrame:
    """Count the numbers outside of the bounds: the columns of outliers."""
    names = ["dataset", "column_name"]
    beyond = [count for at in range(len(RULES)) for count in count_beyond(at)]
    first = F.first("rules").alias("rules")
    grouped = numbers.join(F.broadcast(limits), names).groupBy(*names)
    counted = grouped.agg(first, F.count(F.lit(1)).alias("row_count"), *beyond)
    results = counted.select(*names, "row_count", F.inline(F.array(*[result(at) for at in range(len(RULES))])))
    outside = F.col("below") + F.col("above")
    return results.select("*", outside.alias("outlier_count"), (outside / F.col("row_count")).alias("share")).coalesce(
        1
    )


def count_beyond(at: int) -> tuple[Column, Column]:
    """Numbers below and above the bounds of the rule at this place; 0 without bounds."""
    limit = F.col("rules")[at]
    below, above = F.col("number") < limit["low_bound"], F.col("number") > limit["high_bound"]
    return F.count_if(below).alias(f"below{at}"), F.count_if(above).alias(f"above{at}")


def result(at: int) -> Column:
    """The rule at this place with its bounds and counts, as a struct."""
    fields = [F.col("rules")[at][name].alias(name) for name in ("rule", "low_bound", "high_bound")]
    return F.struct(*fields, F.col(f"below{at}").alias("below"), F.col(f"above{at}").alias("above"))
