"""Runs the stage `segments` with a small search, on transactions given in a test."""

from datetime import date

import pytest

from jobs import pipeline
from jobs.core import tables
from jobs.core.runner import run_steps
from jobs.segments import cluster, null_search
from tests.segments.example_transactions import transactions

RUN_DATE = date(2026, 1, 31)
STAGE = pipeline.select(["segments"])
CLUSTER = pipeline.select(["segments.customers", "segments.cluster"])


def run_stage(spark, settings, rows, steps=STAGE):
    """Publish transactions and run steps with a small search: up to six clusters, and eight sets of null data."""
    fingerprint = f"{abs(hash(str(rows))):x}"[:12].rjust(12, "0")
    tables.publish(transactions(spark, rows), settings, "transactions", fingerprint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "KS", range(2, 7))
        patch.setattr(null_search, "DRAWS", 4)
        run_steps(spark, settings, steps, RUN_DATE)


def without_history(customers: int) -> str:
    """What the decision says where nobody has enough transactions."""
    return (
        f"Only 0 of {customers} customers have 6 or more transactions, so their behaviour (rhythm, times, trend, "
        "volatility) was left out."
    )
