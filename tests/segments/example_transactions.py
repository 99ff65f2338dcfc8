"""Invented transactions as rows of the table transactions, with the derived columns of its contract."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
from pyspark.sql import DataFrame, SparkSession

from jobs.core.contracts import load_contract
from jobs.ingest.check import add_derived

SOURCE_COLUMNS = (
    "transaction_id STRING, customer_id STRING, birth_date DATE, gender STRING, location STRING, "
    "balance DECIMAL(18,2), transaction_date DATE, transaction_time INT, amount DECIMAL(18,2)"
)
BIRTH = date(1986, 8, 1)
GROUPS = ((1_000, 100, 22), (40_000, 900, 40), (900_000, 300, 66), (200_000, 20_000, 50))
"""Balance, amount and age around which `crowd` generates its customers."""


def transaction(number, customer, moment, amount=100, balance=1000, birth=BIRTH, gender="F", location="MUMBAI"):
    """One row of SOURCE_COLUMNS; `moment` is text such as 2016-08-01 14:30."""
    at = datetime.fromisoformat(moment)
    balance, amount = (None if value is None else Decimal(str(value)) for value in (balance, amount))
    time = at.hour * 10_000 + at.minute * 100 + at.second
    return (f"T{number}", customer, birth, gender, location, balance, at.date(), time, amount)


def crowd(customers, seed=1, groups=GROUPS):
    """One transaction for each customer, in tight groups of equal size; customer C<n> belongs to group n % 4."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        balance, amount, age = groups[number % len(groups)]
        noise = np.exp(0.1 * rng.standard_normal(2))
        birth = date(2016 - age - int(rng.integers(0, 2)), 1, 1 + number % 28)
        moment = f"2016-08-{1 + number % 28:02d} {number % 24:02d}:00:00"
        rows.append(
            transaction(
                number,
                f"C{number}",
                moment,
                amount=round(amount * noise[1], 2),
                balance=round(balance * noise[0], 2),
                birth=birth,
            )
        )
    return rows


def transactions(spark: SparkSession, rows) -> DataFrame:
    """The rows as a DataFrame with all columns of the table transactions."""
    return with_derived(spark.createDataFrame(rows, SOURCE_COLUMNS))


def with_derived(rows: DataFrame) -> DataFrame:
    """Add the derived columns of the contract."""
    return add_derived(rows, load_contract("transactions"))
