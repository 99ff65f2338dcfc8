"""Evaluate the SQL formulas of derived columns on Arrow arrays, with Spark's results.

The formulas stand in the contracts, once. Spark evaluates them as SQL; here a small parser turns the same text into
calls of Arrow's functions. It knows what the contracts use: numbers, strings, columns, `CASE WHEN`, comparisons,
arithmetic, `[0]` and the functions in FUNCTIONS. Text must be printable ASCII: for other characters Java and Arrow
may differ.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Value = Any
"""A `pa.Array` or a `pa.Scalar`."""
Evaluate = Callable[[Mapping[str, pa.Array]], Value]
_MONTH_STARTS = np.arange("0001-01", "10000-02", dtype="M8[M]").astype("M8[D]").astype(np.int64)
"""Days from 1970-01-01 to the first of each month, from January of year 1 to January of year 10000."""
TOKEN = re.compile(r"\s*(?:(\d+)|(r?)'([^']*)'|(\w+)|(>=|<=|[<>=+\-*/%()\[\],]))")
COMPARISONS = {"<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal, "=": pc.equal}


@dataclass(frozen=True)
class Formula:
    """A parsed formula: the columns that it reads, and the function from columns by name to its values."""

    columns: tuple[str, ...]
    evaluate: Evaluate


@cache
def parse(text: str) -> Formula:
    """Parse a formula.

    Raises:
        NotImplementedError: it uses SQL that only Spark can evaluate.

    """
    parser = Parser(text)
    evaluate = parser.expression()
    if parser.tokens[parser.position :] != [("end", "")]:
        raise NotImplementedError(
            f"{text}: can't be evaluated without Spark from {parser.tokens[parser.position][1]!r}"
        )
    return Formula(tuple(dict.fromkeys(parser.columns)), evaluate)


class Parser:
    """A recursive-descent parser; each method consumes tokens and returns the function that evaluates them."""

    def __init__(self, text: str) -> None:
        """Split the text into tokens: pairs of kind and text."""
        self.columns: list[str] = []
        self.tokens: list[tuple[str, str]] = []
        self.position, at = 0, 0
        text = text.strip()
        while at < len(text):
            if not (found := TOKEN.match(text, at)):
                raise NotImplementedError(f"{text}: can't be evaluated without Spark from {text[at : at + 20]!r}")
            number, raw, string, name, operator = found.groups()
            if string is not None and "\\" in string and not raw:
                raise NotImplementedError(f"{text}: write strings with backslashes as r'...'")
            kinds = {"number": number, "string": string, "name": name, "operator": operator}
            self.tokens.append(next((kind, value) for kind, value in kinds.items() if value is not None))
            at = found.end()
        self.tokens.append(("end", ""))

    def accept(self, *texts: str) -> str:
        """Consume the next token if it is an operator or keyword with one of the texts; returns the text or ""."""
        kind, text = self.tokens[self.position]
        if kind != "string" and text.lower() in texts:
            self.position += 1
            return text.lower()
        return ""

    def expect(self, text: str) -> None:
        """Consume the next token, which must have the text."""
        if not self.accept(text):
            raise NotImplementedError(f"expected {text!r}, found {self.tokens[self.position][1]!r}")

    def expression(self) -> Evaluate:
        """A comparison, or what is under it."""
        left = self.sum()
        if symbol := self.accept(*COMPARISONS):
            return apply(COMPARISONS[symbol], left, self.sum())
        return left

    def sum(self) -> Evaluate:
        """Additions and subtractions."""
        left = self.product()
        while symbol := self.accept("+", "-"):
            left = apply(pc.add_checked if symbol == "+" else pc.subtract_checked, left, self.product())
        return left

    def product(self) -> Evaluate:
        """Multiplications, divisions and remainders."""
        operators = {"*": pc.multiply_checked, "/": divide_doubles, "div": pc.divide, "%": remainder}
        left = self.primary()
        while symbol := self.accept(*operators):
            left = apply(operators[symbol], left, self.primary())
        return left

    def primary(self) -> Evaluate:
        """A literal, column, call, CASE or parenthesis, perhaps with an index."""
        kind, text = self.tokens[self.position]
        self.position += 1
        if text == "(" and kind == "operator":
            value = self.expression()
            self.expect(")")
        elif kind == "number":
            value = constant(pa.scalar(int(text), pa.int32()))
        elif kind == "string":
            value = constant(pa.scalar(text))
        elif kind == "name":
            value = self.named(text)
        else:
            raise NotImplementedError(f"{text!r} can't be evaluated without Spark")
        if self.accept("["):
            value = apply(pc.list_element, value, self.expression())
            self.expect("]")
        return value

    def named(self, name: str) -> Evaluate:
        """A CASE, call or column."""
        if name.lower() == "case":
            return self.case()
        if not self.accept("("):
            self.columns.append(name)
            return lambda row: row[name]
        if name.lower() not in FUNCTIONS:
            raise NotImplementedError(f"the function {name} can't be evaluated without Spark")
        arguments = []
        while not self.accept(")"):
            arguments.append(self.expression())
            self.accept(",")
        return apply(FUNCTIONS[name.lower()], *arguments)

    def case(self) -> Evaluate:
        """CASE WHEN condition THEN value ... [ELSE value] END."""
        conditions, values = [], []
        while self.accept("when"):
            conditions.append(self.expression())
            self.expect("then")
            values.append(self.expression())
        if self.accept("else"):
            values.append(self.expression())
        self.expect("end")

        def evaluate(row: Mapping[str, pa.Array]) -> Value:
            chosen = pc.make_struct(*[condition(row) for condition in conditions])
            return pc.case_when(chosen, *[value(row) for value in values])

        return evaluate


def apply(function: Callable[..., Value], *arguments: Evaluate) -> Evaluate:
    """The function of the arguments' values."""
    return lambda row: function(*[argument(row) for argument in arguments])


def constant(value: pa.Scalar) -> Evaluate:
    """The same value for every row."""
    return lambda row: value


def divide_doubles(a: Value, b: Value) -> Value:
    """`a / b` for doubles and integers; by zero it fails, as in Spark's ANSI mode."""
    if pa.types.is_decimal(a.type) or pa.types.is_decimal(b.type):
        raise NotImplementedError("a division of decimals can't be evaluated without Spark")
    a, b = pc.cast(a, pa.float64()), pc.cast(b, pa.float64())
    if pc.any(pc.equal(b, 0.0)).as_py() if isinstance(b, pa.Array) else b.as_py() == 0:
        raise ZeroDivisionError("a formula divides by zero; use nullif(divisor, 0)")
    return pc.divide(a, b)


def remainder(a: Value, b: Value) -> Value:
    """`a % b`, with the sign of a."""
    return pc.subtract(a, pc.multiply(pc.divide(a, b), b))


def double(value: Value) -> Value:
    """The nearest double. Decimals go through their unscaled integer: below 2^53 the division rounds once."""
    if not pa.types.is_decimal(value.type):
        return pc.cast(value, pa.float64())
    unscaled = np.frombuffer(value.buffers()[1], "<i8")[2 * value.offset :: 2][: len(value)]
    return pa.array(unscaled / 10.0**value.type.scale, mask=~value.is_valid().to_numpy(False))


def months_between(end: pa.Array, start: pa.Array) -> pa.Array:
    """Months between two dates as Spark counts them: whole between equal days or month ends, else with days / 31."""
    valid = end.is_valid().to_numpy(False) & start.is_valid().to_numpy(False)
    (y1, m1, d1, last1), (y2, m2, d2, last2) = _calendar(end), _calendar(start)
    months = ((y1 - y2) * 12 + m1 - m2).astype(float)
    rounded = np.floor((months + (d1 - d2) * 86400 / (31 * 86400.0)) * 1e8 + 0.5) / 1e8
    return pa.array(np.where((d1 == d2) | (last1 & last2), months, rounded), mask=~valid)


def _calendar(dates: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of dates, and whether it's the last day of its month; any values for null."""
    encoded = dates.fill_null(pa.scalar(0, pa.int32()).cast(pa.date32())).dictionary_encode()
    distinct, position = encoded.dictionary, encoded.indices.to_numpy()
    year, month, day = [part(distinct).to_numpy().astype(np.int64) for part in (pc.year, pc.month, pc.day)]
    last = day == month_length(year, month)
    return year[position], month[position], day[position], last[position]


def month_length(year: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Number of days of months in the years 1 to 9999."""
    number = (year - 1) * 12 + month - 1
    return np.asarray(_MONTH_STARTS[number + 1] - _MONTH_STARTS[number])


def days_since_1970(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days from 1970-01-01 to dates, and which of the dates exist, in the years 1 to 9999; any days for the others."""
    exists = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1)
    year, month = np.where(exists, year, 1970), np.where(exists, month, 1)
    exists &= day <= month_length(year, month)
    return _MONTH_STARTS[(year - 1) * 12 + month - 1] + day - 1, exists


def try_make_timestamp(*parts: pa.Array) -> pa.Array:
    """The timestamp (UTC) of year, month, day, hour, minute and second; null where they don't form one."""
    valid = np.logical_and.reduce([part.is_valid().to_numpy(False) for part in parts])
    year, month, day, hour, minute, second = [part.fill_null(0).to_numpy(False).astype(np.int64) for part in parts]
    days, exists = days_since_1970(year, month, day)
    # A second of 60 is the next minute's first.
    of_day = (hour >= 0) & (hour < 24) & (minute >= 0) & (minute < 60) & (second >= 0) & (second <= 60)
    seconds = days * 86400 + hour * 3600 + minute * 60 + second
    found = pa.array(seconds * 1_000_000, pa.int64(), mask=~(valid & exists & of_day))
    return found.cast(pa.timestamp("us", "UTC"))


def array_position(values: tuple[Value, ...], value: pa.Array) -> pa.Array:
    """The position of the value from 1; 0 if it isn't among the values."""
    found = pc.index_in(value, value_set=pa.array([item.as_py() for item in values]))
    return pc.if_else(value.is_valid(), pc.add(pc.fill_null(found, -1), 1), pa.scalar(None, pa.int32()))


def nullif(value: pa.Array, other: Value) -> pa.Array:
    """Null where the value equals the other."""
    return pc.if_else(pc.fill_null(pc.equal(value, pc.cast(other, value.type)), False), None, value)


def split(text: pa.Array, separator: pa.Scalar) -> pa.Array:
    """The parts of texts between separators."""
    if re.escape(separator.as_py()) != separator.as_py():
        raise NotImplementedError("split by a regular expression can't be evaluated without Spark")
    return pc.split_pattern(text, separator.as_py())


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "array": lambda *values: values,
    "array_position": array_position,
    "day": pc.day,
    "double": double,
    "floor": lambda value: pc.cast(pc.floor(value), pa.int64()),
    "month": pc.month,
    "months_between": months_between,
    "nullif": nullif,
    "regexp_replace": lambda text, pattern, new: pc.replace_substring_regex(text, pattern.as_py(), new.as_py()),
    "replace": lambda text, old: pc.replace_substring(text, old.as_py(), ""),
    "split": split,
    "trim": lambda text: pc.utf8_trim(text, characters=" "),
    "try_make_timestamp": try_make_timestamp,
    "upper": pc.ascii_upper,
    "weekday": pc.day_of_week,
    "year": pc.year,
}
