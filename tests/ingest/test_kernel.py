"""The native kernel accepts only rows that `check_records` accepts, with equal values, whatever the file contains."""

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.core.contracts import load_contract
from jobs.core.outcome import Outcome
from jobs.core.runner import run_one
from jobs.core.tables import columns
from jobs.ingest import csv_lines, inspect, load
from jobs.ingest.check import check_records
from jobs.ingest.formulas import parse
from jobs.ingest.kernel import Kernel
from jobs.ingest.parse import records_of_lines
from tests.ingest.helpers import GOOD, TRANSACTIONS, rows, schema_of, write

CONTRACTS = ["clients", "credit", "transactions", "call_notes"]
ODD_TEXTS = [
    "",
    " ",
    "nan",
    "NaN",
    "NA",
    "null",
    "0",
    "-0",
    "+5",
    "007",
    "5.",
    ".5",
    "1e3",
    "5.00E+05",
    "1E+10",
    "12.345",
    "99999999999",
    "-99999999999",
    "9223372036854775808",
    "12345678901234567.89",
    "1_000",
    "1 000",
    "0x1F",
    "31-02-2016",
    "29-02-2016",
    "29-02-1900",
    "1/1/1800",
    "1-1-1990",
    "01-01-1800",
    "00-00-0000",
    "01-01-10000",
    "2016-08-02",
    "02-08-2016 ",
    "02-08-2016x",
    "0\uff12-08-2016",
    "01-01-1599",
    "02-08-+2016",
    "02-08--2016",
    '""',
    '"x"',
    '"a""b"',
    'a"b',
    '"x" ',
    ' "x"',
    '"x"y',
    '"a,b;c"',
    '"5"',
    "\\",
    '\\"',
    "'x'",
    "#",
    "\xe9",
    "\xdf",
    "\u0149",
    "\t",
    "\x0b",
    "M\t",
    "\xa0",
    "\u2028",
    "\uff11\uff12",
    "a\rb",
    "\r",
    "235960",
    "240000",
    "M",
    "m",
    "yes",
    " no ",
    " Mumbai , India",
    "new\tdelhi",
    "a  b",
    ", Assam",
]


def kernel_of(spark, dataset: str) -> Kernel:
    contract = load_contract(dataset)
    return Kernel(contract, to_arrow_schema(schema_of(dataset), timestamp_utc=True), contract.header)


def ordinary_text(column, kind: pa.DataType) -> st.SearchStrategy[str]:
    """Texts that mostly keep the rules of a column."""
    if column.allowed:
        return st.sampled_from(column.allowed)
    if pa.types.is_date(kind):
        return st.dates().map(lambda day: f"{day:%d-%m-}{1930 + day.year % 90}")
    if pa.types.is_integer(kind):
        return st.integers(int(column.minimum or 0), int(column.maximum or 235959)).map(str)
    if pa.types.is_decimal(kind):
        return st.integers(0, 10**14).map(lambda cents: f"{cents // 100}.{cents % 100:02}") | st.integers(0, 10**6).map(
            str
        )
    return st.text("abc XYZ,.", min_size=1, max_size=8).map(lambda text: f'"{text}"')


@st.composite
def dirty_lines(draw, kernel: Kernel) -> list[str]:
    """Lines of a file, about half of them with something odd."""
    kinds = [kernel.schema.field(column.name).type for column in kernel.contract.columns]
    ordinary = st.tuples(*map(ordinary_text, kernel.contract.columns, kinds)).map(list)
    lines = []
    for _ in range(draw(st.integers(1, 60))):
        values = draw(ordinary)
        for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
            values[draw(st.integers(0, len(values) - 1))] = draw(
                st.sampled_from(ODD_TEXTS)
                | st.text(st.characters(exclude_characters="\0\n", codec="utf-8"), max_size=9)
            )
        values = draw(st.sampled_from([values] * 20 + [values[:-1], [*values, "x"], [], [" "]]))
        line = kernel.contract.separator.join(values)
        lines.append(line if line.count('"') % 2 == 0 else line.replace('"', ""))
    return lines


@pytest.mark.parametrize("dataset", CONTRACTS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), end=st.sampled_from(["\n", "\r\n"]))
def test_accepted_rows_equal_those_of_the_exact_checker(spark, dataset, data, end):
    kernel = kernel_of(spark, dataset)
    lines = data.draw(dirty_lines(kernel))

    block = kernel.check(end.join(lines).encode(), 2)

    numbered = {at: line.rstrip("\r") for at, line in enumerate(lines, 2) if line.encode().strip()}
    others = dict(block.others)
    assert others == {at: numbered[at] for at in others}
    accepted = sorted(set(numbered) - set(others))
    exact = exact_rows(spark, kernel, {at: numbered[at] for at in accepted})
    assert [row["reasons"] for row in exact] == [[]] * len(accepted)
    assert block.rows.to_pylist() == [{name: row[name] for name in block.rows.column_names} for row in exact]
    nulled = [name for row in exact for name in row["nulled"]]
    assert {name: count for name, count in block.nulled.items() if count} == {n: nulled.count(n) for n in set(nulled)}


def exact_rows(spark, kernel: Kernel, lines: dict[int, str]) -> list[dict]:
    """Rows of `check_records`, in the order of the lines."""
    frame = spark.createDataFrame(list(lines.items()), "line BIGINT, raw STRING")
    records = records_of_lines(frame, kernel.header, kernel.contract.separator)
    checked = check_records(records, kernel.contract, schema_of(kernel.contract.dataset))
    return sorted(checked.toArrow().to_pylist(), key=lambda row: row["line"])


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_the_kernel_can_check_every_contract(spark, dataset):
    kernel = kernel_of(spark, dataset)
    assert kernel.accept(csv_lines.split_lines(b"", 2, kernel.contract.separator)).others == []
    assert all(parse(formula) for formula in kernel.contract.derived.values())


def test_ordinary_rows_are_accepted_natively(spark):
    line = 'T1,C1,1/1/1800,F,"JORHAT, ASSAM",17819.05,02-08-2016,74817,25'
    block = kernel_of(spark, "transactions").check(line.encode(), 2)
    assert (len(block.rows), block.others) == (1, [])
    assert (block.nulled, kernel_of(spark, "clients").check(GOOD.encode(), 2).others) == (
        {"birth_date": 1, "gender": 0},
        [],
    )


def test_a_rule_that_only_spark_knows_leaves_all_lines_to_spark(spark, monkeypatch):
    def refuse(self, lines):
        raise NotImplementedError("a new rule")

    monkeypatch.setattr(Kernel, "accept", refuse)
    block = kernel_of(spark, "clients").check(f"{GOOD}\r\n\n{GOOD}".encode(), 2)
    assert (len(block.rows), block.others) == (0, [(2, GOOD), (4, GOOD)])


TRANSACTION = "{id},C{id},10-01-1994,F,{city},{balance},02-08-2016,74817,{amount}"


def dirty_transactions() -> list[str]:
    """600 transactions: accepted by the kernel, by Spark, rejected, and repeats of both kinds."""
    texts = []
    for at in range(600):
        number = at - 7 if at % 60 == 20 else at
        balance = {3: "12.340", 5: "", 9: "abc"}.get(at % 50, f"{at}.5")
        line = TRANSACTION.format(
            id=f"T{number}", city="Pune" if at % 2 else '"Pune, ""X"""', balance=balance, amount=at
        )
        texts += [line, ""] if at % 30 == 0 else [line]
    first = TRANSACTION.format(id="T1", city="X", balance="1.230", amount="1")
    return [*texts, first, first.replace("1.230", "1.23").replace("10-01-1994", "1/1/1800"), texts[1] + ",extra"]


def loaded(job, settings) -> tuple[list[tuple], list[tuple], list[tuple]]:
    """Load the transactions anew; returns the rows of the table, of rejected_rows and of load_runs."""
    step = "ingest.transactions"
    run_one(job(step), load, True, Outcome(None))
    return (
        rows(job, "transactions", " ".join(columns("transactions")), step),
        rows(job, "rejected_rows", "line file raw reasons", step),
        rows(job, "load_runs", "file rows_in rows_loaded rows_rejected nulled", step),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_load_gives_the_same_tables_with_and_without_the_kernel(job, settings, monkeypatch, end):
    """Small blocks, so that repeats lie in other blocks than the rows that they repeat."""
    monkeypatch.setattr(inspect, "read_blocks", lambda stream: csv_lines.read_blocks(stream, 5000))
    write(settings, "bank_transactions.csv", TRANSACTIONS, *dirty_transactions(), end=end)

    native = loaded(job, settings)
    contract = load_contract("transactions")
    for_spark = replace(contract, derived={**contract.derived, "hour": "coalesce(transaction_time div 10000)"})
    monkeypatch.setattr(load, "load_contract", lambda dataset: for_spark)
    exact = loaded(job, settings)

    assert native == exact
    assert len(native[1]) == 12 + 10 + 3
