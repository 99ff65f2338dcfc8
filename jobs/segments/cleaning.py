"""The cleaning steps from a file of transactions to customers, with the number of rows each step removed or changed."""

from typing import NamedTuple

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core import tables

REASONS = {
    "contract_kept": "Rows of the file that break the contract go to rejected_rows, with the reasons.",
    "birth_possible": "A birth date before 1900 or after the transaction becomes null.",
    "gender_possible": "A gender other than M or F becomes null.",
    "customer_known": "A transaction without a customer number cannot be attributed to anyone.",
    "amount_positive": "An amount of zero says nothing about a customer's spending.",
    "city_conformed": "The city is the location up to the first comma, in upper case, without quotes and extra spaces.",
    "contradictions_resolved": "If a customer has several birth dates or genders, the latest transaction's counts.",
    "balance_known": "Customers without a balance are not in the search, but still get a segment from other features.",
    "age_known": "Customers without an age are not in the search, but still get a segment from other features.",
}


class StepCount(NamedTuple):
    """How many rows (transactions or customers, as `unit` says) one cleaning step saw, removed and changed."""

    step: str
    unit: str
    before: int
    removed: int
    changed: int


def customer_known() -> Column:
    """True if the customer number is not blank."""
    return F.trim("customer_id") != ""


def amount_positive() -> Column:
    """True if the amount is not zero. The contract already rejects negative amounts."""
    return F.col("amount") > 0


def usable(transactions: DataFrame) -> DataFrame:
    """Keep the transactions that pass both removing steps."""
    return transactions.where(customer_known() & amount_positive())


def cleaning_rows(loads: pd.DataFrame, transactions: DataFrame, customers: DataFrame) -> pd.DataFrame:
    """Return the rows of customer_cleaning, in the order of the steps.

    Args:
        loads: the load_runs row of the published transactions. If it is empty, the steps of the file are left out.
        transactions: the table transactions.
        customers: the customers aggregated from these transactions.

    """
    counts = [*_file_steps(loads), *_transaction_steps(transactions), *_customer_steps(customers)]
    rows = [
        {
            "position": position,
            **count._asdict(),
            "after": count.before - count.removed,
            "why": REASONS[count.step],
        }
        for position, count in enumerate(counts, 1)
    ]
    return pd.DataFrame(rows, columns=tables.columns("customer_cleaning"))


def _file_steps(loads: pd.DataFrame) -> list[StepCount]:
    counts = []
    for load in loads.to_dict("records"):
        loaded, nulled = load["rows_loaded"], load["nulled"]
        counts += [
            StepCount("contract_kept", "transactions", load["rows_in"], load["rows_rejected"], 0),
            StepCount("birth_possible", "transactions", loaded, 0, nulled.get("birth_date", 0)),
            StepCount("gender_possible", "transactions", loaded, 0, nulled.get("gender", 0)),
        ]
    return counts


def _transaction_steps(transactions: DataFrame) -> list[StepCount]:
    no_customer = ~F.coalesce(customer_known(), F.lit(False))
    no_amount = customer_known() & ~F.coalesce(amount_positive(), F.lit(False))
    city_differs = customer_known() & amount_positive() & ~F.col("city").eqNullSafe(F.col("location"))
    (row,) = transactions.agg(
        F.count(F.lit(1)).alias("rows"),
        F.count_if(no_customer).alias("no_customer"),
        F.count_if(no_amount).alias("no_amount"),
        F.count_if(city_differs).alias("city_differs"),
    ).collect()
    with_customer = row["rows"] - row["no_customer"]
    with_amount = with_customer - row["no_amount"]
    return [
        StepCount("customer_known", "transactions", row["rows"], row["no_customer"], 0),
        StepCount("amount_positive", "transactions", with_customer, row["no_amount"], 0),
        StepCount("city_conformed", "transactions", with_amount, 0, row["city_differs"]),
    ]


def _customer_steps(customers: DataFrame) -> list[StepCount]:
    (row,) = customers.agg(
        F.count(F.lit(1)).alias("customers"),
        F.count_if("contradicts").alias("contradicting"),
        F.count_if(F.isnull("balance")).alias("without_balance"),
        F.count_if(F.isnotnull("balance") & F.isnull("age")).alias("without_age"),
    ).collect()
    return [
        StepCount("contradictions_resolved", "customers", row["customers"], 0, row["contradicting"]),
        StepCount("balance_known", "customers", row["customers"], 0, row["without_balance"]),
        StepCount("age_known", "customers", row["customers"], 0, row["without_age"]),
    ]
