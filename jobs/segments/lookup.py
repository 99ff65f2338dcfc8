"""In which segment a customer is: asked on the command line, answered by the saved model."""

from collections.abc import Iterable, Sequence

import pandas as pd
from pyspark.sql import Row, SparkSession

from jobs.core import tables
from jobs.core.errors import BankError
from jobs.core.settings import Settings
from jobs.segments.nearest_centre import placed


def segment_of(spark: SparkSession, settings: Settings, wanted: Sequence[str]) -> list[str]:
    """A sentence for each customer, in the order asked: segment, how near, and which comes second.

    Raises:
        BankError: there are no segments, or no such customer.

    """
    model = tables.read(spark, settings, "segment_model").orderBy("segment").toPandas()
    if model.empty:
        raise BankError("there are no segments yet: python -m jobs run segments; bank.segment_decisions may say why")
    customers = tables.read(spark, settings, "customers")
    customers = customers.where(customers["customer_id"].isin(list(wanted)))
    found = {str(row["customer_id"]): row for row in placed(customers, model).collect()}
    missing = set(wanted) - {str(row["customer_id"]) for row in customers.select("customer_id").collect()}
    if missing:
        raise BankError(f"no customer {', '.join(sorted(missing))}: customers are those with a transaction")
    names = tables.read(spark, settings, "segment_names").select("segment", "name", "description").collect()
    return [in_words(customer, found.get(customer), names, model) for customer in wanted]


def in_words(customer: str, place: Row | None, names: Iterable[Row], model: pd.DataFrame) -> str:
    """One customer in words."""
    features = model["feature"].nunique()
    if place is None:
        return f"{customer}: none of the {features} features is known, so no segment"
    said = {str(row["segment"]): (row["name"], row["description"]) for row in names}
    name, description = said.get(place["segment"], ("", ""))
    told = f"{customer}: segment {place['segment']}, {name} (distance {place['distance']:.2f}). {description}"
    if place["second_segment"]:
        second = said.get(place["second_segment"], ("", ""))[0]
        told += f" Second: {place['second_segment']}, {second} (distance {place['second_distance']:.2f})."
    known = place["features_known"]
    return told if known == features else f"{told} Only {known} of {features} features are known."
