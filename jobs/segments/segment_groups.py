"""Who is in a segment (gender, age band, place) and when they transact (part of the day, weekday)."""

from itertools import pairwise

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

AGES = (25, 35, 45, 55, 65)  # where the next band begins
AGE_BANDS = (f"under {AGES[0]}", *(f"{low}-{high - 1}" for low, high in pairwise(AGES)), f"{AGES[-1]} and over")
PLACES = 5  # of each segment; all others are one group
UNKNOWN, OTHERS = "unknown", "all others"
PARTS = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDER = {
    "gender": ("F", "M", UNKNOWN),
    "age_band": (*AGE_BANDS, UNKNOWN),
    "part_of_day": PARTS,
    "weekday": WEEKDAYS,
}
SHARES = {
    f"share_{value}": (dimension, value) for dimension in ("part_of_day", "weekday") for value in ORDER[dimension]
}
COLUMNS = ("segment", "dimension", "position", "value", "members", "share")


def times() -> list[Column]:
    """Aggregates of customers: the number of transactions in each part of the day and on each weekday."""
    return [F.sum(F.round(F.col(name) * F.col("transactions"))).cast("long").alias(name) for name in SHARES]


def groups(people: DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """The rows of segment_groups.

    Args:
        people: customers with their segment.
        totals: a row for each segment with the columns of `times`.

    """
    counted = pd.concat([_people(people).toPandas(), _long(totals)], ignore_index=True)
    whole = counted.groupby(["segment", "dimension"])["members"]
    counted["share"] = counted["members"] / whole.transform("sum").where(lambda members: members > 0, 1)
    return counted.sort_values(["segment", "dimension", "position"])[list(COLUMNS)]


def _people(people: DataFrame) -> DataFrame:
    """Customers by gender, age band and place; of places the first by customers, then by letters."""
    values = {"gender": F.col("gender"), "age_band": age_band(), "place": F.col("place")}
    each = F.explode(F.create_map(*[part for pair in values.items() for part in (F.lit(pair[0]), pair[1])]))
    counted = (
        people.select("segment", each.alias("dimension", "value"))
        .groupBy("segment", "dimension", F.coalesce("value", F.lit(UNKNOWN)).alias("value"))
        .agg(F.count(F.lit(1)).alias("members"))
    )
    by_size = Window.partitionBy("segment", "dimension").orderBy(F.desc("members"), "value")
    first = F.least(F.row_number().over(by_size), F.lit(PLACES + 1))
    ranked = counted.withColumn("position", F.when(F.col("dimension") == "place", first).otherwise(_position()))
    rest = (F.col("dimension") == "place") & (F.col("position") > PLACES)
    named = ranked.withColumn("value", F.when(rest, F.lit(OTHERS)).otherwise(F.col("value")))
    return named.groupBy("segment", "dimension", "position", "value").agg(F.sum("members").alias("members"))


def _position() -> Column:
    """Place of the value in the ORDER of its dimension."""
    gender, band = (F.array_position(F.lit(list(ORDER[name])), F.col("value")) for name in ("gender", "age_band"))
    return F.when(F.col("dimension") == "gender", gender).otherwise(band)


def age_band() -> Column:
    """The name of the band of `age`; null where it is not known."""
    band = F.when(F.col("age") >= AGES[-1], AGE_BANDS[-1])
    for end, name in zip(reversed(AGES), reversed(AGE_BANDS[:-1]), strict=True):
        band = F.when(F.col("age") < end, name).otherwise(band)
    return band


def _long(totals: pd.DataFrame) -> pd.DataFrame:
    rows = totals.melt("segment", list(SHARES), "name", "members").assign(
        dimension=lambda part: [SHARES[name][0] for name in part["name"]],
        value=lambda part: [SHARES[name][1] for name in part["name"]],
    )
    rows["position"] = [
        ORDER[str(dimension)].index(str(value)) + 1 for dimension, value in rows[["dimension", "value"]].to_numpy()
    ]
    return rows.drop(columns="name")
