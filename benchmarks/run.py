"""Measure the embedded home and print seconds, memory and ratios: make bench [ROWS=1000000].

The reference is the same work in pandas: read the CSV, convert dates, write Parquet, without any checks.
Memory is the largest sum of resident memory over the process and all its children, read every 0.2 s.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PANDAS = """
import sys, pandas
rows = pandas.read_csv(sys.argv[1], dtype={"CustomerID": str, "TransactionID": str})
for column in ("CustomerDOB", "TransactionDate"):
    rows[column] = pandas.to_datetime(rows[column], format="%d-%m-%Y", errors="coerce")
rows.to_parquet(sys.argv[2])
"""


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def resident_mb(pid: int) -> float:
    """Resident memory of a process and its descendants, MB."""
    total = 0.0
    try:
        for member in family(pid):
            total += int(Path(f"/proc/{member}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except FileNotFoundError:
        pass
    return total


def measure(command: list[str], **environment: str) -> tuple[float, float]:
    """Seconds and peak MB of a command."""
    started, peak = time.monotonic(), 0.0
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, resident_mb(process.pid))
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - started, peak


def main() -> None:
    """Generate, ingest and compare at a size and at ten times that."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    python = sys.executable
    print(f"{'rows':>12} {'step':<22} {'seconds':>8} {'MB':>7}  ratio to pandas")
    for size in (rows, 10 * rows):
        with tempfile.TemporaryDirectory() as folder:
            data, var = f"{folder}/data", f"{folder}/var"
            homes = {"BANK_DATA": data, "BANK_VAR": var}
            make = [python, "-m", "jobs", "generate", "--rows", str(size), "--dataset", "transactions"]
            generate = measure(make, **homes)
            pandas = measure([python, "-c", PANDAS, f"{data}/synthetic_transactions.csv", f"{folder}/p.parquet"])
            ingest = measure([python, "-m", "jobs", "run", "ingest.transactions"], **homes)
            for name, (seconds, memory) in {"generate": generate, "pandas": pandas, "ingest": ingest}.items():
                print(f"{size:>12,} {name:<22} {seconds:>8.1f} {memory:>7.0f}  {seconds / pandas[0]:.2f}", flush=True)


if __name__ == "__main__":
    main()
