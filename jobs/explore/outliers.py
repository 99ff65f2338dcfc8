"""Count the outliers of every numeric column with two robust rules.

Reads: clients, credit, transactions, column_profiles (for the quartiles). Writes: outliers.
The rules use quartiles and the median, which a few huge balances don't move as they do mean and standard deviation.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.job import Job
from jobs.explore.long_tables import long_numbers

RULES = ("iqr", "mad")
FENCE = 1.5  # interquartile ranges beyond the quartiles: Tukey (1977), Exploratory Data Analysis
CUTOFF = 3.5  # Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers
CONSISTENCY = 1.4826  # times the MAD of normally distributed numbers is their standard deviation
ACCURACY = 100_000  # rank error of the MAD: at most 1 / ACCURACY of the rows


def main(job: Job) -> None:
    """Publish bounds and counts by column and rule."""
    datasets = [name for name in job.step.reads if name != "column_profiles"]
    numbers = reduce(DataFrame.unionByName, [known_numbers(job.read(name), name) for name in datasets])
    job.publish("outliers", outliers(numbers, bounds(numbers, job.read("column_profiles"))))


def known_numbers(table: DataFrame, dataset: str) -> DataFrame:
    """One row per number in the delivered numeric columns: dataset, column_name, number DOUBLE without nulls."""
    contract = load_contract(dataset)
    columns = [name for name in contract.numbers if name not in contract.derived]
    return long_numbers(table, [F.lit(dataset).alias("dataset")], columns).where("number IS NOT NULL")


def bounds(numbers: DataFrame, profiles: DataFrame) -> DataFrame:
    """The bounds of both rules for each column.

    Args:
        numbers: dataset, column_name, number DOUBLE without nulls.
        profiles: dataset, column_name, p25, p50, p75 DOUBLE.

    Returns:
        dataset, column_name, rules ARRAY<STRUCT<rule, low_bound, high_bound>>. The bounds of mad are null where more
        than half of the numbers are equal.

    """
    names = ["dataset", "column_name"]
    quartiles = F.broadcast(profiles.select(*names, "p25", "p50", "p75"))
    deviation = F.percentile_approx(F.abs(F.col("number") - F.col("p50")), 0.5, ACCURACY).alias("mad")
    spread = numbers.join(quartiles, names).groupBy(*names, "p25", "p50", "p75").agg(deviation)
    fence = FENCE * (F.col("p75") - F.col("p25"))
    reach = F.nullif(CUTOFF * CONSISTENCY * F.col("mad"), F.lit(0.0))
    iqr = rule(RULES[0], F.col("p25") - fence, F.col("p75") + fence)
    mad = rule(RULES[1], F.col("p50") - reach, F.col("p50") + reach)
    return spread.select(*names, F.array(iqr, mad).alias("rules"))


def rule(name: str, low: Column, high: Column) -> Column:
    """A rule with its bounds, as a struct."""
    return F.struct(F.lit(name).alias("rule"), low.alias("low_bound"), high.alias("high_bound"))


def outliers(numbers: DataFrame, limits: DataFrame) -> DataFrame:
    """Count the numbers outside the bounds: the columns of outliers."""
    names = ["dataset", "column_name"]
    beyond = [count for position in range(len(RULES)) for count in count_beyond(position)]
    first = F.first("rules").alias("rules")
    grouped = numbers.join(F.broadcast(limits), names).groupBy(*names)
    counted = grouped.agg(first, F.count(F.lit(1)).alias("row_count"), *beyond)
    results = F.inline(F.array(*[result(position) for position in range(len(RULES))]))
    outside = F.col("below") + F.col("above")
    shares = counted.select(*names, "row_count", results).select(
        "*", outside.alias("outlier_count"), (outside / F.col("row_count")).alias("share")
    )
    return shares.coalesce(1)


def count_beyond(position: int) -> tuple[Column, Column]:
    """Counts of the numbers below and above the bounds of the rule at the position; 0 without bounds."""
    limit = F.col("rules")[position]
    below, above = F.col("number") < limit["low_bound"], F.col("number") > limit["high_bound"]
    return F.count_if(below).alias(f"below{position}"), F.count_if(above).alias(f"above{position}")


def result(position: int) -> Column:
    """The rule at the position with its bounds and counts, as a struct."""
    fields = [F.col("rules")[position][name].alias(name) for name in ("rule", "low_bound", "high_bound")]
    return F.struct(*fields, F.col(f"below{position}").alias("below"), F.col(f"above{position}").alias("above"))
