"""Relate columns of a table to each other, pair by pair.

Reads: clients, credit, transactions. Writes: correlations, associations.
Every pair of every table goes through the same two group-bys, so a pair more costs no Spark job more.
"""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.explore.columns import ROLES, long_numbers, with_derived

SAMPLED_ABOVE = 1_000_000  # rows; ranks need a sort, and a million give a correlation to ± 0.002


def main(job: Job) -> None:
    """Publish correlations of numbers and associations of categories."""
    tables = {name: job.read(name) for name in job.step.reads}
    tables["transactions"] = with_derived(tables["transactions"])
    ranked = [
        ranked_numbers(sampled(table, job.settings.seed), name, ROLES[name].key, ROLES[name].numbers)
        for name, table in tables.items()
    ]
    job.publish("correlations", correlations(reduce(DataFrame.unionByName, ranked)))
    cells = [contingency(table, name, ROLES[name].categories) for name, table in tables.items()]
    job.publish("associations", associations(reduce(DataFrame.unionByName, cells)))


def sampled(table: DataFrame, seed: int) -> DataFrame:
    """The table itself, or a seeded sample of about SAMPLED_ABOVE rows of a larger one."""
    rows = table.count()
    return table if rows <= SAMPLED_ABOVE else table.sample(fraction=SAMPLED_ABOVE / rows, seed=seed)


def ranked_numbers(table: DataFrame, dataset: str, key: str, numbers: Sequence[str]) -> DataFrame:
    """One row per row of the table: dataset, numbers ARRAY<STRUCT<position, column_name, number, rank>>.

    Nulls are left out. Equal numbers share the mean of their ranks, as Spearman's correlation needs it.
    """
    values = long_numbers(table, [F.col(key).cast("string").alias("key")], numbers).where("number IS NOT NULL")
    by_column = Window.partitionBy("column_name")
    equals = F.count(F.lit(1)).over(Window.partitionBy("column_name", "number"))
    rank = F.rank().over(by_column.orderBy("number")) + (equals - 1) / 2
    position = F.array_position(F.lit(list(numbers)), F.col("column_name"))
    item = F.struct(position.alias("position"), "column_name", "number", rank.alias("rank"))
    ranked = values.select("key", item.alias("item"))
    return (
        ranked.groupBy("key")
        .agg(F.collect_list("item").alias("numbers"))
        .select(F.lit(dataset).alias("dataset"), "numbers")
    )


def correlations(ranked: DataFrame) -> DataFrame:
    """Pearson and Spearman correlation of each pair, from the rows of `ranked_numbers`: the columns of correlations."""
    return (
        pairs(ranked, "numbers")
        .groupBy("dataset", F.col("a.column_name").alias("column_a"), F.col("b.column_name").alias("column_b"))
        .agg(
            F.count(F.lit(1)).alias("row_count"),
            defined(F.corr("a.number", "b.number")).alias("pearson"),
            defined(F.corr("a.rank", "b.rank")).alias("spearman"),
        )
    )


def pairs(rows: DataFrame, items: str) -> DataFrame:
    """One row per pair of items of a row: its other columns, the structs a and b, a.position below b.position."""
    others = [name for name in rows.columns if name != items]
    first = rows.select("*", F.explode(items).alias("a"))
    later = F.filter(items, lambda item: item["position"] > F.col("a.position"))
    return first.select(*others, "a", F.explode(later).alias("b"))


def defined(correlation: Column) -> Column:
    """The correlation, null where a column does not vary."""
    return F.when(~F.isnan(correlation), correlation)


def contingency(table: DataFrame, dataset: str, categories: Sequence[str]) -> DataFrame:
    """One row per pair of categorical columns and of their values: dataset, column_a, column_b, a, b, cell BIGINT."""
    struct = [
        F.struct(
            F.lit(place).alias("position"), F.lit(name).alias("column_name"), F.col(name).cast("string").alias("value")
        )
        for place, name in enumerate(categories)
    ]
    # rows that are alike in all categories are counted first: the pairs are far fewer then
    alike = (
        table.groupBy(*categories)
        .count()
        .select(F.lit(dataset).alias("dataset"), "count", F.array(*struct).alias("values"))
    )
    return (
        pairs(alike, "values")
        .where("a.value IS NOT NULL AND b.value IS NOT NULL")
        .groupBy(
            "dataset",
            F.col("a.column_name").alias("column_a"),
            F.col("b.column_name").alias("column_b"),
            F.col("a.value").alias("a"),
            F.col("b.value").alias("b"),
        )
        .agg(F.sum("count").alias("cell"))
    )


def associations(cells: DataFrame) -> DataFrame:
    """Chi-squared and Cramér's V of each pair, from the rows of `contingency`: the columns of associations.

    V is corrected for bias after Bergsma (2013), Journal of the Korean Statistical Society 42, 323-328.
    """
    pair = ["dataset", "column_a", "column_b"]
    total_a = F.sum("cell").over(Window.partitionBy(*pair, "a"))
    total_b = F.sum("cell").over(Window.partitionBy(*pair, "b"))
    # chi² = n (Σ cell² / (row total · column total) - 1), to which empty cells add nothing
    part = F.col("cell").cast("double") ** 2 / (F.col("total_a") * F.col("total_b"))
    return (
        cells.withColumn("row_count", F.sum("cell").over(Window.partitionBy(*pair)))
        .withColumns({"total_a": total_a, "total_b": total_b})
        .groupBy(*pair, "row_count")
        .agg(
            F.count_distinct("a").alias("categories_a"),
            F.count_distinct("b").alias("categories_b"),
            (F.col("row_count") * F.greatest(F.sum(part) - 1, F.lit(0.0))).alias("chi_squared"),
        )
        .select("*", cramers_v().alias("cramers_v"))
    )


def cramers_v() -> Column:
    """Bias-corrected Cramér's V from chi_squared, row_count n, categories_a and categories_b; null if one is 1.

    φ² = max(0, chi²/n - (r-1)(k-1)/(n-1)), r' = r - (r-1)²/(n-1), k' likewise, V = √(φ² / min(r'-1, k'-1)).
    """
    n, r, k = F.col("row_count"), F.col("categories_a"), F.col("categories_b")
    phi = F.greatest(F.lit(0.0), F.col("chi_squared") / n - (r - 1) * (k - 1) / (n - 1))
    corrected = F.least(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1))
    return F.when((r > 1) & (k > 1) & (corrected > 1), F.least(F.lit(1.0), F.sqrt(phi / (corrected - 1))))
