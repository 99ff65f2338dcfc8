"""Parsing records and checking them against their contract, without publishing."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from jobs.core.contracts import load_contract
from jobs.core.errors import FileRefused
from jobs.core.files import upload
from jobs.ingest import inspect
from jobs.ingest.check import check_records, reject_repeats
from jobs.ingest.csv_lines import read_blocks
from jobs.ingest.load import count_rows
from jobs.ingest.parse import records_of_lines
from jobs.ingest.staging import stage_file
from tests.ingest.helpers import GOOD, HEADER, rows, run, schema_of, write


def transaction(spark: SparkSession, tmp_path: Path, *lines: str) -> list[dict]:
    contract = load_contract("transactions")
    numbered = spark.createDataFrame(list(enumerate(lines, 2)), "line BIGINT, raw STRING")
    records = records_of_lines(numbered, contract.header, contract.separator)
    staged = f"file://{tmp_path}/staged"  # as load does; Spark parses differently if a query needs fewer columns
    check_records(records, contract, schema_of("transactions")).write.parquet(staged)
    rows = reject_repeats(spark.read.parquet(staged), contract)
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


def test_line_numbers_are_correct_when_the_file_is_checked_in_blocks(job, settings, monkeypatch):
    monkeypatch.setattr(inspect, "read_blocks", lambda stream: read_blocks(stream, 50_000))
    write(settings, "bank.csv", HEADER, *[GOOD] * 3000)
    run(job)
    assert [number for (number,) in rows(job, "clients", "client_id")] == list(range(2, 3002))


LINES = st.one_of(
    st.just(GOOD),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    st.lists(st.sampled_from(["30", '"', '""', "a", " ", "1e400", "-1", "é", "\r", "\n", "\\"]), max_size=20).map(
        ";".join
    ),
)


@hypothesis.settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=1, max_size=60), st.sampled_from(["\n", "\r\n"]))
def test_rows_in_equal_loaded_plus_rejected_rows_unless_the_file_is_refused(spark, settings, lines, end):
    contract = load_contract("clients")
    path = write(settings, "any.csv", HEADER, *lines, end=end)
    try:
        found = inspect.inspect(path, contract)
    except FileRefused as refused:
        assert str(refused).startswith("any.csv")
        return
    upload(settings, path, f"raw/{found.sha256}")
    staged = stage_file(spark, settings, contract, found, f"raw/{found.sha256}", f"staging/{found.sha256}")
    counts = count_rows(staged, contract)
    loaded = staged.checked.where("size(reasons) = 0").count() + sum(staged.accepted.values())
    assert loaded + counts["rejected"] == counts["rows_in"]
    assert found.multiline or counts["rows_in"] == found.rows


@pytest.mark.parametrize("amount", ["25.999", "0.004", "1.23456E+02", "25.9900000000000000001"])
def test_money_with_more_decimals_than_its_column_is_rejected(spark, tmp_path, amount):
    (row,) = transaction(spark, tmp_path, f"T1,C1,10-01-1994,F,PUNE,100.50,02-08-2016,143207,{amount}")
    assert row["reasons"] == [f"TransactionAmount (INR): expected at most 2 decimals, found '{amount}'"]


@pytest.mark.parametrize("amount", ["25.990", "1.2345E+02", "25", "25.9"])
def test_money_is_accepted_if_no_digit_is_lost(spark, tmp_path, amount):
    (row,) = transaction(spark, tmp_path, f"T1,C1,10-01-1994,F,PUNE,100.50,02-08-2016,143207,{amount}")
    assert (row["reasons"], row["amount"]) == ([], Decimal(amount).quantize(Decimal("0.01")))


@pytest.mark.parametrize(
    ("day", "seen"), [("2016-08-02", "yyyy-MM-dd"), ("08/15/2016", "MM/dd/yyyy"), ("02.08.2016", "dd.MM.yyyy")]
)
def test_the_reason_names_the_format_of_a_date(spark, tmp_path, day, seen):
    (row,) = transaction(spark, tmp_path, f"T1,C1,10-01-1994,F,PUNE,100.50,{day},143207,25")
    assert row["reasons"] == [f"TransactionDate: expected a date written dd-MM-yyyy, found '{day}' (looks like {seen})"]
