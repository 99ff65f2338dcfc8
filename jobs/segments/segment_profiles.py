"""Profile the segments: names, sizes, value, features, demographics, times, and rules that explain them.

Reads: customers, segment_model, segments. Writes: segment_names, segment_profiles, segment_groups, segment_rules,
segment_concentration.

Counts, sums and extremes cover all customers. Quantiles, names and rules use a sample selected by hash.
"""

import numpy as np
import pandas as pd
from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.segments.concentration import concentration_rows
from jobs.segments.feature_spaces import BEHAVIOUR, MIN_HISTORY, RHYTHM, TIMES
from jobs.segments.rule_tree import rule_rows
from jobs.segments.sampling import as_doubles, sample_by_hash
from jobs.segments.segment_groups import SHARE_COLUMNS, group_rows, transaction_counts
from jobs.segments.segment_names import describe, segment_names

FEATURES = (
    "balance",
    "amount_mean",
    "amount_sum",
    "amount_max",
    "transactions",
    "age",
    "recency_days",
    "amount_to_balance",
    *RHYTHM,
)
SUMS = ("balance", "amount_sum", "transactions")
QUANTILES = {"p05": 0.05, "median": 0.5, "p95": 0.95}
SAMPLE = 20_000


def main(job: Job) -> None:
    """Publish the five tables, without rows if there are no segments."""
    model_features = [row["feature"] for row in job.read("segment_model").select("feature").distinct().collect()]
    customers = job.read("customers").select("customer_id", *FEATURES, "gender", "city", *SHARE_COLUMNS)
    segments = job.read("segments").select("customer_id", "segment")
    members = segments.join(customers, "customer_id").cache()
    try:
        aggregates = [*_aggregates(), *transaction_counts()]
        totals = members.groupBy("segment").agg(*aggregates).orderBy("segment").toPandas()
        wanted = members.select("customer_id", "segment", *as_doubles((*FEATURES, *TIMES)))
        sample = sample_by_hash(wanted, "customer_id", SAMPLE).toPandas()
        publish(job, "segment_groups", group_rows(members, totals))
        publish(job, "segment_concentration", concentration_rows(members))
    finally:
        members.unpersist()
    publish(job, "segment_profiles", profile_rows(totals, sample))
    publish(job, "segment_rules", rule_rows(with_history(sample), sorted(model_features), job.settings.seed))
    publish(job, "segment_names", name_rows(totals, sample))


def with_history(sample: pd.DataFrame) -> pd.DataFrame:
    """Replace BEHAVIOUR of customers with fewer than MIN_HISTORY transactions by NaN, as the model does."""
    has_history = sample["transactions"] >= MIN_HISTORY
    return sample.assign(**{name: sample[name].where(has_history) for name in BEHAVIOUR if name in sample})


def checksum() -> Column:
    """Aggregate the customer numbers into a checksum that does not depend on their order.

    Two runs that assign the same customers to a segment have the same checksum, on a laptop and on a cluster.
    """
    return F.hex(F.bit_xor(F.xxhash64("customer_id"))).alias("checksum")


def profile_rows(totals: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of segment_profiles.

    Args:
        totals: one row per segment, with `<feature>_known`, `_centre`, `_minimum` and `_maximum`.
        sample: a sample of customers, with columns segment and FEATURES.

    """
    quantiles = sample.groupby("segment")[list(FEATURES)].quantile(np.array(list(QUANTILES.values())))
    rows = [
        {
            "segment": total["segment"],
            "feature": feature,
            **{name: total[f"{feature}_{name}"] for name in ("known", "centre", "minimum", "maximum")},
            **{name: quantiles[feature].get((total["segment"], level)) for name, level in QUANTILES.items()},
        }
        for total in totals.to_dict("records")
        for feature in FEATURES
    ]
    return pd.DataFrame(rows, columns=tables.columns("segment_profiles"))


def name_rows(totals: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of segment_names: sizes, value, name and description of each segment.

    Args:
        totals: one row per segment, with `customers`, `checksum` and `total_<column>` for each column of SUMS.
        sample: a sample of customers, with columns segment and FEATURES.

    """
    rows = totals.rename(
        columns={
            "total_balance": "balance_sum",
            "total_amount_sum": "amount_sum",
            "total_transactions": "transactions",
        }
    )
    rows = rows.assign(
        share=_share_of_total(rows["customers"]),
        balance_share=_share_of_total(rows["balance_sum"]),
        amount_share=_share_of_total(rows["amount_sum"]),
    )
    names = segment_names(with_history(sample))
    medians = sample.groupby("segment")[list(FEATURES)].median().reindex(rows["segment"].unique())
    rows["name"] = [names.get(segment, f"segment {segment}") for segment in rows["segment"]]
    rows["description"] = [describe(row, medians.loc[row["segment"]]) for _, row in rows.iterrows()]
    return rows[tables.columns("segment_names")]


def _aggregates() -> list[Column]:
    """The columns of `totals` in `profile_rows` and `name_rows`."""
    totals = [F.sum(name).cast("double").alias(f"total_{name}") for name in SUMS]
    statistics = {"known": F.count, "centre": F.avg, "minimum": F.min, "maximum": F.max}
    by_feature = [
        aggregate(F.col(feature).cast("double")).alias(f"{feature}_{name}")
        for feature in FEATURES
        for name, aggregate in statistics.items()
    ]
    return [F.count(F.lit(1)).alias("customers"), checksum(), *totals, *by_feature]


def _share_of_total(values: "pd.Series[float]") -> "pd.Series[float]":
    return values.fillna(0) / (values.sum() or 1)
