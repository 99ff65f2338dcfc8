"""Transactions of a file as a stream: by their own times, at the plan's rate and with its incidents."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from jobs.core.errors import BankError
from jobs.simulation.bank import incidents
from jobs.simulation.bank.customers import COLUMNS
from jobs.simulation.bank.producer import Plan
from jobs.simulation.cities import COORDINATES
from jobs.stream.verification import labels

RAW = {
    **{"TransactionID": "transaction_id", "CustomerID": "customer_id", "CustLocation": "location"},
    **{"CustAccountBalance": "balance", "TransactionAmount (INR)": "amount"},
}
"""Columns of the bank's file; those of the exported table have the table's names."""
EARLIER = 0.3
"""Share of the events, the first by time, that the stream is calibrated on; they are not sent."""


def transactions(path: Path) -> pd.DataFrame:
    """The file's transactions in order of time, columns `simulate.COLUMNS`.

    Raises:
        BankError: it is no file of transactions.

    """
    rows = pd.read_csv(path, dtype=str, encoding="utf-8").rename(columns=RAW)
    if "TransactionDate" in rows:
        clock = rows["TransactionTime"].str.zfill(6)
        rows["transaction_at"] = pd.to_datetime(
            rows["TransactionDate"] + clock, format="%d-%m-%Y%H%M%S", errors="coerce"
        )
    needed = {"transaction_id", "customer_id", "transaction_at", "amount", "balance", "location"}
    if missing := needed - set(rows.columns):
        raise BankError(
            f"{path}: no column {', '.join(sorted(missing))}. Give the bank's file of transactions, or the table: "
            "make export TABLE=transactions writes var/export/transactions.csv"
        )
    at = pd.to_datetime(rows["transaction_at"]).dt.tz_localize(None)
    rows["transaction_at"] = (at - pd.Timestamp("1970-01-01")).dt.total_seconds()
    rows = rows.assign(**{name: pd.to_numeric(rows[name], errors="coerce") for name in ("amount", "balance")})
    known = rows[sorted(needed)].dropna(subset=["transaction_id", "customer_id", "transaction_at", "amount"])
    return placed(known).sort_values("transaction_at", kind="stable", ignore_index=True)[list(COLUMNS)]


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """With the coordinates of known cities; a file has no terminals, so a place is its own."""
    where = rows["location"].str.upper().str.strip().map(COORDINATES)
    north, east = (where.map(lambda pair, one=one: pair[one], na_action="ignore") for one in (0, 1))
    degrees = {"latitude": north.astype(float), "longitude": east.astype(float)}
    return rows.assign(**degrees, terminal=rows["location"], incident=-1)


def replayed(events: pd.DataFrame, plan: Plan, truth_file: Path | None) -> Iterator[tuple[float, pd.DataFrame]]:
    """For each second of the wall clock its end in event time and its events: `rate` of them, whatever their times."""
    rng, planted, each = np.random.default_rng([plan.seed, 3]), 0, max(1, round(plan.rate))
    for start in range(0, len(events), each):
        part = events.iloc[start : start + each].reset_index(drop=True)
        kinds: list[str] = []
        if plan.incidents:
            part, kinds = incidents.injected(part, planted, rng)
            part = numbered(part, f"{plan.prefix}{start:09d}")
        if truth_file:
            labels.write_incidents(truth_file, part, kinds, planted)
        planted += len(kinds)
        yield float(events["transaction_at"].iloc[min(start + each, len(events)) - 1]), part


def numbered(part: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """With new ids for planted events, which are copies of others."""
    planted = part["incident"] >= 0
    names = [f"{prefix}-{number}" for number in range(int(planted.sum()))]
    ids = part["transaction_id"].astype(object)
    ids[planted] = names
    return part.assign(transaction_id=ids).sort_values("transaction_at", kind="stable", ignore_index=True)
