"""Look up the segment and the tiers of individual customers, for the command line."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pyspark.sql import DataFrame, Row, SparkSession

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.segments.nearest_centre import assign_segments

Rows = Mapping[str, Row]
"""Rows by the value of their first column."""


def segment_of(spark: SparkSession, settings: Settings, customer_ids: Sequence[str]) -> list[str]:
    """Describe the segment and the tiers of each customer in a few sentences, in the given order.

    Raises:
        BankError: there are no customers yet, or one of these does not exist.

    """

    def of_customers(table: str) -> DataFrame:
        rows = tables.read(spark, settings, table)
        return rows.where(rows["customer_id"].isin(list(customer_ids)))

    tiers = _by_first_column(of_customers("customer_tiers"))
    missing = sorted(set(customer_ids) - set(tiers))
    if missing:
        raise BankError(
            f"No customer {', '.join(missing)} in {settings.database}.customer_tiers, which has all customers with a "
            "transaction. Check the number, or rate the customers first: bankstack run segments"
        )
    model = tables.read(spark, settings, "segment_model").orderBy("segment").toPandas()
    names = _by_first_column(tables.read(spark, settings, "segment_names"))
    assigned = {} if model.empty else _by_first_column(assign_segments(of_customers("customers"), model))
    return [
        f"{describe_customer(customer, assigned.get(customer), names, model)} {describe_tiers(tiers[customer])}"
        for customer in customer_ids
    ]


def _by_first_column(rows: DataFrame) -> Rows:
    return {str(row[0]): row for row in rows.collect()}


def describe_tiers(tiers: Row) -> str:
    """Describe a row of customer_tiers."""
    scores = f"R{tiers['recency_score']} F{tiers['frequency_score']} M{tiers['monetary_score']}"
    return f"RFM tier {tiers['rfm_tier']} ({scores}), value tier {tiers['value_tier']}."


def describe_customer(customer: str, assigned: Row | None, names: Rows, model: pd.DataFrame) -> str:
    """Describe the segment of one customer in a sentence or two.

    Args:
        customer: customer number.
        assigned: the customer's row of segments; None if no feature is known.
        names: rows of segment_names by letter; a segment without a name is described by its letter alone.
        model: the rows of segment_model; none if there are no segments.

    """
    if model.empty:
        return f"{customer}: there are no segments; the column reason of segment_decisions says why."
    features = model["feature"].nunique()
    if assigned is None:
        return f"{customer}: none of the {features} features is known, so there is no segment."
    segment, second = assigned["segment"], assigned["second_segment"]
    distance = f"distance {assigned['distance']:.2f}, membership {assigned['membership']:.0%}"
    sentences = [f"{customer}: segment {_title(segment, names)} ({distance})."]
    if segment in names:
        sentences.append(names[segment]["description"])
    if second:
        sentences.append(f"Second nearest: {_title(second, names)} (distance {assigned['second_distance']:.2f}).")
    known = assigned["features_known"]
    if known < features:
        sentences.append(f"Only {known} of {features} features are known.")
    return " ".join(sentences)


def _title(segment: str, names: Rows) -> str:
    return f"{segment}, {names[segment]['name']}" if segment in names else segment
