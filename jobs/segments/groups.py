"""Who is in a segment (gender, age band, place) and when they transact (part of the day, weekday)."""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

AGES = (25, 35, 45, 55, 65)  # where the next band begins
BANDS = (f"under {AGES[0]}", *(f"{low}-{high - 1}" for low, high in zip(AGES, AGES[1:], strict=False)))
AGE_BANDS = (*BANDS, f"{AGES[-1]} and over", "unknown")
PLACES = 5  # of each segment; all others are one group
PARTS = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COLUMNS = ("segment", "dimension", "position", "value", "members", "share")


def groups(people: DataFrame) -> pd.DataFrame:
    """The rows of segment_groups.

    Args:
        people: customers with their segment.

    """
    counted = people.groupBy("segment", F.coalesce("gender", F.lit("unknown")).alias("value")).count()
    genders = _ordered("gender", counted.toPandas(), ("F", "M", "unknown"))
    banded = people.groupBy("segment", age_band().alias("value")).count()
    ages = _ordered("age_band", banded.toPandas(), AGE_BANDS)
    placed = people.groupBy("segment", F.coalesce("place", F.lit("unknown")).alias("value")).count()
    return pd.concat([genders, ages, _places(placed), *_times(people)], ignore_index=True)


def age_band() -> Column:
    """The name of the band of `age`."""
    place = sum((F.col("age") >= age).cast("int") for age in AGES)
    return F.coalesce(F.element_at(F.array(*map(F.lit, AGE_BANDS)), place + 1), F.lit("unknown"))


def _ordered(dimension: str, counted: pd.DataFrame, values: tuple[str, ...]) -> pd.DataFrame:
    rows = counted.rename(columns={"count": "members"}).assign(dimension=dimension)
    rows["position"] = rows["value"].map({value: place for place, value in enumerate(values, 1)})
    rows["share"] = rows["members"] / rows.groupby("segment")["members"].transform("sum")
    return rows.sort_values(["segment", "position"])[list(COLUMNS)]


def _places(counted: DataFrame) -> pd.DataFrame:
    """The first PLACES of each segment, by customers and then by letters, and all others in one group."""
    totals = counted.groupBy("segment").agg(F.sum("count").alias("total"))
    listed = F.array_sort(F.collect_list(F.struct((-F.col("count")).alias("less"), "value")))
    top = counted.groupBy("segment").agg(F.slice(listed, 1, PLACES).alias("top")).join(totals, "segment")
    rows = [
        (row["segment"], "place", position, value, members, members / row["total"])
        for row in top.orderBy("segment").collect()
        for position, (value, members) in enumerate(_with_rest(row["top"], row["total"]), 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _with_rest(top: list[tuple[int, str]], total: int) -> list[tuple[str, int]]:
    named = [(value, -less) for less, value in top]
    rest = total - sum(members for _, members in named)
    return [*named, ("all others", rest)] if rest else named


def _times(people: DataFrame) -> list[pd.DataFrame]:
    """Transactions by part of the day and by weekday: each customer's shares, times their number."""
    names = [f"share_{name}" for name in (*PARTS, *WEEKDAYS)]
    sums = [F.sum(F.round(F.col(name) * F.col("transactions"))).cast("long").alias(name) for name in names]
    wide = people.groupBy("segment").agg(*sums).toPandas()
    return [
        _ordered(dimension, _long(wide, values), values)
        for dimension, values in (("part_of_day", PARTS), ("weekday", WEEKDAYS))
    ]


def _long(wide: pd.DataFrame, values: tuple[str, ...]) -> pd.DataFrame:
    rows = wide.melt("segment", [f"share_{value}" for value in values], "value", "count")
    return rows.assign(value=rows["value"].str.removeprefix("share_"))
