"""From small pandas tables to rows that Spark can publish."""

import pandas as pd
from pyspark.sql import DataFrame, SparkSession

_TYPES = {"i": "BIGINT", "f": "DOUBLE", "b": "BOOLEAN", "M": "DATE"}


def to_spark(spark: SparkSession, rows: pd.DataFrame) -> DataFrame:
    """The rows with the same columns, in one part: moments become days, not a number becomes null, all else is text."""
    types = {name: _TYPES.get(rows[name].dtype.kind, "STRING") for name in rows}
    days = rows.assign(**{str(name): rows[name].dt.date for name, kind in types.items() if kind == "DATE"})
    plain = days.astype(object).where(rows.notna(), None)
    schema = ", ".join(f"{name} {kind}" for name, kind in types.items())
    return spark.createDataFrame(list(plain.itertuples(index=False, name=None)), schema).coalesce(1)
