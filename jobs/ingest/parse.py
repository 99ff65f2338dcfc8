"""Parse a raw file into records: line number, raw text, and every column of the file as text."""

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

MALFORMED = "_malformed"
OPTIONS = {
    "quote": '"',
    "escape": '"',
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": MALFORMED,
    "maxColumns": "20480",
}


def records_of_lines(lines: DataFrame, header: list[str], separator: str) -> DataFrame:
    """Records of lines, one each.

    Args:
        lines: line BIGINT and raw STRING, without the header and blank lines.
        header: the column names of the file, in its order.
        separator: the character between two values.

    Returns:
        line BIGINT (the header is line 1), raw STRING, malformed BOOLEAN (whether the number of values differs from
        the header's), and a STRING column for each name of the header.

    """
    ddl = ", ".join(f"`{field.name}` STRING" for field in _schema(header))
    parsed = lines.withColumn("parsed", F.from_csv("raw", ddl, {"sep": separator, **OPTIONS}))
    return parsed.select("line", "raw", *_values(header, "parsed."))


def records_across_lines(spark: SparkSession, path: str, header: list[str], separator: str) -> DataFrame:
    """Records of a file whose quoted values may contain line breaks; one core reads the whole file as a stream.

    Returns:
        The columns of `records_of_lines`; line counts records, and raw is written again from the values.

    """
    options = {"sep": separator, "header": True, "multiLine": True, "enforceSchema": True, **OPTIONS}
    records = spark.read.csv(path, schema=_schema(header), **options)  # type: ignore[arg-type]
    text = F.to_csv(F.struct(*[_named(name) for name in header]), {"sep": separator})
    return records.select(
        (F.monotonically_increasing_id() + 2).alias("line"),
        F.coalesce(_named(MALFORMED), text).alias("raw"),
        *_values(header, ""),
    )


def _schema(header: list[str]) -> StructType:
    return StructType([StructField(name, StringType()) for name in [*header, MALFORMED]])


def _values(header: list[str], prefix: str) -> list[Column]:
    malformed = F.col(f"{prefix}{MALFORMED}").isNotNull().alias("malformed")
    return [malformed, *[F.col(f"{prefix}`{name}`").alias(name) for name in header]]


def _named(name: str) -> Column:
    return F.col(f"`{name}`")
