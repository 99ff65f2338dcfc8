"""Assign customers to segments with the saved model: the nearest centre, and the second nearest.

The model is the table segment_model, so every reader assigns customers in the same way: the batch step, the command
line, or another program. Features that are null are left out of the distance, and the rest is scaled up (the partial
distance of Dixon 1979).
"""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.segments.feature_spaces import NEGLIGIBLE, Scale, with_history_only


def model_scales(model: pd.DataFrame) -> list[Scale]:
    """Return the scale of each feature, in the order of the model's rows.

    Args:
        model: the rows of segment_model.

    """
    return [
        Scale(
            feature=str(row["feature"]),
            treatment=str(row["treatment"]),
            low=float(row["low"]),
            high=float(row["high"]),
            knots=tuple(row["knots"]),
            mean=float(row["mean"]),
            deviation=float(row["deviation"]),
        )
        for row in model.drop_duplicates("feature").to_dict("records")
    ]


def assign_segments(customers: DataFrame, model: pd.DataFrame) -> DataFrame:
    """Return the rows of segments. Customers without any known feature are left out.

    Args:
        customers: the table customers.
        model: the rows of segment_model. Without a variance, as in a model of an older version, the membership is null.

    """
    scales = model_scales(model)
    described = with_history_only(customers)
    transformed = described.select("customer_id", *[scale.transform_column().alias(scale.feature) for scale in scales])
    known = sum((F.isnotnull(scale.feature).cast("int") for scale in scales), F.lit(0))
    distances = [_distance_to(part, str(segment), known) for segment, part in model.groupby("segment")]
    nearest_first = F.array_sort(F.array(*distances))
    first, second = F.get("nearest", F.lit(0)), F.get("nearest", F.lit(1))
    variance = float(model["variance"].iloc[0])
    return (
        transformed.withColumns({"features_known": known, "nearest": nearest_first})
        .where("features_known > 0")
        .select(
            "customer_id",
            first["segment"].alias("segment"),
            first["distance"].alias("distance"),
            (_membership(max(variance, NEGLIGIBLE)) if variance >= 0 else F.lit(None)).alias("membership"),
            second["segment"].alias("second_segment"),
            second["distance"].alias("second_distance"),
            "features_known",
        )
    )


def _membership(variance: float) -> Column:
    """The probability of the nearest centre in a mixture of equal spherical normal distributions around the centres.

    k-means is the hard limit of this mixture. `nearest` holds the distances to all centres, the nearest first.
    """
    nearest = F.get("nearest", F.lit(0))["distance"]
    weights = F.transform(
        "nearest", lambda one: F.exp((F.pow(nearest, 2.0) - F.pow(one["distance"], 2.0)) / (2.0 * variance))
    )
    return 1.0 / F.aggregate(weights, F.lit(0.0), lambda total, weight: total + weight)


def _distance_to(centre: pd.DataFrame, segment: str, known: Column) -> Column:
    """A struct (distance, segment) for one centre. Structs sort by distance first, then by letter."""
    squares = [
        F.coalesce(F.pow(F.col(name) - value, 2.0), F.lit(0.0))
        for name, value in zip(centre["feature"], centre["centre"], strict=True)
    ]
    distance = F.sqrt(sum(squares, F.lit(0.0)) * len(squares) / F.nullif(known, F.lit(0)))
    return F.struct(distance.alias("distance"), F.lit(segment).alias("segment"))
