"""Parsing records and checking them against their contract, without publishing."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from jobs.core.contracts import load_contract
from jobs.core.errors import FileRefused
from jobs.core.tables import definition
from jobs.ingest.check import check_records, reject_repeats
from jobs.ingest.inspect import inspect
from jobs.ingest.load import count_rows
from jobs.ingest.parse import read_records
from tests.ingest.helpers import GOOD, HEADER, TRANSACTIONS


def schema_of(dataset: str) -> StructType:
    columns = definition(dataset).split(" (\n", 1)[1].split("\n)", 1)[0]
    return StructType.fromDDL(columns)


def checked(spark: SparkSession, path: Path, dataset: str) -> tuple[DataFrame, int, bool]:
    contract = load_contract(dataset)
    found = inspect(path, contract)
    records = read_records(spark, f"file://{path}", found.header, contract.separator, found.multiline)
    staged = f"file://{path.parent}/staged"  # as load does; Spark parses differently if a query needs fewer columns
    check_records(records, contract, schema_of(dataset)).write.mode("overwrite").parquet(staged)
    return reject_repeats(spark.read.parquet(staged), contract), found.rows, found.multiline


def transaction(spark: SparkSession, tmp_path: Path, *lines: str) -> list[dict]:
    path = tmp_path / "t.csv"
    path.write_text("\n".join([TRANSACTIONS, *lines]))
    rows, _, _ = checked(spark, path, "transactions")
    return [row.asDict() for row in rows.orderBy("line").collect()]


def test_a_transaction_gets_typed_columns_and_a_timestamp(spark, tmp_path):
    (row,) = transaction(spark, tmp_path, 'T1,C1,10-01-1994,F,"JORHAT, ASSAM",17819.05,02-08-2016,74817,25')
    assert row["birth_date"] == date(1994, 1, 10)
    assert row["location"] == "JORHAT, ASSAM"
    assert row["balance"] == Decimal("17819.05")
    assert row["transaction_at"] == datetime(2016, 8, 2, 7, 48, 17)
    assert (row["reasons"], row["nulled"]) == ([], [])


@pytest.mark.parametrize("birth", ["1/1/1800", "01-01-1800", "19-01-2021", "31-02-1990"])
def test_an_impossible_birth_date_becomes_null_and_is_counted(spark, tmp_path, birth):
    (row,) = transaction(spark, tmp_path, f"T1,C1,{birth},F,X,1,02-08-2016,0,1")
    assert (row["birth_date"], row["reasons"], row["nulled"]) == (None, [], ["birth_date"])


def test_blank_optional_values_become_null_without_a_reason(spark, tmp_path):
    (row,) = transaction(spark, tmp_path, "T1,C1,nan,,,,02-08-2016,0,1")
    assert (row["birth_date"], row["gender"], row["location"], row["balance"]) == (None, None, None, None)
    assert (row["reasons"], row["nulled"]) == ([], [])


@pytest.mark.parametrize(
    ("time", "good"), [("0", True), ("59", True), ("235959", True), ("60", False), ("240000", False), ("126000", False)]
)
def test_a_time_of_day_is_checked(spark, tmp_path, time, good):
    (row,) = transaction(spark, tmp_path, f"T1,C1,nan,M,X,1,02-08-2016,{time},1")
    assert (row["reasons"] == []) is good


def test_a_repeated_transaction_number_is_rejected_and_the_reason_names_the_first_line(spark, tmp_path):
    line = "T1,C1,nan,M,X,1,02-08-2016,0,1"
    first, second = transaction(spark, tmp_path, line, line)
    assert first["reasons"] == []
    assert second["reasons"] == ["TransactionID: 'T1' repeats line 2"]


def test_a_row_does_not_repeat_a_rejected_row(spark, tmp_path):
    line = "T1,C1,nan,M,X,1,02-08-2016,0,1"
    bad, good, again = transaction(spark, tmp_path, line.replace(",0,1", ",0,-1"), line, line)
    assert len(bad["reasons"]) == 1 and "amount" in bad["reasons"][0].lower()
    assert good["reasons"] == []
    assert again["reasons"] == ["TransactionID: 'T1' repeats line 3"]


def test_line_numbers_are_correct_when_spark_splits_the_file(spark, tmp_path):
    path = tmp_path / "bank.csv"
    path.write_text("\n".join([HEADER, *[GOOD] * 3000]))
    spark.conf.set("spark.sql.files.maxPartitionBytes", "50000")
    spark.conf.set("spark.sql.files.minPartitionNum", "5")
    try:
        rows, _, _ = checked(spark, path, "clients")
        assert spark.read.text(str(path)).rdd.getNumPartitions() >= 4
        assert sorted(row["client_id"] for row in rows.select("client_id").collect()) == list(range(2, 3002))
    finally:
        spark.conf.unset("spark.sql.files.maxPartitionBytes")
        spark.conf.unset("spark.sql.files.minPartitionNum")


LINES = st.one_of(
    st.just(GOOD),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    st.lists(st.sampled_from(["30", '"', '""', "a", " ", "1e400", "-1", "é", "\r", "\n", "\\"]), max_size=20).map(
        ";".join
    ),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=1, max_size=60), st.sampled_from(["\n", "\r\n"]))
def test_rows_in_equal_loaded_plus_rejected_rows_unless_the_file_is_refused(spark, tmp_path, lines, end):
    path = tmp_path / "any.csv"
    path.write_bytes(end.join([HEADER, *lines]).encode())
    try:
        rows, found, multiline = checked(spark, path, "clients")
    except FileRefused as refused:
        assert str(refused).startswith("any.csv")
        return
    counts = count_rows(rows, load_contract("clients"))
    assert rows.where("size(reasons) = 0").count() + counts["rejected"] == counts["rows_in"]
    assert multiline or counts["rows_in"] == found
