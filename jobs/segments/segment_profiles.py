"""What the segments are like: size, worth, features, people, times; named and explained by rule.

Reads: customers, segment_model, segments. Writes: segment_names, segment_profiles, segment_groups, segment_rules,
segment_concentration.
Counts, sums and extremes are of all customers; quantiles, names and the tree are of a sample, by hash.
"""

import numpy as np
import pandas as pd
from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.segments.concentration import concentration
from jobs.segments.customer_samples import doubles, sample
from jobs.segments.rule_tree import rules
from jobs.segments.segment_groups import SHARES, groups, times
from jobs.segments.segment_names import describe, name_all

FEATURES = (
    *("balance", "amount_mean", "amount_sum", "amount_max", "transactions", "age", "recency_days"),
    *("amount_to_balance", "regularity"),
)
QUANTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95}
SAMPLED = 20_000
NAMES = (
    *("segment", "name", "description", "customers", "share", "balance_sum", "balance_share"),
    *("amount_sum", "amount_share", "transactions", "checksum"),
)
PROFILES = ("segment", "feature", "known", "centre", "minimum", *QUANTILES, "maximum")


def main(job: Job) -> None:
    """Publish the five tables; without rows if there are no segments."""
    model = [row["feature"] for row in job.read("segment_model").select("feature").distinct().collect()]
    customers = job.read("customers").select("customer_id", *FEATURES, "gender", "place", *SHARES)
    people = job.read("segments").select("customer_id", "segment").join(customers, "customer_id").cache()
    try:
        totals = people.groupBy("segment").agg(*_aggregates(), *times()).orderBy("segment").toPandas()
        some = sample(people.select("customer_id", "segment", *doubles(FEATURES)), "customer_id", SAMPLED).toPandas()
        publish(job, "segment_groups", groups(people, totals))
        publish(job, "segment_concentration", concentration(people))
    finally:
        people.unpersist()
    publish(job, "segment_profiles", profiles(totals, some))
    publish(job, "segment_rules", rules(some, sorted(model), job.settings.seed))
    publish(job, "segment_names", named(totals, some))


def _aggregates() -> list[Column]:
    """`customers`, `checksum`, `total_<0 to 2>`, and of each feature `_known`, `_centre`, `_minimum` and `_maximum`."""
    sums = [F.sum(name).cast("double") for name in ("balance", "amount_sum", "transactions")]
    looks = {"known": F.count, "centre": F.avg, "minimum": F.min, "maximum": F.max}
    return [
        F.count(F.lit(1)).alias("customers"),
        checksum(),
        *[total.alias(f"total_{place}") for place, total in enumerate(sums)],
        *[
            look(F.col(name).cast("double")).alias(f"{name}_{what}")
            for name in FEATURES
            for what, look in looks.items()
        ],
    ]


def checksum() -> Column:
    """Of the customer numbers, whatever their order: two homes that place customers alike have the same."""
    return F.hex(F.bit_xor(F.xxhash64("customer_id"))).alias("checksum")


def profiles(totals: pd.DataFrame, some: pd.DataFrame) -> pd.DataFrame:
    """The rows of segment_profiles.

    Args:
        totals: a row for each segment, with `<feature>_known`, `_centre`, `_minimum` and `_maximum`.
        some: customers of a sample with their segment and FEATURES.

    """
    between = some.groupby("segment")[list(FEATURES)].quantile(np.array([*QUANTILES.values()]))
    rows = []
    for row in totals.to_dict("records"):
        for name in FEATURES:
            known, centre, low, high = (row[f"{name}_{what}"] for what in ("known", "centre", "minimum", "maximum"))
            inner = [between[name].get((row["segment"], level)) for level in QUANTILES.values()]
            rows.append((row["segment"], name, known, centre, low, *inner, high))
    return pd.DataFrame(rows, columns=list(PROFILES))


def named(totals: pd.DataFrame, some: pd.DataFrame) -> pd.DataFrame:
    """The rows of segment_names: sizes and worth, with a name and a sentence for each."""
    sums = totals.rename(columns={"total_0": "balance_sum", "total_1": "amount_sum", "total_2": "transactions"})
    shares = {
        f"{title}_share".removeprefix("customers_"): sums[column].fillna(0) / (sums[column].sum() or 1)
        for title, column in (("customers", "customers"), ("balance", "balance_sum"), ("amount", "amount_sum"))
    }
    rows = sums.assign(**shares)
    names = name_all(some)
    rows["name"] = [names.get(segment, f"segment {segment}") for segment in rows["segment"]]
    medians = some.groupby("segment")[list(FEATURES)].median().reindex(rows["segment"].unique())
    rows["description"] = [describe(rows.loc[place], medians.loc[rows.loc[place, "segment"]]) for place in rows.index]
    return rows[list(NAMES)]
