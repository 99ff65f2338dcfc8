"""Lines of a CSV file as bytes: which of them every CSV parser reads in the same way.

A line is plain if it isn't empty, has no carriage return inside, and each of its quotes opens a value right after a
separator or closes one right before a separator. Other lines are left to Spark's parser.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np

BLOCK = 8 << 20
"""Bytes that are read and checked at a time."""
INVISIBLE = r"\t\x0B\f \x{85}\x{A0}\x{1680}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}"
"""Spaces and invisible characters as a class of a regular expression (Java, Arrow); at the ends of a value they don't
count."""
LINE_FEED, CARRIAGE_RETURN, QUOTE = b"\n"[0], b"\r"[0], b'"'[0]
WHITESPACE = np.frombuffer(b" \t\n\r\x0b\x0c", np.uint8)


class Span(NamedTuple):
    """A block of whole lines of a file: bytes from `start` to `end`, and the number of its first line."""

    start: int
    end: int
    line: int


class Line(NamedTuple):
    """A line that isn't plain: its number and its text without the line end."""

    number: int
    text: str


class Lines(NamedTuple):
    """The lines of a block: the plain ones as bytes with their numbers, and the others that aren't blank."""

    plain: bytes
    numbers: np.ndarray
    others: list[Line]

    def pick(self, positions: np.ndarray) -> list[Line]:
        """Lines by their positions among the plain ones, without blank lines."""
        if not len(positions):
            return []
        lines = self.plain.split(b"\n")
        return [Line(int(self.numbers[at]), text_of(lines[at])) for at in positions if lines[at].strip()]


def read_blocks(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """Blocks of whole lines, of about `size` bytes; a line that is longer is cut."""
    rest = b""
    while block := stream.read(size):
        cut = block.rfind(b"\n") + 1 or len(block)
        yield rest + block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


def split_lines(data: bytes, first: int, separator: str) -> Lines:
    """Split a block of whole lines, the first of which has the number `first`, into plain lines and others."""
    plain = is_plain(data, separator)
    if plain is None:
        return Lines(data, np.arange(first, first + count_lines(data)), [])
    starts, ends = line_bounds(data)
    numbers = np.arange(first, first + len(starts))
    others = [
        Line(int(numbers[at]), text_of(line))
        for at in np.flatnonzero(~plain)
        if (line := data[starts[at] : ends[at]]).strip()
    ]
    edges = np.flatnonzero(np.diff(plain, prepend=False, append=False))
    runs = [data[starts[a] : ends[b - 1]] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return Lines(b"".join(runs), numbers[plain], others)


def text_of(line: bytes) -> str:
    """The text of a line as it was written, without the line end."""
    return line.removesuffix(b"\n").rstrip(b"\r").decode()


def count_lines(data: bytes) -> int:
    """The number of lines; the last one may lack its line end."""
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))


def line_bounds(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of each line; the end is after the line feed."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == LINE_FEED) + 1
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    return np.append(0, ends[:-1]), ends


def is_plain(data: bytes, separator: str) -> np.ndarray | None:
    """Whether each line is plain; None if all are."""
    quoted, returns = b'"' in data, data.count(b"\r") != data.count(b"\r\n")
    empty = data.startswith((b"\n", b"\r\n")) or b"\n\n" in data or b"\n\r\n" in data
    if not (quoted or returns or empty):
        return None
    content = np.frombuffer(data + b"\n\n", np.uint8)
    starts, ends = line_bounds(data)
    plain = ~((ends - starts == 1) | ((ends - starts == 2) & (content[starts] == CARRIAGE_RETURN)))
    bad = [misplaced_quotes(content, ends, separator)]
    if returns:
        at = np.flatnonzero(content == CARRIAGE_RETURN)
        bad.append(at[(content[at + 1] != LINE_FEED) | (at + 1 >= len(data))])
    plain[np.searchsorted(ends, np.concatenate(bad), side="right")] = False
    return None if plain.all() else plain


def misplaced_quotes(content: np.ndarray, ends: np.ndarray, separator: str) -> np.ndarray:
    """Positions of the quotes that neither open a value after a separator nor close one before a separator.

    Args:
        content: the bytes of whole lines, and at least one more line feed.
        ends: the end of each line.
        separator: the character between two values.

    """
    at = np.flatnonzero(content == QUOTE)
    line = np.searchsorted(ends, at, side="right")
    opens = (np.arange(len(at)) - np.searchsorted(line, line)) % 2 == 0
    before = np.where(at > 0, content[at - 1], LINE_FEED)
    neighbor = np.where(opens, before, content[at + 1])
    good = (neighbor == ord(separator)) | (neighbor == LINE_FEED) | (~opens & (neighbor == CARRIAGE_RETURN))
    last_of_line = np.append(line[1:] != line[:-1], True) if len(at) else opens
    return np.asarray(at[~good | (opens & last_of_line)])
