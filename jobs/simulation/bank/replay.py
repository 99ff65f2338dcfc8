"""Replay a file of transactions as a stream: with its own event times, at the plan's rate, with planted incidents."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from jobs.core.errors import BankError
from jobs.simulation.bank.incidents import plant_fraud
from jobs.simulation.bank.producer import Plan, Step, label_fraud
from jobs.simulation.bank.simulated_bank import COLUMNS
from jobs.simulation.cities import COORDINATES

SOURCE_COLUMNS = {
    "TransactionID": "transaction_id",
    "CustomerID": "customer_id",
    "CustLocation": "location",
    "CustAccountBalance": "balance",
    "TransactionAmount (INR)": "amount",
}
"""Columns of the bank's file; an exported table already has the table's names."""
REQUIRED = {"transaction_id", "customer_id", "transaction_at", "amount", "balance", "location"}
REFERENCE_SHARE = 0.3
"""Share of the events, the earliest, that become reference events and are not sent."""


def read_transactions(path: Path) -> pd.DataFrame:
    """Read a file of transactions: `simulated_bank.COLUMNS`, in order of time.

    Raises:
        BankError: a column is missing.

    """
    rows = pd.read_csv(path, dtype=str, encoding="utf-8").rename(columns=SOURCE_COLUMNS)
    if "TransactionDate" in rows:
        time = rows["TransactionTime"].str.zfill(6)
        text = rows["TransactionDate"] + time
        rows["transaction_at"] = pd.to_datetime(text, format="%d-%m-%Y%H%M%S", errors="coerce")
    if missing := REQUIRED - set(rows.columns):
        raise BankError(
            f"{path} has no column {', '.join(sorted(missing))}. Replay the bank's file of transactions, or export the "
            "table: make export TABLE=transactions writes var/export/transactions.csv"
        )
    timestamps = pd.to_datetime(rows["transaction_at"]).dt.tz_localize(None)
    rows["transaction_at"] = (timestamps - pd.Timestamp("1970-01-01")).dt.total_seconds()
    rows = rows.assign(**{name: pd.to_numeric(rows[name], errors="coerce") for name in ("amount", "balance")})
    known = rows[sorted(REQUIRED)].dropna(subset=["transaction_id", "customer_id", "transaction_at", "amount"])
    located = add_locations(known)
    return located.sort_values("transaction_at", kind="stable", ignore_index=True)[list(COLUMNS)]


def add_locations(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the coordinates of known cities, and terminals: files have none, so each location counts as one."""
    coordinates = rows["location"].str.upper().str.strip().map(COORDINATES)
    latitude, longitude = (
        coordinates.map(lambda pair, position=position: pair[position], na_action="ignore").astype(float)
        for position in (0, 1)
    )
    return rows.assign(latitude=latitude, longitude=longitude, terminal=rows["location"], incident=-1)


def replay(events: pd.DataFrame, plan: Plan, labels: Path | None) -> Iterator[Step]:
    """Send `plan.rate` events per second of the wall clock, whatever their event times.

    Args:
        events: with `simulated_bank.COLUMNS`, in order of time.
        plan: rate, seed, and whether incidents are planted.
        labels: file to which incidents are appended, or None.

    """
    rng, planted, per_second = np.random.default_rng([plan.seed, 3]), 0, max(1, round(plan.rate))
    for start in range(0, len(events), per_second):
        part = events.iloc[start : start + per_second].reset_index(drop=True)
        kinds: list[str] = []
        if plan.incidents:
            part, kinds = plant_fraud(part, planted, rng)
            part = renumber_planted(part, f"{plan.prefix}{start:09d}")
        label_fraud(labels, part, kinds, planted)
        planted += len(kinds)
        yield float(events["transaction_at"].iloc[min(start + per_second, len(events)) - 1]), part


def renumber_planted(events: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Give planted events, which are copies of others, ids of their own; sort all by time."""
    is_planted = events["incident"] >= 0
    ids = events["transaction_id"].astype(object)
    ids[is_planted] = [f"{prefix}-{number}" for number in range(int(is_planted.sum()))]
    return events.assign(transaction_id=ids).sort_values("transaction_at", kind="stable", ignore_index=True)
