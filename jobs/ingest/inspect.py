"""Inspect a file before Spark reads it: checksum, encoding, header and quotes, in constant memory."""

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from jobs.core.contracts import Contract
from jobs.core.errors import FileRefused
from jobs.ingest.csv_lines import QUOTE, WHITESPACE, Span, line_bounds, read_blocks
from jobs.ingest.header import check_header, split
from jobs.ingest.quotes import QuotedLines

MAX_LINE = 1 << 20  # bytes; a longer line is not a row of a table
MAX_VALUES = 20_000  # of a line; Spark's parser stops at 20,480
EXAMPLE_ROWS = 1000  # searched for an example of a value
BOMS = {  # byte order marks, the longer ones first
    b"\xff\xfe\0\0": "UTF-32LE",
    b"\0\0\xfe\xff": "UTF-32BE",
    b"\xff\xfe": "UTF-16LE",
    b"\xfe\xff": "UTF-16BE",
}


@dataclass(frozen=True)
class Inspection:
    """What is known of a file without parsing its rows.

    `sha256` and `bytes` describe the file as it is, gzipped or not; `header` has the column names in the file's order;
    `multiline` tells whether quoted values contain line breaks; `spans` are the blocks of lines under the header, one
    for a gzipped file.
    """

    sha256: str
    bytes: int
    header: list[str]
    rows: int
    multiline: bool
    gzipped: bool
    spans: tuple[Span, ...]


def inspect(path: Path, contract: Contract, sha256: str = "") -> Inspection:
    """Check everything about a file that can be known without parsing its rows.

    Args:
        path: the file.
        contract: the contract of its data set.
        sha256: its checksum; computed if it is not known yet.

    Raises:
        FileRefused: the file is empty, not UTF-8, not gzipped although its name says so, or its header is wrong.

    """
    if not path.stat().st_size:
        raise FileRefused(f"{path.name}: the file is empty; expected a header: {_example(contract)}")
    gzipped = is_gzipped(path)
    if path.suffix == ".gz" and not gzipped:
        raise FileRefused(f"{path.name}: its name says gzip, its content does not. Rename it or gzip it")
    multiline = False
    try:
        with _open(path, gzipped) as stream:
            header, rows, spans = scan_blocks(path, stream, contract)
        if not rows:
            with _open(path, gzipped) as stream:
                header, rows, multiline = scan(path, stream, contract)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused(f"{path.name}: a damaged gzip file ({error}). Copy it again") from None
    if gzipped:
        spans = [Span(0, 0, 2)]
    sha256 = sha256 or checksum(path)
    return Inspection(sha256, path.stat().st_size, header, rows, multiline, gzipped, tuple(spans))


def scan_blocks(path: Path, stream: BinaryIO, contract: Contract) -> tuple[list[str], int, list[Span]]:
    """Read large blocks; returns the header's names, the number of rows, and the blocks.

    The number of rows is 0 if there is none or if a line is long, isn't text, or has an odd number of quotes or a CR
    inside: then
    `scan` must go through the lines one by one, and finds out whether the file is to be refused, and why.
    """
    first = next(lines(path, stream), b"")
    header = check_header(path, first, contract) if first else []
    rows, spans, regular, start, line = 0, [], True, stream.tell(), 2
    for data in read_blocks(stream):
        starts, ends = line_bounds(data)
        longest = int((ends - starts).max())
        if longest >= MAX_LINE:
            return header, 0, []
        has_inner_returns = data.count(b"\r") != data.count(b"\r\n")
        regular = regular and longest < MAX_VALUES and is_text(data) and not has_inner_returns
        regular = regular and not spans_lines(data, ends)
        blank = np.isin(np.frombuffer(data, np.uint8)[starts], WHITESPACE)
        rows += len(starts) - sum(not data[starts[at] : ends[at]].strip() for at in np.flatnonzero(blank))
        spans.append(Span(start, start + len(data), line))
        start, line = start + len(data), line + len(starts)
    return header, rows if regular else 0, spans


def is_text(data: bytes) -> bool:
    """Whether the bytes are UTF-8 without zero bytes."""
    try:
        return b"\0" not in data and (data.isascii() or bool(data.decode()))
    except UnicodeDecodeError:
        return False


def spans_lines(data: bytes, ends: np.ndarray) -> bool:
    """Whether a line has an odd number of quotes, so that a quoted value may go on in the next one."""
    if b'"' not in data:
        return False
    quotes = np.flatnonzero(np.frombuffer(data, np.uint8) == QUOTE)
    return bool((np.bincount(np.searchsorted(ends, quotes, side="right")) % 2).any())


def scan(path: Path, stream: BinaryIO, contract: Contract) -> tuple[list[str], int, bool]:
    """Read all lines once; returns the header's names, the number of rows, and whether a quoted value spans lines."""
    quoted: QuotedLines | None = None
    for number, line in enumerate(lines(path, stream), 1):
        if quoted is None:
            quoted = QuotedLines(path, contract, check_header(path, line, contract))
            continue
        if not line.strip() and not quoted.opened:
            continue
        if line.count(contract.separator.encode()) > MAX_VALUES:
            raise FileRefused(
                f"{path.name} line {number}: more than {MAX_VALUES:,} values, expected {len(contract.header)}"
            )
        refuse_carriage_returns(path, number, line, contract)
        quoted.read(number, line)
    if quoted is None:
        raise FileRefused(f"{path.name}: the file is empty; expected a header: {_example(contract)}")
    quoted.finish()
    if not quoted.records:
        raise FileRefused(f"{path.name}: there are no rows under the header. The table is unchanged")
    return quoted.header, quoted.records, quoted.multiline


def refuse_carriage_returns(path: Path, number: int, line: bytes, contract: Contract) -> None:
    """Raise FileRefused if a line consists of several rows that end in CR alone."""
    if b"\r" not in line.rstrip(b"\r\n"):
        return
    parts = line.decode().split("\r")
    if len(split(parts[0], contract.separator)) == len(split(parts[1], contract.separator)) == len(contract.header):
        raise FileRefused(
            f"{path.name} line {number}: rows end in CR alone, expected LF or CRLF. Convert it: mac2unix {path.name}"
        )


def lines(path: Path, stream: BinaryIO) -> Iterator[bytes]:
    """The lines as bytes, each checked to be UTF-8; the first without its byte order mark."""
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        if number == 1:
            refuse_other_encodings(path, line)
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) == MAX_LINE:
            raise FileRefused(f"{path.name} line {number}: longer than {MAX_LINE:,} bytes; is this a text file?")
        if not line.isascii():
            check_utf8(path, number, line)
        if b"\0" in line:
            raise FileRefused(f"{path.name} line {number}: contains a zero byte; is this a text file?")
        yield line


def refuse_other_encodings(path: Path, start: bytes) -> None:
    """Raise FileRefused if the file starts with the byte order mark of another encoding."""
    for mark, name in BOMS.items():
        if start.startswith(mark):
            raise FileRefused(f"{path.name}: the encoding is {name}, expected UTF-8. {_convert(path, name)}")


def check_utf8(path: Path, number: int, line: bytes) -> None:
    """Raise FileRefused if a line is not UTF-8; the message names the byte and the likely encoding."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        guess = "windows-1252" if 0x80 <= byte <= 0x9F else "ISO-8859-1"
        raise FileRefused(
            f"{path.name} line {number}: byte 0x{byte:02X} is not UTF-8; the encoding looks like {guess}. "
            + _convert(path, guess)
        ) from None


def is_gzipped(path: Path) -> bool:
    """Whether the file starts like a gzip file."""
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _open(path: Path, gzipped: bool) -> BinaryIO:
    return gzip.open(path) if gzipped else path.open("rb")  # type: ignore[return-value]


def first_value(path: Path, inspection: Inspection, contract: Contract, source: str) -> str:
    """The first value of a column that isn't blank, as an example for messages; empty if there is none."""
    with _open(path, inspection.gzipped) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
        for row in islice(csv.reader(text, delimiter=contract.separator), 1, EXAMPLE_ROWS):
            value = dict(zip(inspection.header, row, strict=False)).get(source, "").strip()
            if value not in ("", *contract.blank):
                return value
    return ""


def checksum(path: Path) -> str:
    """SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _convert(path: Path, encoding: str) -> str:
    return f"Convert it: iconv -f {encoding} -t UTF-8 {path.name} > utf8-{path.name}"


def _example(contract: Contract) -> str:
    return contract.separator.join(contract.header)
