"""Measure ingest in embedded mode: seconds, memory, and the ratio to pandas. Run it with: make bench ROWS=1000000.

The reference does the same work in pandas without any checks: read the CSV, convert dates, write Parquet.
"""

import sys
import tempfile

from measure import measure

PANDAS = """
import sys, pandas
rows = pandas.read_csv(sys.argv[1], dtype={"CustomerID": str, "TransactionID": str})
for column in ("CustomerDOB", "TransactionDate"):
    rows[column] = pandas.to_datetime(rows[column], format="%d-%m-%Y", errors="coerce")
rows.to_parquet(sys.argv[2])
"""


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
            for name, (seconds, memory) in {"generate": generate, "pandas": pandas, "ingest": ingest}.items():
                print(f"{size:>12,} {name:<22} {seconds:>8.1f} {memory:>7.0f}  {seconds / pandas[0]:.2f}", flush=True)


if __name__ == "__main__":
    main()
