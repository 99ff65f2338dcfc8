"""Check a block of CSV lines natively, column by column, and accept the rows that clearly meet the contract.

`check.check_records` defines which rows are accepted, and their values. This module accepts a row only if that
definition accepts it with equal values: it knows the ordinary way to write a number, a date or a text. It hands every
other row over, and Spark checks those. `tests/ingest/test_kernel.py` compares both on generated files.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from jobs.core.contracts import Column, Contract
from jobs.ingest.csv_lines import INVISIBLE, Line, Lines, split_lines, text_of
from jobs.ingest.formulas import Formula, days_since_1970, parse

ACCEPTED, BROKEN, UNSURE = 0, 1, 2
"""What is known of a value: it keeps its rules, or it certainly breaks one and becomes null, or Spark must decide."""
PRINTABLE = "^[ -~]*$"
DIGITS_OF_DOUBLE = 15
"""Decimals with more digits are left to Spark, so that formulas can convert the others to doubles exactly."""
log = logging.getLogger(__name__)


class Checked(NamedTuple):
    """The values of a column, and for each what is known of it: ACCEPTED, BROKEN (the value is null) or UNSURE."""

    values: pa.Array
    status: np.ndarray


class Block(NamedTuple):
    """The checked lines of a block.

    `rows` are the accepted rows in the table's columns, `nulled` counts their values that a rule set to null by
    column, `others` are the lines that Spark must check.
    """

    rows: pa.Table
    nulled: dict[str, int]
    others: list[Line]


@dataclass(frozen=True)
class Kernel:
    """Checks blocks of one file.

    Attributes:
        contract: the rules.
        schema: names and Arrow types of the table's columns.
        header: the column names of the file, in its order.

    """

    contract: Contract
    schema: pa.Schema
    header: list[str]

    def check(self, data: bytes, first: int) -> Block:
        """Check a block of whole lines without the header; `first` is the number of its first line."""
        try:
            return self.accept(split_lines(data, first, self.contract.separator))
        except (NotImplementedError, pa.ArrowInvalid) as reason:
            log.debug("Spark checks all lines of %s: %s", self.contract.dataset, reason)
            lines = enumerate(data.split(b"\n"), first)
            others = [Line(number, text_of(line)) for number, line in lines if line.strip()]
            return Block(self.schema.empty_table(), {}, others)

    def accept(self, lines: Lines) -> Block:
        """Accept what clearly meets the contract.

        Raises:
            NotImplementedError: the contract has a rule that only Spark can check.

        """
        if sum(column.unique for column in self.contract.columns) > 1:
            raise NotImplementedError("more than one unique column")
        texts, malformed = self.read(lines.plain)
        parsed = np.delete(np.arange(len(lines.numbers)), malformed)
        found = len(texts[self.header[0]])
        if len(parsed) != found:
            raise RuntimeError(
                f"lines from {lines.numbers[0]}: expected {len(parsed)} rows, parsed {found}; please report this"
            )
        columns = self.check_columns(texts)
        accepted = np.logical_and.reduce([column.status != UNSURE for column in columns.values()])
        others = [*lines.others, *lines.pick(np.concatenate([malformed, parsed[~accepted]]))]
        nulled = {
            column.name: int(np.count_nonzero((columns[column.name].status == BROKEN) & accepted))
            for column in self.contract.columns
            if column.if_broken == "null"
        }
        return Block(self.table(columns, lines.numbers[parsed], accepted), nulled, others)

    def read(self, plain: bytes) -> tuple[dict[str, pa.Array], np.ndarray]:
        """Parse plain lines; returns the columns as text, and the positions of lines with too few or many values."""
        malformed: list[int] = []

        def skip(row: pyarrow.csv.InvalidRow) -> str:
            malformed.append(row.number - 1)
            return "skip"

        empty = pa.array([], pa.string())
        if not plain:
            return dict.fromkeys(self.header, empty), np.array([], int)
        texts = pyarrow.csv.read_csv(
            pa.BufferReader(plain),
            pyarrow.csv.ReadOptions(use_threads=False, column_names=self.header, block_size=len(plain) + 1),
            pyarrow.csv.ParseOptions(delimiter=self.contract.separator, invalid_row_handler=skip),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(self.header, pa.string()), strings_can_be_null=False),
        )
        columns = {name: pa.concat_arrays([empty, *texts[name].chunks]) for name in self.header}
        return columns, np.array(malformed, int)

    def check_columns(self, texts: Mapping[str, pa.Array]) -> dict[str, Checked]:
        """Check each column, then the rules between two columns."""
        in_formulas = {name for formula in self.formulas().values() for name in formula.columns}
        columns = {}
        for column in self.contract.columns:
            kind = self.schema.field(column.name).type
            check = partial(check_texts, column, self.contract.blank, kind, column.name in in_formulas)
            repeats = not column.unique and not pa.types.is_decimal(kind)
            columns[column.name] = on_distinct(check, texts[column.source]) if repeats else check(texts[column.source])
        for column in self.contract.columns:
            if column.not_after:
                columns[column.name] = check_order(column, columns[column.name], columns[column.not_after])
        return columns

    def table(self, columns: Mapping[str, Checked], numbers: np.ndarray, accepted: np.ndarray) -> pa.Table:
        """The accepted rows in the table's columns; `numbers` are the rows' line numbers."""
        rows = {name: column.values for name, column in columns.items()}
        if self.contract.line_column:
            rows[self.contract.line_column] = pa.array(numbers, pa.int64())
        if not accepted.all():
            mask = pa.array(accepted)
            rows = {name: values.filter(mask) for name, values in rows.items()}
        for name, formula in self.formulas().items():
            rows[name] = evaluate(formula, rows)
        return pa.table([pc.cast(rows[field.name], field.type) for field in self.schema], schema=self.schema)

    def formulas(self) -> dict[str, Formula]:
        """The contract's derived columns, parsed."""
        return {name: parse(text) for name, text in self.contract.derived.items()}


def on_distinct(check: Callable[[pa.Array], Checked], texts: pa.Array) -> Checked:
    """Check each distinct text once."""
    encoded = texts.dictionary_encode()
    values, status = check(encoded.dictionary)
    return Checked(values.take(encoded.indices), status[encoded.indices.to_numpy()])


def evaluate(formula: Formula, rows: Mapping[str, pa.Array]) -> pa.Array:
    """A derived column; a formula of one column is evaluated once per distinct value."""
    if len(formula.columns) != 1:
        return formula.evaluate(rows)
    (name,) = formula.columns
    encoded = rows[name].dictionary_encode(null_encoding="encode")
    return formula.evaluate({name: encoded.dictionary}).take(encoded.indices)


def check_texts(
    column: Column, blank: tuple[str, ...], kind: pa.DataType, in_formula: bool, texts: pa.Array
) -> Checked:
    """Check texts against the rules of their column.

    Args:
        column: the rules.
        blank: the texts that stand for a missing value.
        kind: the column's Arrow type.
        in_formula: whether a formula reads the column.
        texts: the column as it is in the file, without quotes.

    """
    texts = pc.utf8_trim(texts, characters=" ")
    missing = pc.is_in(texts, value_set=pa.array(["", *blank]))
    values, broken = convert(texts, column, kind)
    known = values.is_valid()
    sure = pa.array(np.ones(len(texts), bool))
    if column.allowed:
        broken = pc.or_(broken, pc.and_(known, pc.invert(pc.is_in(texts, value_set=pa.array(column.allowed)))))
    if column.minimum is not None:
        broken = pc.or_(broken, pc.fill_null(pc.less(values, pa.scalar(column.minimum).cast(kind)), False))
    if column.maximum is not None:
        broken = pc.or_(broken, pc.fill_null(pc.greater(values, pa.scalar(column.maximum).cast(kind)), False))
    if column.pattern:
        # Java and Arrow agree on printable ASCII that matches; the rest is left to Java.
        sure = matches(texts, f"^({column.pattern})$")
    if column.pattern or (in_formula and pa.types.is_string(kind)):
        sure = pc.and_(sure, matches(texts, PRINTABLE))
    status = np.full(len(texts), UNSURE, np.uint8)
    status[to_numpy(pc.and_(pc.and_(known, sure), pc.invert(broken)))] = ACCEPTED
    status[to_numpy(broken)] = BROKEN
    status[to_numpy(missing)] = BROKEN if column.required else ACCEPTED
    if column.if_broken == "reject":
        status[status == BROKEN] = UNSURE
    # Spark takes these characters off.
    status[to_numpy(matches(texts, f"^[{INVISIBLE}]|[{INVISIBLE}]$"))] = UNSURE
    empty = pc.or_(missing, pa.array(status == BROKEN))
    return Checked(pc.if_else(empty, pa.scalar(None, kind), values), status)


def check_order(column: Column, checked: Checked, other: Checked) -> Checked:
    """Check that no date is after the date in the other column; if that date is unsure, so is this one."""
    later = to_numpy(pc.fill_null(pc.greater(checked.values, other.values), False))
    status = checked.status.copy()
    status[later] = BROKEN if column.if_broken == "null" else UNSURE
    status[other.status != ACCEPTED] = UNSURE
    return Checked(pc.if_else(pa.array(later), pa.scalar(None, checked.values.type), checked.values), status)


def convert(texts: pa.Array, column: Column, kind: pa.DataType) -> tuple[pa.Array, pa.Array]:
    """Typed values, null where the text is not written in the ordinary way; and which texts certainly break the type.

    Raises:
        NotImplementedError: only Spark can convert texts to the type.

    """
    never = pa.array(np.zeros(len(texts), bool))
    if pa.types.is_string(kind):
        return texts, never
    if pa.types.is_date(kind) and column.format == "dd-MM-yyyy":
        return convert_dates(texts)
    if pa.types.is_integer(kind):
        ordinary = f"^-?[0-9]{{1,{9 if kind == pa.int32() else 18}}}$"
    elif pa.types.is_decimal(kind):
        digits = min(kind.precision, DIGITS_OF_DOUBLE) - kind.scale
        if digits < 10:
            raise NotImplementedError(f"{column.name}: only Spark converts texts to {kind}")
        fraction = rf"(\.[0-9]{{1,{kind.scale}}})?"
        ordinary = rf"^-?([0-9]{{1,{digits}}}{fraction}|[0-9]{fraction}E\+0[0-9])$"
    else:
        raise NotImplementedError(f"{column.name}: only Spark converts texts to {kind}")
    return pc.cast(pc.if_else(matches(texts, ordinary), texts, None), kind), never


def convert_dates(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Dates written dd-MM-yyyy from the year 1600; other texts with two hyphens may be dates to Spark."""
    written = matches(texts, "^[0-9]{2}-[0-9]{2}-(1[6-9]|[2-9][0-9])[0-9]{2}$")
    whole = pc.if_else(written, texts, "01-01-1970")
    day, month, year = [
        pc.utf8_slice_codeunits(whole, start, stop).cast(pa.int64()).to_numpy()
        for start, stop in ((0, 2), (3, 5), (6, 10))
    ]
    days, exists = days_since_1970(year, month, day)
    valid = to_numpy(written) & exists
    broken = (to_numpy(written) & ~exists) | ~to_numpy(matches(texts, "-.*-"))
    return pa.array(days.astype(np.int32), pa.date32(), mask=~valid), pa.array(broken)


def matches(texts: pa.Array, pattern: str) -> pa.Array:
    """Whether each text matches the regular expression."""
    return pc.match_substring_regex(texts, pattern)


def to_numpy(mask: pa.Array) -> np.ndarray:
    """A boolean array without nulls as NumPy."""
    return np.asarray(mask.to_numpy(zero_copy_only=False))
