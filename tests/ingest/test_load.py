"""Loads: rows in = loaded + rejected, the same file twice changes nothing, a refused file leaves the table."""

import gzip
import os
import signal
import subprocess
import sys
from decimal import Decimal

import pytest

from jobs.core.contracts import load_contract
from jobs.core.errors import BankError, FileRefused
from jobs.core.outcome import Outcome
from jobs.core.runner import run_one
from jobs.ingest import load
from jobs.ingest.discover import find_file, find_synthetic, unused_files
from tests.ingest.helpers import GOOD, HEADER, TRANSACTIONS, rows, run, write

CREDIT = ",".join(load_contract("credit").header)
TWENTY = [GOOD.replace("30;", f"{age};", 1) for age in range(30, 50)]


def test_accepted_rows_are_typed_and_keep_their_line(job, settings):
    write(settings, "bank.csv", HEADER, GOOD)
    run(job)
    assert rows(job, "clients", "client_id age balance subscribed") == [(2, 30, Decimal("1787.00"), "no")]


def test_a_rejected_row_is_kept_with_its_line_text_and_reasons(job, settings):
    bad = GOOD.replace("30;retired", "abc;pilot", 1)
    write(settings, "bank.csv", HEADER, *TWENTY, bad)
    run(job)
    ((file, line, raw, reasons),) = rows(job, "rejected_rows", "file line raw reasons")
    assert (file, line, raw) == ("bank.csv", 22, bad)
    assert reasons[0] == "age: expected int, found 'abc'"
    assert reasons[1].startswith("job: expected one of admin., blue-collar,") and reasons[1].endswith("found 'pilot'")
    assert rows(job, "load_runs", "rows_in rows_loaded rows_rejected") == [(21, 20, 1)]


def test_a_row_with_too_many_values_is_rejected(job, settings):
    write(settings, "bank.csv", HEADER, *TWENTY, GOOD + ";extra")
    run(job)
    assert rows(job, "rejected_rows", "line reasons") == [(22, ["expected 17 values separated by ';', found 18"])]


def test_a_trailing_separator_is_named(job, settings):
    write(settings, "bank.csv", HEADER, *[f"{row};" for row in TWENTY])
    with pytest.raises(FileRefused, match=r"line 2: expected 17 values .* found 18: a separator too many at the end"):
        run(job)


def test_whole_numbers_with_a_zero_fraction_and_invisible_spaces_are_accepted(job, settings):
    write(settings, "bank.csv", HEADER, GOOD.replace("30;retired", "30.0;\u00a0retired\u200b"))
    run(job)
    assert rows(job, "clients", "age job") == [(30, "retired")]


TRANSACTION = "T{},C{},10-01-1994,F,PUNE,100.50,02-08-2016,143207,25"


def test_a_column_that_breaks_its_rule_in_most_rows_refuses_the_file(job, settings):
    births = [TRANSACTION.format(n, n).replace("10-01-1994", "1994-01-10") for n in range(4)]
    write(settings, "bank_transactions.csv", TRANSACTIONS, *births)
    expected = r"4 of 4 values of CustomerDOB .* Expected a date written dd-MM-yyyy, found '1994-01-10' .*yyyy-MM-dd"
    with pytest.raises(FileRefused, match=expected):
        run(job, "ingest.transactions")


def test_two_stray_quotes_refuse_the_file_naming_both_lines(job, settings):
    lines = [TRANSACTION.format(n, n) for n in range(6)]
    lines[1], lines[4] = (lines[n].replace("PUNE", '"PUNE') for n in (1, 4))
    write(settings, "bank_transactions.csv", TRANSACTIONS, *lines)
    with pytest.raises(FileRefused, match="opened in line 3 would be closed in the middle of a value in line 6"):
        run(job, "ingest.transactions")


def test_a_row_inside_a_quoted_value_refuses_the_file(job, settings):
    lines = [TRANSACTION.format(n, n) for n in range(6)]
    lines[1], lines[4] = lines[1].replace("PUNE", '"PUNE'), lines[4].replace("PUNE", 'PUNE"')
    write(settings, "bank_transactions.csv", TRANSACTIONS, *lines)
    with pytest.raises(FileRefused, match=r"quoted from line 3 to line 6 contains a whole row \(line 4\)"):
        run(job, "ingest.transactions")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_and_line_ends_do_not_matter(job, settings, end):
    write(settings, "bank.csv", HEADER, GOOD, "", GOOD, end=end)
    run(job)
    assert rows(job, "clients", "client_id subscribed") == [(2, "no"), (4, "no")]


def test_columns_may_be_quoted_in_any_order_after_a_byte_order_mark(job, settings):
    names, values = HEADER.split(";"), GOOD.split(";")
    quoted = [";".join(f'"{value}"' for value in reversed(line)) for line in (names, values)]
    write(settings, "bank.csv", "\ufeff" + quoted[0], quoted[1])
    run(job)
    assert rows(job, "clients", "age job subscribed") == [(30, "retired", "no")]


def test_gzipped_files_are_loaded(job, settings):
    (settings.data / "bank.csv.gz").write_bytes(gzip.compress(f"{HEADER}\n{GOOD}\n".encode()))
    run(job)
    assert rows(job, "clients", "age") == [(30,)]


def test_a_quoted_value_may_contain_separators_quotes_and_line_breaks(job, settings):
    text = 'one, two\nthree ""four""'
    write(
        settings, "call_notes.csv", "note_id,customer_id,date,text", f'N1,C1,01-02-2016,"{text}"', "N2,C2,02-02-2016,x"
    )
    run(job, "ingest.call_notes")
    assert rows(job, "call_notes", "note_id text") == [("N1", 'one, two\nthree "four"'), ("N2", "x")]


def test_the_full_file_is_preferred_to_the_small_one(job, settings):
    write(settings, "bank.csv", HEADER, GOOD)
    write(settings, "bank-full.csv", HEADER, GOOD, GOOD)
    run(job)
    assert rows(job, "load_runs", "file rows_in source") == [("bank-full.csv", 2, "real")]


def test_a_file_under_another_name_is_found_by_its_header(job, settings):
    write(settings, "extract.csv", HEADER, GOOD)
    run(job)
    assert rows(job, "load_runs", "file source") == [("extract.csv", "real")]


def test_without_a_file_synthetic_rows_are_loaded_and_marked(job, settings):
    run(job)
    assert rows(job, "load_runs", "file source rows_in") == [("synthetic_clients.csv", "synthetic", 2000)]


def test_without_a_file_and_without_a_generator_the_expected_names_are_given(settings):
    with pytest.raises(BankError, match=r"no file of the data set clients .*bank-full\.csv.*BANK_SYNTHETIC=allow"):
        find_synthetic(load_contract("clients"), settings, None)


@pytest.mark.parametrize("force", [False, True])
def test_rows_of_a_real_file_stay_when_it_is_missing(job, settings, force):
    path = write(settings, "bank.csv", HEADER, GOOD)
    run(job)
    path.unlink()
    outcome = Outcome(None)
    step = job("ingest.clients")
    run_one(step, load, force, outcome)
    assert rows(job, "load_runs", "file rows_in") == [("bank.csv", 1)]
    assert rows(job, "clients", "age") == [(30,)]
    expected = "(expected bank-full.csv or bank.csv); the table keeps the rows of bank.csv"
    assert step.warnings == [f"clients: no file in {settings.data} {expected}"]


def test_two_equally_good_files_are_an_error_that_names_both(job, settings):
    for month in ("08", "09"):
        write(settings, f"bank_transactions_2016-{month}.csv", TRANSACTIONS, TRANSACTION.format(month, month))
    with pytest.raises(BankError, match=r"2 files of the data set transactions: .*2016-08\.csv, .*2016-09\.csv"):
        run(job, "ingest.transactions")


def test_a_header_may_differ_in_case_blanks_and_punctuation(settings):
    path = write(settings, "default of credit card clients.csv", CREDIT.replace(".", " ").lower())
    assert find_file(load_contract("credit"), settings) == path


def test_files_that_are_not_loaded_are_named_with_the_reason(settings):
    write(settings, "bank-full.csv", HEADER, GOOD)
    write(settings, "bank.csv", HEADER, GOOD)
    write(settings, "bank-additional-full.csv", HEADER.replace("balance;", ""), GOOD)
    write(settings, "notes.txt", "hello")
    (settings.data / "export.csv").mkdir()
    (settings.data / "inbox").mkdir()
    assert [sentence.split(" (")[0] for sentence in unused_files(settings)] == [
        "bank-additional-full.csv is not loaded: its columns match none of the data sets "
        "clients, credit, transactions, call_notes",
        "bank.csv is not loaded: bank-full.csv is preferred",
        "export.csv is not loaded: it is a folder. Merge its files into one CSV file",
        "notes.txt is not loaded: its name does not end in .csv or .csv.gz",
    ]


def test_the_same_file_twice_changes_nothing(job, settings):
    write(settings, "bank.csv", HEADER, GOOD)
    assert run(job) is True
    before = rows(job, "load_runs", "loaded_at")
    assert run(job) is False
    assert rows(job, "load_runs", "loaded_at") == before


def test_a_corrected_file_replaces_the_table_and_keeps_the_history(job, settings):
    write(settings, "bank.csv", HEADER, GOOD)
    run(job)
    write(settings, "bank.csv", HEADER, GOOD.replace("30;", "31;", 1))
    run(job)
    assert rows(job, "clients", "age") == [(31,)]
    assert len(rows(job, "load_runs", "sha256")) == 2


def test_files_are_stored_unchanged_under_their_checksum(job, settings):
    path = write(settings, "bank.csv", HEADER, GOOD)
    run(job)
    (landed,) = (settings.var / "warehouse/raw/clients").glob("*/bank.csv")
    assert landed.read_bytes() == path.read_bytes()


def test_a_file_with_too_many_rejected_rows_is_refused_and_the_table_is_unchanged(job, settings):
    write(settings, "bank.csv", HEADER, GOOD)
    run(job)
    write(settings, "bank.csv", HEADER, GOOD, "x" + GOOD)
    with pytest.raises(
        FileRefused, match=r"bank.csv: 1 of 2 rows .* more than 5%.*line 3: age: expected int, found 'x30'"
    ):
        run(job)
    assert rows(job, "clients", "age") == [(30,)]
    assert rows(job, "load_runs", "rows_in") == [(1,)]


def test_a_file_name_with_special_characters_of_spark_is_loaded(job, settings):
    write(settings, "_bank[1] {of: May}.csv", HEADER, GOOD)
    run(job)
    assert rows(job, "load_runs", "file rows_loaded") == [("_bank[1] {of: May}.csv", 1)]


def test_a_changed_contract_loads_the_same_file_again(job, settings, monkeypatch):
    write(settings, "bank.csv", HEADER, GOOD)
    assert run(job) and not run(job)
    monkeypatch.setattr("jobs.core.job.contract_text", lambda table: 'title = "another"')
    assert run(job)


def test_a_missing_data_folder_is_named(settings):
    missing = settings.model_copy(update={"data": settings.data / "typo"})
    with pytest.raises(BankError, match=r"BANK_DATA: .*typo is not a folder"):
        find_file(load_contract("clients"), missing)


def test_the_real_transactions_give_the_reference_results(job, settings, shared):
    settings.data.joinpath("bank_transactions_20k.csv").write_bytes((shared / "bank_transactions_20k.csv").read_bytes())
    run(job, "ingest.transactions")
    name = "ingest.transactions"
    ((nulled,),) = rows(job, "load_runs", "nulled", name)
    assert nulled == {"birth_date": 1290 + 3}  # of 1800, and after the transaction
    loaded = job(name).spark.table(f"{settings.database}.transactions")
    found = loaded.selectExpr(
        "count(*)",
        "count(distinct customer_id)",
        "sum(amount)",
        "count_if(gender is null)",
        "count_if(location is null)",
        "count_if(balance is null)",
        "count_if(location like '%,%')",
        "count_if(birth_date is null)",
    ).first()
    assert tuple(found) == (20_000, 19_937, Decimal("34385502.79"), 11, 1, 27, 8, 1362 + 3)


KILLED = """
import os, signal
from datetime import date
from pathlib import Path
from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from jobs.core.session import start_session
from jobs.core.settings import Settings

settings, switch = Settings(), tables._switch
spark = start_session(settings, "killed")

def load():
    run_steps(spark, settings, pipeline.select(["ingest.clients"]), date(2026, 1, 31))

def die(spark, name, partition, location):
    if name.endswith(".clients"):
        os.kill(os.getpid(), signal.SIGKILL)
    switch(spark, name, partition, location)

load()
path = settings.data / "bank.csv"
path.write_text(path.read_text().replace("30;", "31;", 1))
tables._switch = die
load()
"""


def test_a_process_killed_just_before_the_switch_leaves_the_old_table(settings):
    """SIGKILL after the new rows are written, the worst moment; the next run completes the load."""
    environment = {**os.environ, "BANK_DATA": str(settings.data), "BANK_VAR": str(settings.var)}
    write(settings, "bank.csv", HEADER, GOOD)
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, stderr=subprocess.DEVNULL, timeout=900)
    assert killed.returncode == -signal.SIGKILL
    assert len(list((settings.var / "warehouse/tables/clients").glob("2*"))) == 2
    ages = "spark.sql('SELECT age FROM bank.clients').show()"
    again = KILLED.split("load()\npath")[0] + f"{ages}; load(); {ages}"
    shown = subprocess.run([sys.executable, "-c", again], env=environment, capture_output=True, text=True, timeout=900)
    assert [word for word in shown.stdout.split() if word in ("30|", "31|")] == ["30|", "31|"], shown.stderr
