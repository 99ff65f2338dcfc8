"""Measure the segments stage against plain pandas and scikit-learn, from generated CSV to the report.

Prints seconds, peak memory in MB, and the ratio to benchmarks/segments_reference.py, a notebook's work without checks,
null, versions and report. Ingest and segments run in one session, as in `make demo`.

Usage: python benchmarks/segments.py [ROWS]; the default is one million. `make bench` runs it as well.
"""

import sys
import tempfile
from pathlib import Path

from measure import measure

REFERENCE = str(Path(__file__).with_name("segments_reference.py"))


def main() -> None:
    """Generate transactions, run the reference, the stages and the report, and compare."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    jobs = [sys.executable, "-m", "jobs"]
    print(f"{'rows':>12} {'step':<26} {'seconds':>8} {'MB':>7}  ratio to pandas and scikit-learn")
    with tempfile.TemporaryDirectory() as folder:
        data, var = f"{folder}/data", f"{folder}/var"
        environment = {"BANK_DATA": data, "BANK_VAR": var}
        measure([*jobs, "generate", "--rows", str(rows), "--dataset", "transactions"], **environment)
        csv, parquet = f"{data}/synthetic_transactions.csv", f"{folder}/customers.parquet"
        reference = measure([sys.executable, REFERENCE, csv, parquet], **environment)
        segments = measure([*jobs, "run", "ingest.transactions", "segments"], **environment)
        report = measure([*jobs, "run", "report"], **environment)
        steps = {
            "pandas and scikit-learn": reference,
            "CSV to segments": segments,
            "report": report,
        }
        for name, (seconds, memory) in steps.items():
            print(f"{rows:>12,} {name:<26} {seconds:>8.1f} {memory:>7.0f}  {seconds / reference[0]:.2f}", flush=True)


if __name__ == "__main__":
    main()
