"""The generator's files: names, schemas, repeatability, atomicity and memory."""

import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pytest

from jobs.simulation.datasets import ALL, generate, row_counts, write, write_datasets

ROOT = Path(__file__).parents[2]
SHARED_DATA = Path(__file__).parents[3] / "shared/data"
NAMES = {
    "clients": "synthetic_clients.csv",
    "credit": "synthetic_credit.csv",
    "transactions": "synthetic_transactions.csv",
    "call_notes": "synthetic_call_notes.csv",
}
PLANTED = "synthetic_transactions.planted.json"
REAL = {
    "clients": "bank-full.csv",
    "credit": "UCI_Credit_Card.csv",
    "transactions": "bank_transactions_20k.csv",
}
CHILD = "import sys; from pathlib import Path; from jobs.simulation.datasets import write; "


def _child(code: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", CHILD + code, *arguments], cwd=ROOT, stdout=subprocess.PIPE)


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline()


def test_all_four_file_names_say_synthetic(tmp_path):
    paths = generate(tmp_path / "new", rows=300, seed=1)

    assert paths == {name: tmp_path / "new" / file for name, file in NAMES.items()}
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted([*NAMES.values(), PLANTED])


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first = generate(tmp_path / "first", rows=2_000, seed=5)
    second = generate(tmp_path / "second", rows=2_000, seed=5)

    for name in ALL:
        assert first[name].read_bytes() == second[name].read_bytes(), name


def test_these_rows_do_not_change_between_versions(tmp_path):
    transactions = write("transactions", tmp_path, rows=1_000, seed=1)

    assert transactions.read_bytes().split(b"\r\n")[1:5] == [
        b"T1,C5400834,02-03-1983,F,NEW DELHI,37278.32,01-11-2013,185838,581.71",
        b"T2,C4210842,21-01-1974,M,NEW DELHI,,01-11-2013,161658,1175.06",
        b"T3,C3417514,02-08-1949,M,GURGAON,271137.22,01-11-2013,101713,882.73",
        b"T4,C1353793,1/1/1800,F,CHENNAI,242122.44,01-11-2013,91749,588",
    ]


def test_another_seed_gives_another_file(tmp_path):
    first = generate(tmp_path / "first", rows=200, seed=5)
    second = generate(tmp_path / "second", rows=200, seed=6)

    for name in ALL:
        assert first[name].read_bytes() != second[name].read_bytes(), name


@pytest.mark.parametrize("name", ALL)
def test_the_block_size_does_not_change_the_output(tmp_path, monkeypatch, name):
    whole = write(name, tmp_path / "whole", rows=5_000, seed=3)
    monkeypatch.setattr(write_datasets, "BLOCK", 777)
    pieces = write(name, tmp_path / "pieces", rows=5_000, seed=3)

    assert whole.read_bytes() == pieces.read_bytes()


@pytest.mark.parametrize("name", REAL)
def test_header_and_line_end_equal_the_real_file(tmp_path, name):
    real = SHARED_DATA / REAL[name]
    if not real.exists():
        pytest.skip(f"{real} is absent")

    assert _first_line(write(name, tmp_path, rows=10, seed=1)) == _first_line(real)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (100, {"clients": 100, "credit": 100, "transactions": 100, "call_notes": 100}),
        (20_000, {"clients": 20_000, "credit": 20_000, "transactions": 20_000, "call_notes": 10_000}),
        (1_000_000, {"clients": 50_000, "credit": 33_333, "transactions": 1_000_000, "call_notes": 20_000}),
    ],
)
def test_other_datasets_follow_the_number_of_transactions(rows, expected):
    assert row_counts(rows) == expected


@pytest.mark.parametrize("name", ["clients", "credit", "transactions"])
def test_a_file_has_exactly_the_requested_rows(tmp_path, name):
    path = write(name, tmp_path, rows=1_234, seed=1)

    assert path.read_bytes().count(b"\n") == 1_235


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rows": 0, "seed": 1}, "rows must be 1 or more, not 0"),
        ({"rows": 5, "seed": -1}, "seed must be 0 or more, not -1"),
        ({"rows": 5, "seed": 1, "datasets": ["loans"]}, "no generator for loans; there are: clients"),
    ],
)
def test_invalid_arguments_are_refused_with_a_sentence(tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        generate(tmp_path, **arguments)

    assert list(tmp_path.iterdir()) == []


def test_a_killed_generator_leaves_the_old_file_and_the_next_one_cleans_up(tmp_path):
    old = write("transactions", tmp_path, rows=10, seed=1).read_bytes()
    child = _child("write('transactions', Path(sys.argv[1]), 50_000_000, 1)", str(tmp_path))
    while not any(part.stat().st_size > 1_000_000 for part in tmp_path.glob(".*.part")):
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()

    assert (tmp_path / "synthetic_transactions.csv").read_bytes() == old
    assert len(list(tmp_path.glob(".*.part"))) == 1

    write("transactions", tmp_path, rows=10, seed=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["synthetic_transactions.csv", PLANTED]


def test_a_failing_generator_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(write_datasets, "lines", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        write("transactions", tmp_path, rows=10, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_twenty_times_as_many_rows_need_no_more_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(write_datasets, "BLOCK", 2_000)
    write("transactions", tmp_path, rows=2_000, seed=1)  # fills the caches
    small, large = (_peak_bytes(tmp_path, monkeypatch, rows) for rows in (4_000, 80_000))

    assert large < small + 500_000


def _peak_bytes(folder: Path, monkeypatch, rows: int) -> int:
    """Return the peak memory of Python, numpy and Arrow, in bytes above what they held before."""
    before, held = pa.total_allocated_bytes(), []
    tracemalloc.start()
    with monkeypatch.context() as patch:
        patch.setattr(write_datasets, "_log_progress", lambda *_: held.append(pa.total_allocated_bytes() - before))
        write("transactions", folder, rows, seed=1)
    python = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return python + max(held)
