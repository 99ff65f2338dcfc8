"""The five questions, defined once for the mapper, the combiner, the reducer and the Spark query.

This file imports only the standard library, because Hadoop Streaming ships it to NodeManagers that have only Python.

A line between two scripts holds `question/key` and integers, tab-separated: the number of clients in the group, then
one sum per answer of the question, with money in cents. Integer sums are exact in any order and grouping.
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import TextIO

TEXT, WHOLE, MONEY = r"[^\t\r\n]+", r"-?[0-9]+", r"-?[0-9]+\.[0-9]{2}"

# columns of the table clients_text in order, each with the pattern of a valid field
COLUMNS = {
    "client_id": WHOLE,
    "age": WHOLE,
    "job": TEXT,
    "marital": TEXT,
    "education": TEXT,
    "in_default": TEXT,
    "balance": MONEY,
    "housing": TEXT,
    "loan": TEXT,
    "contact": TEXT,
    "day": WHOLE,
    "month": TEXT,
    "duration": WHOLE,
    "campaign": WHOLE,
    "pdays": WHOLE,
    "previous": WHOLE,
    "poutcome": TEXT,
    "subscribed": TEXT,
}
LINE = re.compile("\t".join(f"(?P<{name}>{pattern})" for name, pattern in COLUMNS.items()))


@dataclass(frozen=True)
class Answer:
    """One answer about a group of clients.

    Without `column` it is the number of clients; with `column` and `value` the number of clients with that value; with
    `column` alone the column's mean.
    """

    name: str
    column: str = ""
    value: str = ""

    @property
    def is_mean(self) -> bool:
        """True if the answer is the mean of a column."""
        return bool(self.column) and not self.value

    @property
    def decimals(self) -> int:
        """Decimal places by which the integer sum is scaled: 2 for money, which is summed in cents."""
        return 2 if self.is_mean and COLUMNS[self.column] == MONEY else 0


@dataclass(frozen=True)
class Question:
    """Clients grouped by the column `key`, and the answers about each group."""

    name: str
    key: str
    answers: tuple[Answer, ...]


QUESTIONS = (
    Question("balance_by_job", "job", (Answer("count"), Answer("mean", "balance"))),
    Question("housing_by_education", "education", (Answer("yes", "housing", "yes"), Answer("no", "housing", "no"))),
    Question("contacts_by_month", "month", (Answer("contacts"), Answer("subscribed", "subscribed", "yes"))),
    Question("duration_by_poutcome", "poutcome", (Answer("count"), Answer("mean", "duration"))),
    Question("balance_by_age", "age", (Answer("count"), Answer("mean", "balance"))),
)


def chosen(names: Sequence[str]) -> tuple[Question, ...]:
    """The questions with these names; all five without names.

    Raises:
        SystemExit: a name is unknown.

    """
    known = {question.name: question for question in QUESTIONS}
    if unknown := set(names) - set(known):
        raise SystemExit(f"unknown question {', '.join(sorted(unknown))}; expected: {', '.join(known)}")
    return tuple(known[name] for name in names) or QUESTIONS


def streams() -> tuple[TextIO, TextIO]:
    """Stdin and stdout as UTF-8 in any locale, with the newline as the only line end."""
    source = io.TextIOWrapper(sys.stdin.buffer, "utf-8", "surrogateescape", newline="\n")
    return source, io.TextIOWrapper(sys.stdout.buffer, "utf-8", "surrogateescape", newline="\n")


def summed(lines: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    """Add up consecutive lines with the same key, of sorted input: (key, sums)."""
    records = (line.rstrip("\n").split("\t") for line in lines)
    for key, group in groupby(records, key=lambda record: record[0]):
        yield key, reduce(_add, ([int(number) for number in record[1:]] for record in group))


def _add(sums: list[int], numbers: list[int]) -> list[int]:
    return [total + number for total, number in zip(sums, numbers, strict=True)]
