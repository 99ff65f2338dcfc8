"""Patterns over months, ages, days and places.

Reads: clients, credit, transactions. Writes: month_patterns, age_patterns, daily_volume, place_totals.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.explore.long_tables import iso_weekday, with_derived
from jobs.explore.wilson import with_rate

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
AGES = (25, 35, 45, 55, 65)  # where the next band begins
PLACES = 20


def main(job: Job) -> None:
    """Publish the four tables of patterns."""
    clients, credit, transactions = (job.read(name) for name in ("clients", "credit", "transactions"))
    job.publish("month_patterns", month_patterns(clients))
    bands = [
        age_bands(clients, "clients", F.col("subscribed") == "yes", "balance"),
        age_bands(credit, "credit", F.col("defaulted") == 1, "credit_limit"),
        age_bands(with_derived(transactions), "transactions", F.lit(None).cast("boolean"), "amount"),
    ]
    job.publish("age_patterns", age_patterns(reduce(DataFrame.unionByName, bands)))
    job.publish("daily_volume", daily_volume(transactions))
    job.publish("place_totals", place_totals(transactions))


def month_patterns(clients: DataFrame) -> DataFrame:
    """Contacts and subscriptions by month, in calendar order: the columns of month_patterns."""
    number = F.array_position(F.lit(list(MONTHS)), F.col("month"))
    counted = clients.groupBy("month").agg(
        F.count(F.lit(1)).alias("contacts"), F.count_if(F.col("subscribed") == "yes").alias("subscribed")
    )
    in_order = counted.withColumn("month_number", number).coalesce(1).sort("month_number")
    return with_rate(in_order, "subscribed", "contacts")


def age_bands(rows: DataFrame, dataset: str, happened: Column, money: str) -> DataFrame:
    """One row per row: dataset, position INT and age_band of the column age, happened BOOLEAN, money DOUBLE."""
    position, band = F.lit(len(AGES) + 1), F.lit(f"{AGES[-1]} and over")
    for place in range(len(AGES) - 1, -1, -1):
        younger = F.col("age") < AGES[place]
        name = f"{AGES[place - 1]}-{AGES[place] - 1}" if place else f"under {AGES[0]}"
        position, band = F.when(younger, place + 1).otherwise(position), F.when(younger, name).otherwise(band)
    unknown = F.isnull("age")
    return rows.select(
        F.lit(dataset).alias("dataset"),
        F.when(unknown, len(AGES) + 2).otherwise(position).alias("position"),
        F.when(unknown, "unknown").otherwise(band).alias("age_band"),
        happened.alias("happened"),
        F.col(money).cast("double").alias("money"),
    )


def age_patterns(bands: DataFrame) -> DataFrame:
    """Aggregate the rows of `age_bands`: the columns of age_patterns."""
    counted = bands.groupBy("dataset", "position", "age_band").agg(
        F.count(F.lit(1)).alias("row_count"),
        F.sum(F.col("happened").cast("int")).alias("positives"),
        F.mean("money").alias("mean_money"),
    )
    return with_rate(counted.coalesce(1).sort("dataset", "position"), "positives", "row_count")


def daily_volume(transactions: DataFrame) -> DataFrame:
    """Count and sum by day: the columns of daily_volume."""
    totals = transactions.groupBy("transaction_date").agg(
        F.count(F.lit(1)).alias("transactions"), F.sum("amount").alias("amount")
    )
    return totals.withColumn("weekday", iso_weekday("transaction_date")).coalesce(1).sort("transaction_date")


def place_totals(transactions: DataFrame) -> DataFrame:
    """The first PLACES places by count and by sum: the columns of place_totals."""
    place = F.nullif(F.upper(F.trim("location")), F.lit(""))
    totals = (
        transactions.groupBy(place.alias("place"))
        .agg(F.count(F.lit(1)).alias("transactions"), F.sum("amount").alias("amount"))
        .where("place IS NOT NULL")
    )
    by_count, by_amount = (Window.orderBy(F.desc(name), "place") for name in ("transactions", "amount"))
    return (
        totals.withColumn("rank_by_count", F.row_number().over(by_count))
        .withColumn("rank_by_amount", F.row_number().over(by_amount))
        .where(F.least("rank_by_count", "rank_by_amount") <= PLACES)
        .sort("rank_by_count")
    )
