"""Real data sets as typed tables, read without ingest. Tests that use them are skipped where the files are missing."""

from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.core.tables import column_types
from jobs.explore.one_pass import Summaries, summarise
from jobs.ingest.check import add_derived


def _read(spark: SparkSession, path: Path, dataset: str, texts: tuple[str, ...] = ()) -> DataFrame:
    """The columns of a file in its order, with the types of the table; the columns `texts` stay text."""
    contract, types = load_contract(dataset), column_types(dataset)
    kinds = {column.name: "STRING" if column.name in texts else types[column.name] for column in contract.columns}
    reader = spark.read.schema(", ".join(f"{name} {kind}" for name, kind in kinds.items()))
    return reader.csv(str(path), header=True, sep=contract.separator, dateFormat="dd-MM-yyyy")


@pytest.fixture(scope="session")
def bank(spark, shared) -> DataFrame:
    """The 4,521 clients of bank.csv."""
    return add_derived(_read(spark, shared / "bank.csv", "clients"), load_contract("clients"))


@pytest.fixture(scope="session")
def bank_full(spark, shared) -> DataFrame:
    """The 45,211 clients of bank-full.csv."""
    return add_derived(_read(spark, shared / "bank-full.csv", "clients"), load_contract("clients"))


@pytest.fixture(scope="session")
def real_credit(spark, shared) -> DataFrame:
    """The 30,000 clients of UCI_Credit_Card.csv."""
    return add_derived(_read(spark, shared / "UCI_Credit_Card.csv", "credit"), load_contract("credit"))


@pytest.fixture(scope="session")
def real_transactions(spark, shared) -> DataFrame:
    """The 20,000 transactions, with unknown birth dates."""
    rows = _read(spark, shared / "bank_transactions_20k.csv", "transactions", texts=("birth_date",))
    undated = rows.withColumn("birth_date", F.lit(None).cast("date"))
    return add_derived(undated, load_contract("transactions"))


@pytest.fixture(scope="session")
def real_summaries(bank_full, real_credit, real_transactions) -> Summaries:
    """The summaries of the three real tables."""
    return summarise({"clients": bank_full, "credit": real_credit, "transactions": real_transactions}, seed=1)
