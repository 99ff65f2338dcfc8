"""Wilson's 95 % interval of a rate."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

Z = 1.959963984540054  # 97.5 % quantile of the standard normal distribution


def with_rate(counted: DataFrame, positives: str, total: str) -> DataFrame:
    """Add rate, rate_low and rate_high (DOUBLE, 0 to 1; null where the total is 0 or the positives are null).

    The interval is Wilson's score interval for 95 %: with z = 1.96, p = positives / n,
    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Wilson (1927), JASA 22, 209-212.
    """
    n = F.nullif(F.col(total), F.lit(0)).cast("double")
    rate = F.col(positives) / n
    centre = (rate + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * F.sqrt(rate * (1 - rate) / n + Z**2 / (4 * n * n)) / (1 + Z**2 / n)
    low, high = F.greatest(F.lit(0.0), centre - half), F.least(F.lit(1.0), centre + half)
    return counted.select("*", rate.alias("rate"), _kept(rate, low, "rate_low"), _kept(rate, high, "rate_high"))


def _kept(rate: Column, bound: Column, name: str) -> Column:
    # greatest and least pass over nulls
    return F.when(rate.isNotNull(), bound).alias(name)
