"""Place customers with the saved model: the segment with the nearest centre, and the one that comes second.

The model is the table segment_model, so whoever reads it places alike: the batch, the command line, another program.
A feature that is not known leaves the distance to the others, scaled up (the partial distance of Dixon 1979).
"""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.segments.spaces import Scale


def scales_of(model: pd.DataFrame) -> list[Scale]:
    """The scale of each feature, in the order of the model's rows."""
    rows = model.drop_duplicates("feature")
    texts = zip(rows["feature"], rows["treatment"], rows["knots"], strict=True)
    numbers = rows[["low", "high", "mean", "deviation"]].astype(float).to_numpy()
    return [
        Scale(feature, treatment, low, high, tuple(knots), mean, deviation)
        for (feature, treatment, knots), (low, high, mean, deviation) in zip(texts, numbers, strict=True)
    ]


def placed(customers: DataFrame, model: pd.DataFrame) -> DataFrame:
    """The rows of `segments`; customers of whom none of the features is known are left out.

    Args:
        customers: customer_id and the model's features.
        model: the rows of segment_model.

    """
    scales = scales_of(model)
    bent = customers.select("customer_id", *[scale.column().alias(scale.feature) for scale in scales])
    known = sum((F.isnotnull(scale.feature).cast("int") for scale in scales), F.lit(0))
    near = F.array_sort(F.array(*[_away(part, str(segment), known) for segment, part in model.groupby("segment")]))
    return (
        bent.withColumns({"features_known": known, "near": near})
        .where("features_known > 0")
        .select(
            *("customer_id", F.col("near")[0]["segment"].alias("segment"), F.col("near")[0]["away"].alias("distance")),
            *(F.get("near", 1)["segment"].alias("second_segment"), F.get("near", 1)["away"].alias("second_distance")),
            "features_known",
        )
    )


def _away(part: pd.DataFrame, segment: str, known: Column) -> Column:
    """Distance to one segment's centre, with its letter."""
    centres = zip(part["feature"], part["centre"], strict=True)
    squares = [F.coalesce(F.pow(F.col(name) - centre, 2.0), F.lit(0.0)) for name, centre in centres]
    away = F.sqrt(sum(squares, F.lit(0.0)) * len(squares) / F.nullif(known, F.lit(0)))
    return F.struct(away.alias("away"), F.lit(segment).alias("segment"))
