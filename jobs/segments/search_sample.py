"""The sample of customers for the clustering search, and the check whether it is good enough to be clustered."""

from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from jobs.segments.clustering_search import SAMPLE
from jobs.segments.feature_spaces import BEHAVIOUR, FEATURES, MIN_HISTORY, NEGLIGIBLE, with_history_only
from jobs.segments.sampling import as_doubles, sample_by_hash

MIN_CUSTOMERS = 100  # with fewer, a cluster of 2 % is one or two people
MIN_KNOWN_SHARE = 0.5  # a feature is usable if it is known for at least this share of the customers


@dataclass(frozen=True)
class Sample:
    """Complete customers ordered by hash, and what is known about all customers.

    Attributes:
        rows: columns customer_id and FEATURES, at most SAMPLE rows.
        usable: the features that can be used.
        customers: number of all customers.
        complete: number of customers for whom all usable features are known.
        left_out: one sentence for each feature that cannot be used, and one for the behaviour if none of it can be.

    """

    rows: pd.DataFrame
    usable: tuple[str, ...]
    customers: int
    complete: int
    left_out: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why these customers cannot be clustered, as a sentence, or '' if they can."""
        if not self.customers:
            return "There are no customers, so there are no segments."
        if not self.usable:
            return f"{' '.join(self.left_out)} No feature distinguishes the customers, so there are no segments."
        if self.complete < MIN_CUSTOMERS:
            return (
                f"Only {self.complete} of {self.customers} customers have all features; at least {MIN_CUSTOMERS} are "
                "needed, so there are no segments."
            )
        return ""


def collect_sample(customers: DataFrame) -> Sample:
    """Decide which features are usable, then sample the customers who have all of them.

    Args:
        customers: the table customers.

    """
    described = with_history_only(customers)
    summary = _summarise(described)
    faults = {name: fault for name in FEATURES if (fault := _fault(summary, name))}
    usable = tuple(name for name in FEATURES if name not in faults)
    complete = described.where(" AND ".join(f"{name} IS NOT NULL" for name in usable) or "false")
    wanted = complete.select("customer_id", *as_doubles(FEATURES))
    rows = sample_by_hash(wanted, "customer_id", SAMPLE).toPandas()
    complete_count = complete.count() if len(rows) == SAMPLE else len(rows)
    return Sample(rows, usable, int(summary["customers"]), complete_count, _sentences(summary, faults))


def _summarise(customers: DataFrame) -> Row:
    """Return `customers`, and for each feature `<feature>_known` (count), `_low` and `_high`."""
    has_history = F.col("transactions") >= MIN_HISTORY
    aggregates = [F.count(F.lit(1)).alias("customers"), F.count_if(has_history).alias("with_history")]
    for name in FEATURES:
        aggregates += [
            F.count(name).cast("double").alias(f"{name}_known"),
            F.min(name).cast("double").alias(f"{name}_low"),
            F.max(name).cast("double").alias(f"{name}_high"),
        ]
    (row,) = customers.agg(*aggregates).collect()
    return row


def _sentences(summary: Row, faults: dict[str, str]) -> tuple[str, ...]:
    """The faults as sentences; if customers have too little history, one sentence stands for all of BEHAVIOUR."""
    customers, with_history = int(summary["customers"]), int(summary["with_history"])
    if with_history >= max(1, MIN_KNOWN_SHARE * customers):
        return tuple(faults.values())
    history = (
        f"Only {with_history} of {customers} customers have {MIN_HISTORY} or more transactions, so their behaviour "
        "(rhythm, times, trend, volatility) was left out."
    )
    return (*(fault for name, fault in faults.items() if name not in BEHAVIOUR), history)


def _fault(summary: Row, name: str) -> str:
    """Return why the feature cannot be used, as a sentence, or '' if it can."""
    customers, known = int(summary["customers"]), int(summary[f"{name}_known"])
    if not known or known < MIN_KNOWN_SHARE * customers:
        return f"{name} is known for only {known} of {customers} customers and was left out."
    if summary[f"{name}_high"] - summary[f"{name}_low"] <= NEGLIGIBLE:
        return f"{name} is the same for all customers and was left out."
    return ""
