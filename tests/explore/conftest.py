"""Real data sets as typed tables, read without ingest. Tests that use them are skipped where the files are missing."""

from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.ingest.check import add_derived

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
    "transaction_id STRING, customer_id STRING, birth_date STRING, gender STRING, location STRING, "
    "balance DECIMAL(18,2), transaction_date DATE, transaction_time INT, amount DECIMAL(18,2)"
)


def _read(spark: SparkSession, path: Path, schema: str, separator: str = ",") -> DataFrame:
    reader = spark.read.schema(schema).option("header", True).option("sep", separator)
    return reader.option("dateFormat", "dd-MM-yyyy").csv(str(path))


@pytest.fixture(scope="session")
def bank(spark, shared) -> DataFrame:
    """The 4,521 clients of bank.csv."""
    return add_derived(_read(spark, shared / "bank.csv", CLIENTS, ";"), load_contract("clients"))


@pytest.fixture(scope="session")
def bank_full(spark, shared) -> DataFrame:
    """The 45,211 clients of bank-full.csv."""
    return add_derived(_read(spark, shared / "bank-full.csv", CLIENTS, ";"), load_contract("clients"))


@pytest.fixture(scope="session")
def real_credit(spark, shared) -> DataFrame:
    """The 30,000 clients of UCI_Credit_Card.csv."""
    return _read(spark, shared / "UCI_Credit_Card.csv", CREDIT)


@pytest.fixture(scope="session")
def real_transactions(spark, shared) -> DataFrame:
    """The 20,000 transactions, without age because the birth dates stay text."""
    rows = _read(spark, shared / "bank_transactions_20k.csv", TRANSACTIONS)
    undated = rows.withColumn("birth_date", F.lit(None).cast("date"))
    return add_derived(undated, load_contract("transactions"))
