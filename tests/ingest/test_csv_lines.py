"""Blocks of a file, the lines that are left to Spark, and the hashes that prove values unique."""

import io

import numpy as np
import pyarrow as pa
import pytest

from jobs.ingest.csv_lines import read_blocks, split_lines
from jobs.ingest.repeats import hashes, repeated


def test_blocks_end_with_lines_and_lose_nothing():
    data = b"".join(b"%d,x\r\n" % number for number in range(1000)) + b"last"
    blocks = list(read_blocks(io.BytesIO(data), 100))
    assert b"".join(blocks) == data
    assert all(block.endswith(b"\n") for block in blocks[:-1])


@pytest.mark.parametrize(
    "line", ['a"b,c', '"a""b",c', '"a" ,c', ' "a",c', '"a"b,c', "a\rb,c", "a,b\r\r", '"a,b"c"', '","y",']
)
def test_a_line_that_parsers_read_differently_is_left_to_spark(line):
    lines = split_lines(f'1,2\n{line}\n"3","4,5"\n'.encode(), 7, ",")
    assert (lines.plain, list(lines.numbers)) == (b'1,2\n"3","4,5"\n', [7, 9])
    assert lines.others == [(8, line.rstrip("\r"))]


def test_empty_lines_count_as_lines_and_are_skipped():
    lines = split_lines(b"\r\n1,2\r\n\r\n3,4\r\n \r\n", 2, ",")
    assert (lines.plain, list(lines.numbers), lines.others) == (b"1,2\r\n3,4\r\n \r\n", [3, 5, 6], [])


def test_only_equal_values_have_equal_hashes():
    texts = [f"T{number}" for number in range(5000)] + ["", "é", "a" * 63, "a" * 64, "b" * 64, "a" * 65]
    found = hashes(pa.array(["other", *texts, *texts]).slice(1))
    assert np.array_equal(found[: len(texts)], found[len(texts) :])
    assert len(np.unique(found)) == len(texts)
    assert list(hashes(pa.array([5, 70]))) == list(hashes(pa.array(["5", "70"])))


def test_texts_that_differ_late_may_meet_and_are_then_compared_by_value():
    first, second = hashes(pa.array(["a" * 64 + "x", "a" * 64 + "y"]))
    assert first == second


def test_repeated_hashes_are_found_once():
    assert list(repeated(np.array([3, 1, 3, 2, 3, 1], np.uint64))) == [1, 3]
    assert list(repeated(np.array([], np.uint64))) == []
