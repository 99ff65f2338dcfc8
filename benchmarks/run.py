"""Measure ingest in embedded mode: seconds, memory, and the ratio to pandas. Run it with: make bench ROWS=1000000.

The reference does the same work in pandas without any checks: read the CSV, convert dates, write Parquet. The last row
loads the same file with one bad or repeated row in a hundred.
"""

import sys
import tempfile
from pathlib import Path

from measure import measure

PANDAS = """
import sys, pandas
rows = pandas.read_csv(sys.argv[1], dtype={"CustomerID": str, "TransactionID": str})
for column in ("CustomerDOB", "TransactionDate"):
    rows[column] = pandas.to_datetime(rows[column], format="%d-%m-%Y", errors="coerce")
rows.to_parquet(sys.argv[2])
"""


def spoil(clean: Path, target: Path) -> None:
    """Copy transactions and spoil every hundredth row: too many values, bad amount, bad dates, repeated number."""
    target.parent.mkdir(parents=True)
    with clean.open() as reader, target.open("w") as writer:
        for number, line in enumerate(reader):
            if number and number % 100 == 0:
                spoiled = [
                    line.replace(",", ",x,", 1),
                    f"{line.rstrip()}x\n",
                    line.replace("-20", "-2x"),
                    f"T{number - 7}{line[line.index(',') :]}",
                ]
                line = spoiled[number // 100 % 4]
            writer.write(line)


def main() -> None:
    """Generate and ingest a number of rows, and ten times as many; compare with pandas."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    python = sys.executable
    print(f"{'rows':>12} {'step':<22} {'seconds':>8} {'MB':>7}  ratio to pandas")
    for size in (rows, 10 * rows):
        with tempfile.TemporaryDirectory() as folder:
            data, var = f"{folder}/data", f"{folder}/var"
            folders = {"BANK_DATA": data, "BANK_VAR": var}
            command = [python, "-m", "jobs", "generate", "--rows", str(size), "--dataset", "transactions"]
            generate = measure(command, **folders)
            pandas = measure([python, "-c", PANDAS, f"{data}/synthetic_transactions.csv", f"{folder}/p.parquet"])
            ingest = measure([python, "-m", "jobs", "run", "ingest.transactions"], **folders)
            spoil(Path(data, "synthetic_transactions.csv"), Path(folder, "bad/bank_transactions.csv"))
            other = {"BANK_DATA": f"{folder}/bad", "BANK_VAR": f"{folder}/bad-var"}
            bad = measure([python, "-m", "jobs", "run", "ingest.transactions"], **other)
            results = {"generate": generate, "pandas": pandas, "ingest": ingest, "ingest, 1 % bad": bad}
            for name, (seconds, memory) in results.items():
                print(f"{size:>12,} {name:<22} {seconds:>8.1f} {memory:>7.0f}  {seconds / pandas[0]:.2f}", flush=True)


if __name__ == "__main__":
    main()
