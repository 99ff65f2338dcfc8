"""How often the search finds segments in data without groups, and how well it finds planted groups.

Each seed draws new customers and runs the whole search with its null. A finding in data without groups is a false
positive; the goal is 5 % at most. Planted groups differ in behaviour only; the goal is an adjusted Rand index of 0.9.
With a file of real transactions, its columns are also shuffled.

Usage: python benchmarks/segments_null.py [SEEDS] [FILE]; the default is 40 seeds.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from pyspark.sql import SparkSession
from sklearn.metrics import adjusted_rand_score

from jobs.core.contracts import load_contract
from jobs.core.session import start_session
from jobs.core.settings import Settings
from jobs.ingest.check import add_derived
from jobs.segments.algorithms import nearest
from jobs.segments.clustering_search import SAMPLE, Clustering, search
from jobs.segments.customers import aggregate_customers
from jobs.segments.feature_spaces import FEATURES, with_history_only
from jobs.segments.null_search import search_null
from jobs.segments.sampling import as_doubles
from jobs.segments.selection_rule import choose
from jobs.simulation.datasets.payment_histories import (
    GROUPS,
    WITHOUT_GROUPS,
    Behaviour,
    payment_histories,
    true_groups,
)

MONEY_AND_AGE = ("balance", "amount_mean", "age")
CUSTOMERS = 1_000  # with a payment history
GOAL = 0.05


def lognormals(seed: int, correlation: float) -> pd.DataFrame:
    """Draw balances and amounts from a lognormal distribution, and independent ages."""
    rng = np.random.default_rng(seed)
    logs = rng.multivariate_normal([9, 6], [[4, 2.4 * correlation], [2.4 * correlation, 1.44]], SAMPLE)
    age = np.clip(rng.normal(36, 10, SAMPLE), 18, 90).round()
    return pd.DataFrame({"balance": np.exp(logs[:, 0]), "amount_mean": np.exp(logs[:, 1]), "age": age})


def shuffled(seed: int, path: str) -> pd.DataFrame:
    """Draw balance, amount and age of real transactions, each independently."""
    rows = pd.read_csv(path)
    birth = pd.to_datetime(rows["CustomerDOB"], format="%d-%m-%Y", errors="coerce")
    ages = (pd.Timestamp("2016-09-01") - birth).dt.days // 365.25
    columns = {
        "balance": rows["CustAccountBalance"].dropna(),
        "amount_mean": rows["TransactionAmount (INR)"],
        "age": ages[ages.between(1, 110)],
    }
    rng = np.random.default_rng(seed)
    return pd.DataFrame({name: rng.choice(values.to_numpy(float), SAMPLE) for name, values in columns.items()})


def histories(spark: SparkSession, seed: int, groups: tuple[Behaviour, ...]) -> pd.DataFrame:
    """Aggregate generated payments to customers as the stage does; complete customers with columns FEATURES."""
    rows = spark.createDataFrame(payment_histories(CUSTOMERS, seed, groups))
    typed = rows.withColumns({name: rows[name].cast("decimal(18,2)") for name in ("balance", "amount")})
    customers = aggregate_customers(add_derived(typed, load_contract("transactions")))
    found = with_history_only(customers).select("customer_id", *as_doubles(FEATURES)).toPandas()
    return found.dropna(subset=list(FEATURES)).sort_values("customer_id", ignore_index=True)


def find(spark: SparkSession, customers: pd.DataFrame, seed: int) -> Clustering | None:
    """Run search, null and rule as the step does."""
    usable = [name for name in FEATURES if name in customers and customers[name].nunique() > 1]
    return choose(search(customers, usable, seed), search_null(spark, customers, usable, seed))


def cases(spark: SparkSession, seed: int, path: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The data sets without groups of one seed."""
    yield "independent lognormals", lognormals(seed, 0.0)
    yield "correlated lognormals", lognormals(seed, 0.6)
    yield "payment histories", histories(spark, seed, WITHOUT_GROUPS)
    if path:
        yield "shuffled columns of the file", shuffled(seed, path)


def main() -> None:
    """Print false positives and adjusted Rand indexes."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    path = sys.argv[2] if len(sys.argv) > 2 else ""
    found: dict[str, list[bool]] = {}
    agreement = []
    with tempfile.TemporaryDirectory() as folder:
        spark = start_session(Settings(var=Path(folder)), "segments null")
        for seed in range(seeds):
            started = time.monotonic()
            for name, customers in cases(spark, seed, path):
                found.setdefault(name, []).append(find(spark, customers, seed) is not None)
            customers = histories(spark, seed, GROUPS)
            chosen = find(spark, customers, seed)
            expected = np.array(true_groups(CUSTOMERS, GROUPS))[[int(name[1:]) for name in customers["customer_id"]]]
            labels = nearest(chosen.space.transform(customers), chosen.centres) if chosen else np.zeros(len(expected))
            agreement.append(float(adjusted_rand_score(expected, labels)))
            falsely = [name for name, results in found.items() if results[-1]]
            k = chosen.k if chosen else 0
            seconds = time.monotonic() - started
            print(
                f"seed {seed}: k = {k}, ARI {agreement[-1]:.3f}; false: {falsely or 'none'}; {seconds:.0f} s",
                flush=True,
            )
        spark.stop()
    for name, results in found.items():
        print(f"{name}: segments in {sum(results)} of {len(results)} data sets without groups (goal {GOAL:.0%})")
    print(f"planted groups: adjusted Rand index {min(agreement):.3f} to {max(agreement):.3f} (goal 0.9)")


if __name__ == "__main__":
    main()
