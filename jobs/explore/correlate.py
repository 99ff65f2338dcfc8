"""Correlate the numbers and the categories of each table, pair by pair.

Reads: clients, credit, transactions. Writes: correlations, associations.
All pairs of all tables go through the same two group-bys, so an additional pair needs no additional Spark job.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import combinations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.job import Job
from jobs.explore.long_tables import as_array, every_pair, name_at

SAMPLED_ABOVE = 1_000_000  # rows; ranks need a sort, and a million rows give a correlation to ± 0.002


def main(job: Job) -> None:
    """Publish correlations of numbers and associations of categories."""
    numeric, categorical = [], []
    for name in job.step.reads:
        table, contract, dataset = job.read(name), load_contract(name), F.lit(name).alias("dataset")
        sample = sampled(table, job.settings.seed)
        numeric.append(correlations(sample, contract.key, contract.numbers).select(dataset, "*"))
        cells = contingency(table, contract.with_role("category", "outcome"))
        categorical.append(cells.select(dataset, "*"))
    job.publish("correlations", reduce(DataFrame.unionByName, numeric).coalesce(1))
    job.publish("associations", associations(reduce(DataFrame.unionByName, categorical)).coalesce(1))


def sampled(table: DataFrame, seed: int) -> DataFrame:
    """The table, or a seeded sample of about SAMPLED_ABOVE rows if it is larger."""
    rows = table.count()
    return table if rows <= SAMPLED_ABOVE else table.sample(fraction=SAMPLED_ABOVE / rows, seed=seed)


def correlations(table: DataFrame, key: str, numbers: Sequence[str]) -> DataFrame:
    """Pearson and Spearman correlation of each pair of numbers: the columns of correlations without dataset."""
    ranked = ranked_numbers(table, key, numbers)
    both = every_pair(ranked, ["items"], combinations(range(len(numbers)), 2))
    a, b = F.col("items")[F.col("a")], F.col("items")[F.col("b")]
    related = both.groupBy("a", "b").agg(
        F.count(a["number"] + b["number"]).alias("row_count"),
        correlation(a["number"], b["number"]).alias("pearson"),
        correlation(a["rank"], b["rank"]).alias("spearman"),
    )
    return related.select(*pair_names(numbers), "row_count", "pearson", "spearman")


def ranked_numbers(table: DataFrame, key: str, numbers: Sequence[str]) -> DataFrame:
    """One row per row of the table: items ARRAY<STRUCT<position, number, rank>>, one item per number.

    Ties get the mean of their ranks, as Spearman's correlation requires. Nulls have no rank.
    """
    numbered = [
        F.struct(F.lit(position).alias("position"), F.col(name).cast("double").alias("number"))
        for position, name in enumerate(numbers)
    ]
    order = Window.partitionBy("position").orderBy(F.asc_nulls_last("number"))
    # rank() is the first rank of a tie and the running count the last: their mean is the mean rank
    rank = F.when(F.isnotnull("number"), (F.rank().over(order) + F.count(F.lit(1)).over(order)) / 2)
    ranked = table.select(F.col(key).alias("key"), F.inline(F.array(*numbered)))
    items = ranked.select("key", F.struct("position", "number", rank.alias("rank")).alias("item"))
    return items.groupBy("key").agg(F.sort_array(F.collect_list("item")).alias("items"))


def pair_names(names: Sequence[str]) -> tuple[Column, Column]:
    """The columns column_a and column_b for the positions a and b."""
    return name_at(names, "a").alias("column_a"), name_at(names, "b").alias("column_b")


def correlation(x: Column, y: Column) -> Column:
    """Pearson correlation over the rows with both values; null where one doesn't vary, on which F.corr fails."""
    both = x.isNotNull() & y.isNotNull()
    spread = F.sqrt(F.var_pop(F.when(both, x)) * F.var_pop(F.when(both, y)))
    return F.try_divide(F.covar_pop(x, y), spread)


def contingency(table: DataFrame, categories: Sequence[str]) -> DataFrame:
    """One row per pair of categorical columns and values: column_a, column_b, value_a, value_b, cell BIGINT."""
    # counting identical rows first leaves far fewer pairs
    identical = table.groupBy(*categories).count().select("count", as_array(categories, "string").alias("values"))
    both = every_pair(identical, ["count", "values"], combinations(range(len(categories)), 2))
    value_a, value_b = F.col("values")[F.col("a")].alias("value_a"), F.col("values")[F.col("b")].alias("value_b")
    cells = both.groupBy("a", "b", value_a, value_b).agg(F.sum("count").alias("cell"))
    known = cells.where("value_a IS NOT NULL AND value_b IS NOT NULL")
    return known.select(*pair_names(categories), "value_a", "value_b", "cell")


def associations(cells: DataFrame) -> DataFrame:
    """Chi-squared and Cramér's V of each pair: the columns of associations.

    V is bias-corrected as in Bergsma (2013), Journal of the Korean Statistical Society 42, 323-328.

    Args:
        cells: the rows of `contingency`, with dataset.

    """
    pair = ["dataset", "column_a", "column_b"]
    total_a = F.sum("cell").over(Window.partitionBy(*pair, "value_a"))
    total_b = F.sum("cell").over(Window.partitionBy(*pair, "value_b"))
    # chi² = n (Σ cell² / (row total · column total) - 1); empty cells add nothing
    part = F.col("cell").cast("double") ** 2 / (F.col("total_a") * F.col("total_b"))
    return (
        cells.withColumn("row_count", F.sum("cell").over(Window.partitionBy(*pair)))
        .withColumns({"total_a": total_a, "total_b": total_b})
        .groupBy(*pair, "row_count")
        .agg(
            F.count_distinct("value_a").alias("categories_a"),
            F.count_distinct("value_b").alias("categories_b"),
            (F.col("row_count") * F.greatest(F.sum(part) - 1, F.lit(0.0))).alias("chi_squared"),
        )
        .select("*", cramers_v().alias("cramers_v"))
    )


def cramers_v() -> Column:
    """Bias-corrected Cramér's V from chi_squared, row_count n, categories_a r and categories_b k; null if r or k is 1.

    φ² = max(0, chi²/n - (r-1)(k-1)/(n-1)), r' = r - (r-1)²/(n-1), k' likewise, V = √(φ² / min(r'-1, k'-1)).
    """
    n, r, k = F.col("row_count"), F.col("categories_a"), F.col("categories_b")
    others = F.nullif(n - 1, F.lit(0))
    phi = F.greatest(F.lit(0.0), F.col("chi_squared") / n - (r - 1) * (k - 1) / others)
    fewer = F.least(r - (r - 1) ** 2 / others, k - (k - 1) ** 2 / others) - 1
    return F.when((r > 1) & (k > 1) & (fewer > 0), F.least(F.lit(1.0), F.sqrt(phi / fewer)))
