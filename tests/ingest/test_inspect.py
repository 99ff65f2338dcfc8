"""Files that are refused before Spark reads them: the error names file, line, what was found and the way out."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.core.contracts import load_contract
from jobs.core.errors import FileRefused
from jobs.ingest.inspect import inspect
from tests.ingest.helpers import GOOD, HEADER

CLIENTS = load_contract("clients")


def refusal(tmp_path, content: bytes) -> str:
    path = tmp_path / "bank.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        inspect(path, CLIENTS)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "bank.csv: the file is empty"),
        (f"{HEADER}\n".encode(), "bank.csv: there are no rows under the header"),
        (
            HEADER.replace(";", ",").encode(),
            "bank.csv line 1: separated by ',', expected ';'",
        ),
        (
            HEADER.replace("age", "alter").encode(),
            "bank.csv line 1: expected 17 columns, found 17; missing: 'age'; not expected: 'alter'",
        ),
        (
            f"ID;{HEADER.removesuffix('y')}subscribed".replace(";", ",").encode(),
            "bank.csv line 1: separated by ',', expected ';'; expected 17 columns, found 18; missing: 'y'; "
            "not expected: 'ID', 'subscribed'.",
        ),
        (f'"{HEADER}"\n"{GOOD}"'.encode(), "bank.csv line 1: each line is wrapped in quotes"),
        (f"sep=;\n{HEADER}\n{GOOD}".encode(), "bank.csv line 1: is Excel's line 'sep=;'"),
        (f"\n\n{HEADER}\n{GOOD}".encode(), "bank.csv line 1: is blank"),
        (f"{GOOD}\n{GOOD}".encode(), "bank.csv line 1: there is no header: the line looks like a row with 17 values"),
        (f";{HEADER}\n0;{GOOD}".encode(), "bank.csv line 1: the first column has no name: it looks like an index"),
        (f"{HEADER};\n{GOOD};".encode(), "bank.csv line 1: ends with a separator too many"),
        (f"{HEADER}\n{GOOD}\r{GOOD}\r".encode(), "bank.csv line 2: rows end in CR alone, expected LF or CRLF"),
        (f"{HEADER}\r{GOOD}\r".encode(), "bank.csv line 1: lines end in CR alone"),
        (
            b"\xff\xfe\0\0" + f"{HEADER}\n{GOOD}".encode("utf-32-le"),
            "bank.csv: the encoding is UTF-32LE, expected UTF-8. Convert it: iconv",
        ),
        (
            f"{HEADER}\n{GOOD}\n{';' * 21_000}\n".encode(),
            "bank.csv line 3: more than 20,000 values, expected 17",
        ),
        (f"{HEADER}\n{GOOD}".encode("utf-16"), "bank.csv: the encoding is UTF-16LE, expected UTF-8. Convert it: iconv"),
        (
            f"{HEADER}\n{GOOD}\n{GOOD.replace('retired', 'ménage')}".encode("latin-1"),
            "bank.csv line 3: byte 0xE9 is not UTF-8; the encoding looks like ISO-8859-1. Convert it: iconv",
        ),
        (f'{HEADER}\n{GOOD}\n30;"retired;\n{GOOD}'.encode(), 'bank.csv line 3: a quote (") is opened and never closed'),
        (f"{HEADER}\n{GOOD}\0\n".encode(), "bank.csv line 2: contains a zero byte"),
        (gzip.compress(f"{HEADER}\n{GOOD}\n".encode())[:-12], "bank.csv: a damaged gzip file"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path, content, sentence):
    assert refusal(tmp_path, content).startswith(sentence)


PIECES = st.one_of(
    st.sampled_from(
        [b'"', b"\n", b"\r\n", b"\r", b";", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b", b"\0", HEADER.encode()]
    ),
    st.sampled_from([f"{GOOD}\n".encode(), f"{HEADER}\n".encode()]),
    st.binary(max_size=20),
)


@settings(deadline=None)
@given(st.booleans(), st.lists(PIECES, max_size=12))
def test_any_bytes_give_a_result_or_a_sentence(tmp_path_factory, with_header, pieces):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes((f"{HEADER}\n".encode() if with_header else b"") + b"".join(pieces))
    try:
        found = inspect(path, CLIENTS)
    except FileRefused as refused:
        assert str(refused).startswith("any.csv")
    else:
        assert found.rows > 0 and sorted(found.header) == sorted(CLIENTS.header)


def test_a_file_that_is_gzipped_only_by_name_is_refused(tmp_path):
    path = tmp_path / "bank.csv.gz"
    path.write_text(f"{HEADER}\n{GOOD}\n")
    with pytest.raises(FileRefused, match="its name says gzip, its content does not"):
        inspect(path, CLIENTS)
