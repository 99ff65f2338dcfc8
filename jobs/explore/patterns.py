"""Patterns by month, age, day, time of day and city.

Reads: clients, credit, transactions. Writes: month_patterns, age_patterns, daily_volume, city_volume, intraday_volume,
city_totals.
"""

from functools import reduce

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.dimensions import AGE_BANDS
from jobs.explore.wilson import with_rate

UNKNOWN = "unknown"
TOP_CITIES = 20
VOLUME_CITIES = 50
"""Cities with most transactions that have rows of their own in city_volume."""
OTHER_CITIES = "(other)"


def main(job: Job) -> None:
    """Publish all tables of patterns."""
    clients, credit, transactions = (job.read(name) for name in ("clients", "credit", "transactions"))
    publish(job, "month_patterns", month_patterns(clients))
    bands = [
        age_bands(clients, "clients", F.col("subscribed") == "yes", "balance"),
        age_bands(credit, "credit", F.col("defaulted") == 1, "credit_limit"),
        age_bands(transactions, "transactions", F.lit(None).cast("boolean"), "amount"),
    ]
    publish(job, "age_patterns", age_patterns(reduce(DataFrame.unionByName, bands)))
    job.publish("daily_volume", daily_volume(transactions))
    job.publish("city_volume", city_volume(transactions))
    job.publish("intraday_volume", intraday_volume(transactions))
    job.publish("city_totals", city_totals(transactions))


def month_patterns(clients: DataFrame) -> pd.DataFrame:
    """Contacts and subscriptions by month, in calendar order: the columns of month_patterns."""
    counted = clients.groupBy("month_number", "month").agg(
        F.count(F.lit(1)).alias("contacts"), F.count_if(F.col("subscribed") == "yes").alias("subscribed")
    )
    return with_rate(counted.sort("month_number").toPandas(), "subscribed", "contacts")


def age_bands(rows: DataFrame, dataset: str, happened: Column, money: str) -> DataFrame:
    """The columns that `age_patterns` aggregates, one row per input row.

    Args:
        rows: a table with the column age_band.
        dataset: name of the table.
        happened: whether the outcome occurred; null for a table without an outcome.
        money: name of the column whose mean is wanted.

    Returns:
        dataset STRING, age_band STRING (unknown instead of null), happened BOOLEAN, money DOUBLE.

    """
    return rows.select(
        F.lit(dataset).alias("dataset"),
        F.coalesce("age_band", F.lit(UNKNOWN)).alias("age_band"),
        happened.alias("happened"),
        F.col(money).cast("double").alias("money"),
    )


def age_patterns(bands: DataFrame) -> pd.DataFrame:
    """Aggregate the rows of `age_bands`, youngest band first: the columns of age_patterns."""
    position = F.array_position(F.lit([*AGE_BANDS, UNKNOWN]), F.col("age_band"))
    counted = bands.groupBy("dataset", position.alias("position"), "age_band").agg(
        F.count(F.lit(1)).alias("row_count"),
        F.sum(F.col("happened").cast("int")).alias("positives"),
        F.mean("money").alias("mean_money"),
    )
    return with_rate(counted.sort("dataset", "position").toPandas(), "positives", "row_count")


def daily_volume(transactions: DataFrame) -> DataFrame:
    """Number and sum of the transactions by day: the columns of daily_volume."""
    totals = transactions.groupBy("transaction_date", "weekday").agg(
        F.count(F.lit(1)).alias("transactions"), F.sum("amount").alias("amount")
    )
    return totals.coalesce(1).sort("transaction_date")


def city_volume(transactions: DataFrame) -> DataFrame:
    """Number, amount and balances by day and city, small cities taken together: the columns of city_volume."""
    sizes = transactions.where("city IS NOT NULL").groupBy("city").count()
    largest = sizes.orderBy(F.desc("count"), "city").limit(VOLUME_CITIES).select("city", F.lit(True).alias("is_large"))
    city = F.when(F.col("is_large"), F.col("city")).otherwise(OTHER_CITIES)
    totals = (
        transactions.join(F.broadcast(largest), "city", "left")
        .groupBy("transaction_date", city.alias("city"))
        .agg(
            F.count(F.lit(1)).alias("transactions"),
            F.sum("amount").alias("amount"),
            F.count("balance").alias("balances"),
            F.coalesce(F.sum("balance"), F.lit(0)).alias("balance_sum"),
        )
    )
    return totals.coalesce(1).sort("transaction_date", "city")


def intraday_volume(transactions: DataFrame) -> DataFrame:
    """Number of transactions by weekday and slot of ten minutes: the columns of intraday_volume."""
    slot = F.expr("transaction_time div 10000 * 6 + transaction_time div 100 % 100 div 10").cast("int").alias("slot")
    counted = transactions.groupBy("weekday", slot).agg(F.count(F.lit(1)).alias("transactions"))
    return counted.coalesce(1).sort("weekday", "slot")


def city_totals(transactions: DataFrame) -> DataFrame:
    """The TOP_CITIES cities by number and by sum of their transactions: the columns of city_totals."""
    totals = (
        transactions.where("city IS NOT NULL")
        .groupBy("city")
        .agg(F.count(F.lit(1)).alias("transactions"), F.sum("amount").alias("amount"))
    )
    by_count, by_amount = (Window.orderBy(F.desc(name), "city") for name in ("transactions", "amount"))
    return (
        totals.withColumn("rank_by_count", F.row_number().over(by_count))
        .withColumn("rank_by_amount", F.row_number().over(by_amount))
        .where(F.least("rank_by_count", "rank_by_amount") <= TOP_CITIES)
        .sort("rank_by_count")
    )
