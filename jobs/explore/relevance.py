"""Rank the features by how much they reveal about the outcome.

Reads: subscription_rates, default_rates. Writes: feature_relevance.
Mutual information needs only the counts by category and band, so the source tables aren't read again.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.job import Job


def main(job: Job) -> None:
    """Publish the relevance of all features for both outcomes."""
    subscribed = labelled(job.read("subscription_rates"), "clients")
    defaulted = labelled(job.read("default_rates"), "credit")
    job.publish("feature_relevance", feature_relevance(subscribed.unionByName(defaulted)))


def labelled(rates: DataFrame, dataset: str) -> DataFrame:
    """Add the names of the data set and its outcome to the counts."""
    return rates.select(
        F.lit(dataset).alias("dataset"),
        F.lit(load_contract(dataset).outcome.name).alias("label"),
        "feature",
        "row_count",
        "positives",
        "known_afterwards",
    )


def feature_relevance(counts: DataFrame) -> DataFrame:
    """Mutual information of each feature with its label, in bits.

    I = H(label) - Σ n_bin/n · H(label | bin), Cover and Thomas (2006), Elements of Information Theory, 2.4.

    Args:
        counts: dataset, label, feature, known_afterwards, and row_count and positives of each bin.

    Returns:
        The columns of feature_relevance.

    """
    by_label = Window.partitionBy("dataset", "label").orderBy(F.desc("mutual_information"), "feature")
    within = F.sum(F.col("row_count") * entropy("positives", "row_count")) / F.sum("row_count")
    return (
        counts.groupBy("dataset", "label", "feature", "known_afterwards")
        .agg(
            F.count(F.lit(1)).alias("bins"),
            F.sum("row_count").alias("n"),
            F.sum("positives").alias("yes"),
            within.alias("within"),
        )
        .withColumn("uncertainty", entropy("yes", "n"))
        .withColumn("mutual_information", F.greatest(F.lit(0.0), F.col("uncertainty") - F.col("within")))
        .withColumn("uncertainty_removed", F.col("mutual_information") / F.nullif("uncertainty", F.lit(0.0)))
        .withColumn("rank", F.row_number().over(by_label))
        .drop("n", "yes", "within", "uncertainty")
    )


def entropy(positives: str, total: str) -> Column:
    """Entropy in bits of a binary outcome with these counts; 0 if the outcome never varies."""
    share = F.col(positives) / F.col(total)
    return -(_term(share) + _term(1 - share))


def _term(share: Column) -> Column:
    return F.when(share > 0, share * F.log2(share)).otherwise(0.0)
