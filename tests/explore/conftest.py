"""Real data sets as typed tables, read without ingest; skipped by name where they are not there."""

from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

CLIENTS = (
    "age INT, job STRING, marital STRING, education STRING, in_default STRING, balance DECIMAL(18,2), housing STRING, "
    "loan STRING, contact STRING, day INT, month STRING, duration INT, campaign INT, pdays INT, previous INT, "
    "poutcome STRING, subscribed STRING"
)
CREDIT = (
    "client_id BIGINT, credit_limit DECIMAL(18,2), sex INT, education INT, marriage INT, age INT, pay_0 INT, "
    "pay_2 INT, pay_3 INT, pay_4 INT, pay_5 INT, pay_6 INT, "
    + ", ".join(f"{kind}_amt{month} DECIMAL(18,2)" for kind in ("bill", "pay") for month in range(1, 7))
    + ", defaulted INT"
)
TRANSACTIONS = (
    "transaction_id STRING, customer_id STRING, birth STRING, gender STRING, location STRING, balance DECIMAL(18,2), "
    "transaction_date DATE, transaction_time INT, amount DECIMAL(18,2)"
)


def _read(spark: SparkSession, path: Path, schema: str, separator: str = ",") -> DataFrame:
    reader = spark.read.schema(schema).option("header", True).option("sep", separator)
    return reader.option("dateFormat", "dd-MM-yyyy").csv(str(path))


@pytest.fixture(scope="session")
def bank(spark, shared) -> DataFrame:
    """The 4,521 clients of bank.csv."""
    return _read(spark, shared / "bank.csv", CLIENTS, ";")


@pytest.fixture(scope="session")
def bank_full(spark, shared) -> DataFrame:
    """The 45,211 clients of bank-full.csv."""
    return _read(spark, shared / "bank-full.csv", CLIENTS, ";")


@pytest.fixture(scope="session")
def real_credit(spark, shared) -> DataFrame:
    """The 30,000 clients of UCI_Credit_Card.csv."""
    return _read(spark, shared / "UCI_Credit_Card.csv", CREDIT)


@pytest.fixture(scope="session")
def real_transactions(spark, shared) -> DataFrame:
    """The 20,000 transactions, birth dates as text."""
    return _read(spark, shared / "bank_transactions_20k.csv", TRANSACTIONS)
