"""One row per customer: who they are at their last transaction, how much they move, when, and how regularly.

Reads: transactions, and load_runs for what was cleaned at the load. Writes: customers, customer_cleaning.

What a customer's transactions say differently (birth date, gender, place, balance) is taken from the latest that says
anything. One shuffle and one sort by customer, so millions of transactions pass in little memory.
"""

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.current_loads import current_loads
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.segments.cleaning import counted, usable
from jobs.segments.customer_samples import own

PARTS = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEPT = (
    *("customer_id", "birth_date", "age", "gender", "place", "balance", "transactions"),
    *("amount_sum", "amount_mean", "amount_max", "first_at", "last_at", "recency_days"),
    *(f"share_{name}" for name in (*PARTS, *WEEKDAYS)),
    *("amount_to_balance", "regularity", "contradicts"),
)


def main(job: Job) -> None:
    """Publish customers, then how the transactions were cleaned."""
    transactions = job.read("transactions")
    job.publish("customers", customers(transactions))
    steps = counted(load(job), transactions, own(job, "customers"))
    publish(job, "customer_cleaning", steps)
    job.rows_in["transactions"] = int(steps[steps["step"] == "customer_known"]["before"].sum())


def load(job: Job) -> pd.DataFrame:
    """The row of load_runs of the transactions as they are; none if they came otherwise."""
    loads = job.read("load_runs").where("dataset = 'transactions'").toPandas()
    return current_loads(
        loads, {"transactions": tables.content(tables.version(job.spark, job.settings, "transactions"))}
    )


def customers(transactions: DataFrame) -> DataFrame:
    """The rows of `customers`, one for each customer with a usable transaction."""
    last_day = transactions.agg(F.max("transaction_date").alias("last_day"))
    by_customer = with_gap(usable(transactions)).groupBy("customer_id").agg(*_facts(), *_money(), *_times())
    return with_derived(by_customer.crossJoin(F.broadcast(last_day))).select(*KEPT)


def with_gap(transactions: DataFrame) -> DataFrame:
    """Add `gap`, the days since the customer's transaction before; null for the first."""
    moments = Window.partitionBy("customer_id").orderBy("transaction_at", "transaction_id")
    gap = F.date_diff("transaction_date", F.lag("transaction_date").over(moments))
    return transactions.withColumn("gap", gap.cast("double"))


def latest(name: str) -> Column:
    """The value of the customer's latest transaction that has one."""
    when = F.struct("transaction_at", "transaction_id")
    return F.max_by(name, F.when(F.isnotnull(name), when)).alias(name)


def _facts() -> list[Column]:
    differ = [F.min(name) != F.max(name) for name in ("birth_date", "gender")]
    return [
        *[latest(name) for name in ("birth_date", "gender", "place", "balance")],
        F.coalesce(differ[0] | differ[1], differ[0], differ[1], F.lit(False)).alias("contradicts"),
        F.min("transaction_at").alias("first_at"),
        F.max("transaction_at").alias("last_at"),
        F.mean("gap").alias("gap_mean"),
        F.stddev_pop("gap").alias("gap_spread"),
    ]


def _money() -> list[Column]:
    return [
        F.count(F.lit(1)).alias("transactions"),
        F.sum("amount").alias("amount_sum"),
        F.max("amount").alias("amount_max"),
    ]


def _times() -> list[Column]:
    part, weekday = F.floor(F.hour("transaction_at") / 6), F.weekday("transaction_date")
    return [
        *[F.avg((part == place).cast("int")).alias(f"share_{name}") for place, name in enumerate(PARTS)],
        *[F.avg((weekday == place).cast("int")).alias(f"share_{name}") for place, name in enumerate(WEEKDAYS)],
    ]


def with_derived(rows: DataFrame) -> DataFrame:
    """Add mean amount, age and recency in whole years and days, amount to balance, and regularity.

    Regularity is mean / (mean + spread) of the days between transactions: 1 like clockwork, towards 0 in bursts; null
    for fewer than three transactions, or if all are of one day.
    """
    mean = F.col("amount_sum") / F.col("transactions")
    regularity = F.col("gap_mean") / F.nullif(F.col("gap_mean") + F.col("gap_spread"), F.lit(0.0))
    return rows.withColumns(
        {
            "amount_mean": mean.cast("decimal(18,2)"),
            "age": F.floor(F.months_between(F.to_date("last_at"), "birth_date") / 12).cast("int"),
            "recency_days": F.date_diff("last_day", F.to_date("last_at")),
            "amount_to_balance": F.when(F.col("balance") > 0, mean.cast("double") / F.col("balance").cast("double")),
            "regularity": F.when(F.col("transactions") >= 3, regularity),
        }
    )
