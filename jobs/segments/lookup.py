"""Look up the segments of individual customers, for the command line."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pyspark.sql import Row, SparkSession

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.segments.nearest_centre import assign_segments


def segment_of(spark: SparkSession, settings: Settings, customer_ids: Sequence[str]) -> list[str]:
    """Return one sentence per customer, in the given order: the segment, the distance, and the second nearest segment.

    Raises:
        BankError: there are no segments, or a customer does not exist.

    """
    model = tables.read(spark, settings, "segment_model").orderBy("segment").toPandas()
    if model.empty:
        raise BankError(
            f"There are no segments yet. Run them with `bankstack run segments`; if that publishes none, "
            f"the column reason of {settings.database}.segment_decisions says why"
        )
    customers = tables.read(spark, settings, "customers")
    customers = customers.where(customers["customer_id"].isin(list(customer_ids)))
    existing = {str(row["customer_id"]) for row in customers.select("customer_id").collect()}
    missing = sorted(set(customer_ids) - existing)
    if missing:
        raise BankError(
            f"No customer {', '.join(missing)} in {settings.database}.customers, which has all customers with a "
            "transaction. Check the number"
        )
    assigned = {str(row["customer_id"]): row for row in assign_segments(customers, model).collect()}
    names = {str(row["segment"]): row for row in tables.read(spark, settings, "segment_names").collect()}
    return [describe_customer(customer, assigned.get(customer), names, model) for customer in customer_ids]


def describe_customer(customer: str, assigned: Row | None, names: Mapping[str, Row], model: pd.DataFrame) -> str:
    """Describe the segment of one customer in a sentence or two.

    Args:
        customer: customer number.
        assigned: the customer's row of segments; None if no feature is known.
        names: rows of segment_names by letter; a segment without a name is described by its letter alone.
        model: the rows of segment_model.

    """
    features = model["feature"].nunique()
    if assigned is None:
        return f"{customer}: none of the {features} features is known, so there is no segment"
    segment, second = assigned["segment"], assigned["second_segment"]
    sentences = [f"{customer}: segment {_title(segment, names)} (distance {assigned['distance']:.2f})."]
    if segment in names:
        sentences.append(names[segment]["description"])
    if second:
        distance = f"{assigned['second_distance']:.2f}"
        sentences.append(f"Second nearest: {_title(second, names)} (distance {distance}).")
    known = assigned["features_known"]
    if known < features:
        sentences.append(f"Only {known} of {features} features are known.")
    return " ".join(sentences)


def _title(segment: str, names: Mapping[str, Row]) -> str:
    return f"{segment}, {names[segment]['name']}" if segment in names else segment
