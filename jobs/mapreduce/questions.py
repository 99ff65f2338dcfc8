"""The five questions: one table of definitions for the mapper, the combiner, the reducer and the Spark query.

Standard library only and alone: Hadoop Streaming ships this file to NodeManagers that have nothing but Python.

Between the scripts a line is `question/key`, a tab, and whole numbers: the clients of the group, then one sum
for each answer of the question, money in cents. So any order and any grouping give the same sums exactly.
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

# The columns of the table clients_text in their order, with what a field must look like.
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
    """One answer about a group: its clients; with `value`, those with it in `column`; with `column` alone, its mean."""

    name: str
    column: str = ""
    value: str = ""

    @property
    def is_mean(self) -> bool:
        """True for the mean of a column."""
        return bool(self.column) and not self.value

    @property
    def places(self) -> int:
        """Decimal places that the whole-number sums leave out: 2 for money, which is summed in cents."""
        return 2 if self.is_mean and COLUMNS[self.column] == MONEY else 0


@dataclass(frozen=True)
class Question:
    """A question: clients in groups by the column `key`, and the answers about each group."""

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
    """The questions of these names, all five for none.

    Raises:
        SystemExit: there is no question of that name.

    """
    known = {question.name: question for question in QUESTIONS}
    if unknown := set(names) - set(known):
        raise SystemExit(f"no question {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    return tuple(known[name] for name in names) or QUESTIONS


def streams() -> tuple[TextIO, TextIO]:
    """Stdin and stdout as UTF-8 whatever the machine's locale, with lines that end at a newline and nowhere else."""
    source = io.TextIOWrapper(sys.stdin.buffer, "utf-8", "surrogateescape", newline="\n")
    return source, io.TextIOWrapper(sys.stdout.buffer, "utf-8", "surrogateescape", newline="\n")


def summed(lines: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    """Add up neighbouring lines of the same key: (key, sums). The sort before has made equal keys neighbours."""
    records = (line.rstrip("\n").split("\t") for line in lines)
    for key, group in groupby(records, key=lambda record: record[0]):
        yield key, reduce(_add, ([int(number) for number in record[1:]] for record in group))


def _add(sums: list[int], numbers: list[int]) -> list[int]:
    return [total + number for total, number in zip(sums, numbers, strict=True)]
