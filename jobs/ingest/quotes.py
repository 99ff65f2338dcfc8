"""Follow quoted values across the lines of a CSV file, so that no row disappears inside a quoted value."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from jobs.core.contracts import Contract
from jobs.core.errors import FileRefused
from jobs.ingest.header import split

MAX_RECORD = 1000
"""Lines; a quoted value over more lines is a quote that was never closed."""
_SHAPES = {"dd-MM-yyyy": re.compile(r"\d{1,2}-\d{1,2}-\d{4}")}
"""What a date looks like, by its format."""


@dataclass
class QuotedLines:
    """Counts the records of a file that is read line by line, and refuses quotes that would swallow rows.

    Attributes:
        path: the file, for messages.
        contract: gives the separator and what a row looks like.
        header: the names in the file's order.
        records: how many records have begun.
        opened: the line in which the current value's quote was opened; 0 outside of one.
        multiline: whether any value spans lines.

    """

    path: Path
    contract: Contract
    header: list[str]
    records: int = 0
    opened: int = 0
    multiline: bool = False
    _inner: list[tuple[int, bytes]] = field(default_factory=list)

    def read(self, number: int, line: bytes) -> None:
        """Take the next line.

        Raises:
            FileRefused: a quoted value that spans lines ends in the middle of a value, or contains a whole row.

        """
        began = self.opened
        self.records += not began
        self.opened = self._opened_after(number, line)
        if began and self.opened == began:
            self._inner.append((number, line))
            if number - began > MAX_RECORD:
                self.finish()
        elif began:
            self._check_inner(number)
        self.multiline = self.multiline or bool(self.opened)

    def finish(self) -> None:
        """Check that no quote is open.

        Raises:
            FileRefused: one is.

        """
        if self.opened:
            raise FileRefused(
                f'{self.path.name} line {self.opened}: a quote (") is opened and never closed. Close or double it'
            )

    def _opened_after(self, number: int, line: bytes) -> int:
        """The line of the quote that is open after this line; 0 if none is."""
        separator, opened, at = self.contract.separator.encode(), self.opened, 0
        while True:
            if not opened:
                at = _next_quoted_value(line, at, separator)
                if at < 0:
                    return 0
                opened = number
            at = _closing_quote(line, at)
            if at < 0:
                return opened
            if opened != number and line[at : at + 1] not in (separator, b"\r", b"\n", b""):
                raise FileRefused(
                    f'{self.path.name}: the quote (") opened in line {opened} would be closed in the middle of a value '
                    f"in line {number}, and the rows between them would be lost. Close or double both quotes"
                )
            opened = 0

    def _check_inner(self, number: int) -> None:
        """Refuse a quoted value whose lines include a whole row."""
        inner, self._inner = self._inner, []
        for at, line in inner:
            if self._looks_like_row(line.decode()):
                first = inner[0][0] - 1
                raise FileRefused(
                    f"{self.path.name}: a value that is quoted from line {first} to line {number} contains a whole row "
                    f'(line {at}). Is a quote (") in one of these lines open by mistake? Close or double it'
                )

    def _looks_like_row(self, text: str) -> bool:
        """Whether a line has as many values as the header, with dates where the contract has dates."""
        values = split(text, self.contract.separator)
        if len(values) != len(self.header):
            return False
        by_source = dict(zip(self.header, values, strict=True))
        dates = [(by_source[column.source], column.format) for column in self.contract.columns if column.format]
        return all(_SHAPES[kind].fullmatch(value) for value, kind in dates if kind in _SHAPES)


def _next_quoted_value(line: bytes, at: int, separator: bytes) -> int:
    """Position after the quote that opens the next quoted value; -1 if there is none. At 0 a value may begin."""
    if at == 0 and line.startswith(b'"'):
        return 1
    found = line.find(separator + b'"', at)
    return -1 if found < 0 else found + 2


def _closing_quote(line: bytes, at: int) -> int:
    """Position after the quote that closes the value; -1 if the line doesn't have it. Doubled quotes close nothing."""
    while (found := line.find(b'"', at)) >= 0:
        if line[found + 1 : found + 2] != b'"':
            return found + 1
        at = found + 2
    return -1
