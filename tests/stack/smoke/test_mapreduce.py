"""Hadoop Streaming on YARN: the project's mapper, combiner and reducer compared with plain Python."""

import csv
import hashlib
import random
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]
BANK_CSV = Path("data/bank.csv")
# The public UCI file; its answer is literal here, because anyone can count it.
UCI_SHA256 = "dc8d576e9bda0f41ee891251bd84bab9a39ce576cba715aac08adc2374a01fde"
JOBS = ("retired", "student", "technician")


def clients() -> list[list[str]]:
    """Return the rows of bank.csv if the data folder has it, otherwise random rows with the same columns."""
    if BANK_CSV.exists():
        with BANK_CSV.open(newline="") as file:
            return list(csv.reader(file, delimiter=";"))[1:]
    rng = random.Random(4)
    rest = ["yes", "no", "cellular", "5", "may", "90", "1", "-1", "0", "unknown", "no"]
    return [
        [str(rng.randrange(18, 95)), rng.choice(JOBS), "married", "tertiary", "no", str(rng.randrange(9000)), *rest]
        for _ in range(2000)
    ]


def as_text(number: int, row: list[str]) -> str:
    """Format one line of the table clients_text: a number, then tab-separated values, money with two decimals."""
    return "\t".join([str(number), *row[:5], f"{row[5]}.00", *row[6:]])


def mean_balances(rows: list[list[str]]) -> dict[str, tuple[int, float]]:
    """Compute number of clients and mean balance per job in plain Python."""
    balances = defaultdict(list)
    for row in rows:
        balances[row[1]].append(int(row[5]))
    return {job: (len(values), sum(values) / len(values)) for job, values in balances.items()}


def test_streaming_on_yarn_agrees_with_plain_python(proved):
    from jobs.core.files import lake_files, remove
    from jobs.core.settings import Settings
    from jobs.mapreduce.yarn import run_on_yarn

    settings, rows = Settings(), clients()
    filesystem, root = lake_files(settings)
    text = "".join(f"{as_text(number, row)}\n" for number, row in enumerate(rows))
    try:
        filesystem.pipe_file(f"{root}/staging/smoke/part-0", text.encode())
        lines, counts = run_on_yarn(settings, "staging/smoke", "smoke")
    finally:
        remove(settings, "staging/smoke")

    assert counts == {"lines": len(rows), "malformed_lines": 0}
    answers = [line.split("\t") for line in lines]
    found = {
        key: (int(count), float(value))
        for question, key, name, count, _, value in answers
        if (question, name) == ("balance_by_job", "mean")
    }
    assert found == mean_balances(rows)
    if BANK_CSV.exists() and hashlib.sha256(BANK_CSV.read_bytes()).hexdigest() == UCI_SHA256:
        assert (found["retired"][0], round(found["retired"][1], 4)) == (230, 2319.1913)
    job, (count, mean) = max(found.items(), key=lambda item: item[1][1])
    proved(f"MapReduce on YARN, {len(rows):,} clients: {job} has the highest mean balance, {mean:.4f} ({count} rows)")
