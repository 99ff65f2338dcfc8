"""Rate every customer by RFM and value tiers, and measure the value at stake and the migration of each tier.

Reads: customers. Writes: customer_tiers, tier_profiles, tier_migration.

Limits between scores come from up to LIMIT_ROWS customers selected by hash, so both modes compute the same tiers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.segments.customers import EARLIER_DAYS
from jobs.segments.sampling import as_doubles, read_own_table, sample_by_hash
from jobs.segments.tier_rules import QUINTILES, TIERS, UNRATED, VALUE_LEVELS, VALUE_NAMES, rfm_names

LIMIT_ROWS = 200_000
RATED = ("recency_days", "transactions", "amount_sum")
"""Columns of recency, frequency and monetary value; the columns of EARLIER_DAYS ago begin with `earlier_`."""
SUMS = ("balance", "amount_sum", "transactions", "recency_days", "value_at_stake")
Limits = Mapping[str, Sequence[float]]
"""For each column the values at its quantiles; empty if the column is null for all customers."""


def main(job: Job) -> None:
    """Publish the tiers of customers, then the profiles and the migration of tiers."""
    customers = with_earlier_recency(job.read("customers"))
    sample = limit_sample(customers)
    job.publish("customer_tiers", rate_customers(customers, limits_of(sample), typical_gap(sample)))
    groups = tier_groups(read_own_table(job, "customer_tiers"))
    publish(job, "tier_profiles", profile_rows(groups))
    publish(job, "tier_migration", migration_rows(groups))
    job.rows_in["customers"] = job.rows_out["customer_tiers"]


def with_earlier_recency(customers: DataFrame) -> DataFrame:
    """Add `earlier_recency_days`, `days_active` (first to last transaction) and `days_known` (first to last day)."""
    last_day = F.date_add(F.to_date("last_at"), F.col("recency_days"))
    return customers.withColumns(
        {
            "earlier_recency_days": F.date_diff(F.date_sub(last_day, EARLIER_DAYS), F.to_date("earlier_last_at")),
            "days_active": F.date_diff(F.to_date("last_at"), F.to_date("first_at")),
            "days_known": F.date_diff(last_day, F.to_date("first_at")),
        }
    )


def limit_sample(customers: DataFrame) -> pd.DataFrame:
    """Collect the columns that limits and the typical gap are computed from."""
    names = (*RATED, "balance", "days_known")
    earlier = [f"earlier_{name}" for name in (*RATED, "balance")]
    wanted = customers.select("customer_id", *as_doubles([*names, *earlier]))
    return sample_by_hash(wanted, "customer_id", LIMIT_ROWS).toPandas()


def limits_of(sample: pd.DataFrame) -> Limits:
    """Return the quintiles of the rated columns and the VALUE_LEVELS of the balance, now and earlier."""
    levels: dict[str, Sequence[float]] = {**dict.fromkeys(RATED, QUINTILES), "balance": VALUE_LEVELS}
    limits: dict[str, list[float]] = {}
    for name, wanted in levels.items():
        for column in (name, f"earlier_{name}"):
            known = sample[column].dropna().to_numpy(dtype=float)
            limits[column] = [float(value) for value in np.quantile(known, wanted)] if len(known) else []
    return limits


def typical_gap(sample: pd.DataFrame) -> float | None:
    """Return the mean days between payments of all customers together, or None if nobody paid twice.

    It is the time for which customers are known per repeated payment, so customers who never returned count, too.
    """
    repeats = float((sample["transactions"] - 1).sum())
    return float(sample["days_known"].sum()) / repeats if repeats else None


def rate_customers(customers: DataFrame, limits: Limits, gap: float | None) -> DataFrame:
    """Return the rows of customer_tiers.

    Args:
        customers: the table customers `with_earlier_recency`.
        limits: the limits between scores.
        gap: the typical gap in days.

    """
    scores = {
        "recency_score": 6 - score("recency_days", limits),
        "frequency_score": score("transactions", limits),
        "monetary_score": score("amount_sum", limits),
    }
    risk = churn_risk(gap)
    balance = F.col("balance").cast("double")
    stake = F.when(balance > 0, balance).when(balance <= 0, F.lit(0.0)) * risk
    return customers.select(
        "customer_id",
        *RATED,
        "balance",
        *[column.alias(name) for name, column in scores.items()],
        rfm_tier("", limits).alias("rfm_tier"),
        value_tier("", limits).alias("value_tier"),
        F.when(F.isnotnull("earlier_last_at"), rfm_tier("earlier_", limits)).alias("earlier_rfm_tier"),
        F.when(F.isnotnull("earlier_last_at"), value_tier("earlier_", limits)).alias("earlier_value_tier"),
        expected_gap(gap).alias("expected_gap_days"),
        risk.alias("churn_risk"),
        F.round(stake, 2).cast("decimal(18,2)").alias("value_at_stake"),
    )


def score(column: str, limits: Limits) -> Column:
    """Return the quintile of a column, 1 (low) to 5; equal values have equal scores, in the middle of their range."""
    value = F.col(column).cast("double")
    below = [(value > limit).cast("int") + (value >= limit).cast("int") for limit in limits[column]]
    return F.floor(sum(below, F.lit(0)) / 2).cast("int") + 1


def rfm_tier(prefix: str, limits: Limits) -> Column:
    """Return the name of the RFM tier from the columns with a prefix."""
    recency, frequency, monetary = (score(f"{prefix}{name}", limits) for name in RATED)
    names = [item for scores, name in rfm_names().items() for item in (F.lit(_code(*scores)), F.lit(name))]
    return F.create_map(*names)[_code(6 - recency, frequency, monetary)]


def value_tier(prefix: str, limits: Limits) -> Column:
    """Return the name of the value tier; a customer at a limit belongs to the lower tier."""
    balance = F.col(f"{prefix}balance").cast("double")
    passed = sum(((balance > limit).cast("int") for limit in limits[f"{prefix}balance"]), F.lit(0))
    return F.when(F.isnull(balance), F.lit(UNRATED)).otherwise(F.lit([*VALUE_NAMES])[passed])


def expected_gap(gap: float | None) -> Column:
    """Return the days until a customer's next payment: the own mean gap, which counts more with each payment.

    Payments that come at random, at a rate that differs exponentially between customers, have this expectation (the
    negative binomial model of Ehrenberg 1959 with shape 1): `(gap + days active) / (1 + repeated payments)`.
    """
    return (F.lit(gap).cast("double") + F.col("days_active")) / F.col("transactions")


def churn_risk(gap: float | None) -> Column:
    """Return the probability that a customer who pays at the usual rate would have paid since the last payment."""
    known = F.nullif(F.lit(gap).cast("double") + F.col("days_active"), F.lit(0.0))
    return 1 - F.pow(1 + F.col("recency_days") / known, -F.col("transactions").cast("double"))


def tier_groups(rated: DataFrame) -> pd.DataFrame:
    """Add up the customers of each scheme, tier and earlier tier.

    Args:
        rated: the table customer_tiers.

    Returns:
        Columns scheme, tier, earlier, customers, those of SUMS, and `checksum` of the customer numbers.

    """
    pairs = [
        F.struct(
            F.lit(scheme).alias("scheme"),
            F.col(f"{scheme}_tier").alias("tier"),
            F.col(f"earlier_{scheme}_tier").alias("earlier"),
        )
        for scheme in ("rfm", "value")
    ]
    exploded = rated.select("customer_id", *SUMS, F.inline(F.array(*pairs)))
    grouped = exploded.groupBy("scheme", "tier", "earlier").agg(
        F.count(F.lit(1)).alias("customers"),
        *[F.sum(name).cast("double").alias(name) for name in SUMS],
        F.bit_xor(F.xxhash64("customer_id")).alias("checksum"),
    )
    return grouped.toPandas().fillna(dict.fromkeys(SUMS, 0.0))


def profile_rows(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of tier_profiles: every tier of TIERS in order; Unrated only if there are such customers."""
    rows = []
    for position, tier in enumerate(TIERS, 1):
        scheme = groups[groups["scheme"] == tier.scheme]
        part = scheme[scheme["tier"] == tier.name]
        customers = int(part["customers"].sum())
        if not customers and (tier.name == UNRATED or scheme.empty):
            continue
        rows.append(
            {
                "scheme": tier.scheme,
                "position": position,
                "tier": tier.name,
                "meaning": tier.meaning,
                "customers": customers,
                "share": _share(part, scheme, "customers"),
                "balance_sum": part["balance"].sum(),
                "balance_share": _share(part, scheme, "balance"),
                "amount_sum": part["amount_sum"].sum(),
                "amount_share": _share(part, scheme, "amount_sum"),
                "transactions_mean": part["transactions"].sum() / customers if customers else None,
                "recency_mean": part["recency_days"].sum() / customers if customers else None,
                "value_at_stake": part["value_at_stake"].sum(),
                "next_action": tier.next_action,
                "checksum": _hexadecimal(np.bitwise_xor.reduce(part["checksum"].to_numpy(dtype=np.int64))),
            }
        )
    return pd.DataFrame(rows, columns=tables.columns("tier_profiles"))


def migration_rows(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of tier_migration, ordered by scheme and by the order of TIERS; new customers come last."""
    order = {(tier.scheme, tier.name): position for position, tier in enumerate(TIERS)}
    moves = groups.rename(columns={"earlier": "from_tier", "tier": "to_tier", "balance": "balance_sum"})

    def position(column: pd.Series) -> list[int]:
        return [order.get(key, len(TIERS)) for key in zip(moves["scheme"], column, strict=True)]

    ranks = moves.assign(from_tier=position(moves["from_tier"]), to_tier=position(moves["to_tier"]))
    ordered = ranks.sort_values(["scheme", "from_tier", "to_tier"]).index
    return moves.loc[ordered, tables.columns("tier_migration")].reset_index(drop=True)


def _code(recency: Column | int, frequency: Column | int, monetary: Column | int) -> Column | int:
    return 100 * recency + 10 * frequency + monetary


def _hexadecimal(checksum: np.int64) -> str:
    """The 64 bits as Spark's `hex` prints them."""
    return f"{int(checksum) & (2**64 - 1):X}"


def _share(part: pd.DataFrame, scheme: pd.DataFrame, column: str) -> float:
    return float(part[column].sum() / (scheme[column].sum() or 1))
