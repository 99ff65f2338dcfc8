"""Aggregate transactions to one row per customer: who they are, how much they spend, when, and how regularly.

Reads: transactions, and load_runs for the cleaning done at load time. Writes: customers, customer_cleaning.

If a customer's transactions disagree about birth date, gender, city or balance, the latest non-null value counts. All
aggregates need only one shuffle and one sort by customer, so millions of transactions need little memory.
"""

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.current_loads import current_loads
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.dimensions import DAY_PARTS, WEEKDAYS
from jobs.segments.cleaning import cleaning_rows, usable
from jobs.segments.sampling import read_own_table

LATEST = ("birth_date", "gender", "city", "balance")
MIN_TRANSACTIONS = 3  # for a regularity: fewer transactions have at most one gap
EARLIER_DAYS = 30  # tiers are compared with those of this many days before the last transaction in the data
SECONDS_PER_DAY = 86_400.0


def main(job: Job) -> None:
    """Publish customers, then the cleaning steps."""
    transactions = job.read("transactions")
    job.publish("customers", aggregate_customers(transactions))
    steps = cleaning_rows(current_load(job), transactions, read_own_table(job, "customers"))
    publish(job, "customer_cleaning", steps)
    job.rows_in["transactions"] = int(steps[steps["step"] == "customer_known"]["before"].sum())


def current_load(job: Job) -> pd.DataFrame:
    """Return the load_runs row of the published transactions; no row if they were not loaded by ingest."""
    loads = job.read("load_runs").where("dataset = 'transactions'").toPandas()
    version = tables.version(job.spark, job.settings, "transactions")
    return current_loads(loads, {"transactions": tables.content(version)})


def aggregate_customers(transactions: DataFrame) -> DataFrame:
    """Return the rows of customers: one for each customer with a usable transaction.

    Args:
        transactions: the table transactions.

    """
    (found,) = transactions.agg(F.max("transaction_date")).collect()
    last_day = F.lit(found[0]).cast("date")
    aggregates = [*_latest_values(), *_amounts(), *_earlier_values(last_day), *_rhythm(), *_time_shares()]
    by_customer = with_previous(usable(transactions)).groupBy("customer_id").agg(*aggregates)
    return with_derived_columns(by_customer, last_day).select(*tables.columns("customers"))


def with_previous(transactions: DataFrame) -> DataFrame:
    """Add what changed since the customer's previous transaction; null for the first one.

    The columns are `gap` (days), and `city_changed` (1 or 0; null as well if one of the cities is unknown).
    """
    by_time = Window.partitionBy("customer_id").orderBy("transaction_at", "transaction_id")
    gap = F.date_diff("transaction_date", F.lag("transaction_date").over(by_time))
    city_changed = F.col("city") != F.lag("city").over(by_time)
    return transactions.withColumns({"gap": gap.cast("double"), "city_changed": city_changed.cast("int")})


def with_derived_columns(rows: DataFrame, last_day: Column) -> DataFrame:
    """Add mean amount, age (whole years), recency (days), amount to balance, regularity and trend.

    Regularity is mean / (mean + standard deviation) of the gaps between transactions: 1 for perfectly regular ones,
    close to 0 for bursts. It is null for customers with fewer than MIN_TRANSACTIONS, or with all of them on one day.
    Trend says when the amounts were spent between the first transaction and the last day in the data: 0 evenly, 1 all
    at the end, -1 all at the beginning.

    Args:
        rows: the aggregates of each customer.
        last_day: day of the last transaction in the data.

    """
    mean = F.col("amount_sum") / F.col("transactions")
    regularity = F.col("gap_mean") / F.nullif(F.col("gap_mean") + F.col("gap_deviation"), F.lit(0.0))
    has_balance, has_gaps = F.col("balance") > 0, F.col("transactions") >= MIN_TRANSACTIONS
    first_day = F.unix_date(F.to_date("first_at"))
    days = F.nullif(F.unix_date(last_day) - first_day, F.lit(0))
    return rows.withColumns(
        {
            "amount_mean": mean.cast("decimal(18,2)"),
            "age": F.floor(F.months_between(F.to_date("last_at"), "birth_date") / 12).cast("int"),
            "recency_days": F.date_diff(last_day, F.to_date("last_at")),
            "amount_to_balance": F.when(has_balance, mean.cast("double") / F.col("balance").cast("double")),
            "regularity": F.when(has_gaps, regularity),
            "trend": 2 * (F.col("amount_day") - first_day) / days - 1,
        }
    )


def _latest_values() -> list[Column]:
    births_differ, genders_differ = (F.min(name) != F.max(name) for name in ("birth_date", "gender"))
    contradicts = F.coalesce(births_differ, F.lit(False)) | F.coalesce(genders_differ, F.lit(False))
    return [*map(_latest, LATEST), contradicts.alias("contradicts")]


def _latest(name: str) -> Column:
    """The value of the customer's latest transaction in which it is not null."""
    moment = F.struct("transaction_at", "transaction_id")
    return F.max_by(name, F.when(F.isnotnull(name), moment)).alias(name)


def _amounts() -> list[Column]:
    return [
        F.count(F.lit(1)).alias("transactions"),
        F.sum("amount").alias("amount_sum"),
        F.max("amount").alias("amount_max"),
    ]


def _earlier_values(last_day: Column) -> list[Column]:
    """The values of the tiers, as they were EARLIER_DAYS before the last day; null for customers who came later."""
    is_earlier = F.col("transaction_date") <= F.date_sub(last_day, EARLIER_DAYS)
    moment = F.struct("transaction_at", "transaction_id")
    return [
        F.nullif(F.count_if(is_earlier), F.lit(0)).alias("earlier_transactions"),
        F.sum(F.when(is_earlier, F.col("amount"))).alias("earlier_amount_sum"),
        F.max(F.when(is_earlier, F.col("transaction_at"))).alias("earlier_last_at"),
        F.max_by("balance", F.when(is_earlier & F.isnotnull("balance"), moment)).alias("earlier_balance"),
    ]


def _rhythm() -> list[Column]:
    """When and how evenly a customer pays; `amount_day` is the mean day of the payments, weighted with the amounts."""
    amount = F.col("amount").cast("double")
    return [
        F.min("transaction_at").alias("first_at"),
        F.max("transaction_at").alias("last_at"),
        F.mean("gap").alias("gap_mean"),
        F.max("gap").alias("gap_max"),
        F.stddev_pop("gap").alias("gap_deviation"),
        F.stddev_pop(F.ln(amount)).alias("amount_variation"),
        F.mean("city_changed").alias("city_changes"),
        (F.sum(amount * F.unix_date("transaction_date")) / F.sum(amount)).alias("amount_day"),
    ]


def _time_shares() -> list[Column]:
    """The shares of the transactions in each day part and on each weekday (1 is Monday)."""
    in_part = {name: F.col("day_part") == name for name in DAY_PARTS}
    on_day = {name: F.col("weekday") == number for number, name in enumerate(WEEKDAYS, 1)}
    return [F.avg(hit.cast("int")).alias(f"share_{name}") for name, hit in (in_part | on_day).items()]
