"""The customers that the search looks at, and whether they are enough to be clustered."""

from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from jobs.segments.clustering_search import SAMPLE
from jobs.segments.customer_samples import doubles
from jobs.segments.customer_samples import sample as hashed
from jobs.segments.spaces import CONSTANT, FEATURES

LEAST = 100  # customers: of fewer a cluster of 2 % is one or two people
KNOWN = 0.5  # share of customers of whom a feature must be known


@dataclass(frozen=True)
class Sample:
    """Complete customers in the order of a hash (customer_id and FEATURES), and what was found out about all."""

    rows: pd.DataFrame
    usable: tuple[str, ...]
    customers: int
    complete: int
    left_out: tuple[str, ...] = ()
    """Sentences, one for each feature that is not usable."""

    @property
    def reason(self) -> str:
        """Why these customers cannot be clustered, as a sentence; nothing if they can."""
        if not self.customers:
            return "There are no customers, so there are no segments."
        if not self.usable:
            return f"{' '.join(self.left_out)} Nothing tells the customers apart, so there are no segments."
        if self.complete < LEAST:
            people = f"{self.complete} of {self.customers} customers"
            return f"Only {people} are known well enough; {LEAST} are needed, so there are no segments."
        return ""


def collect(customers: DataFrame) -> Sample:
    """Look at all customers, then take a sample of the complete ones."""
    row = _seen(customers)
    faults = {name: fault for name in FEATURES if (fault := _fault(row, name))}
    usable = tuple(name for name in FEATURES if name not in faults)
    complete = customers.where(" AND ".join(f"{name} IS NOT NULL" for name in usable) or "false")
    wanted = complete.select("customer_id", *doubles(FEATURES))
    rows = hashed(wanted, "customer_id", SAMPLE).toPandas()
    number = complete.count() if len(rows) == SAMPLE else len(rows)
    return Sample(rows, usable, int(row["customers"]), number, tuple(faults.values()))


def _seen(customers: DataFrame) -> Row:
    looks = [(F.count(name), F.min(name), F.max(name)) for name in FEATURES]
    columns = [
        look.cast("double").alias(f"{name}_{what}")
        for name, seen in zip(FEATURES, looks, strict=True)
        for what, look in zip(("known", "low", "high"), seen, strict=True)
    ]
    (row,) = customers.agg(F.count(F.lit(1)).alias("customers"), *columns).collect()
    return row


def _fault(row: Row, name: str) -> str:
    customers, known = int(row["customers"]), int(row[f"{name}_known"])
    if known < KNOWN * customers or not known:
        return f"{name} is known of {known} of {customers} customers only and was left out."
    if row[f"{name}_high"] - row[f"{name}_low"] <= CONSTANT:
        return f"{name} is the same for all customers and was left out."
    return ""
