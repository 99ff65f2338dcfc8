"""Parse a raw file into records: line number, raw text, and every column of the file as text."""

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

MALFORMED = "_malformed"
BLANK = r"\\A\\s*\\z"


def read_records(spark: SparkSession, path: str, header: list[str], separator: str, multiline: bool) -> DataFrame:
    """Records of a CSV file, parsed once.

    Returns:
        line BIGINT (the header is line 1; with `multiline` it counts records), raw STRING, malformed BOOLEAN
        (whether the number of values differs from the header's), and a STRING column for each name of the header.

    """
    schema = StructType([StructField(name, StringType()) for name in [*header, MALFORMED]])
    options = {
        "sep": separator,
        "quote": '"',
        "escape": '"',
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": MALFORMED,
        "maxColumns": "20480",
    }
    if multiline:
        return records_across_lines(spark, path, header, schema, options)
    return records_of_lines(spark, path, header, schema, options)


def records_of_lines(
    spark: SparkSession, path: str, header: list[str], schema: StructType, options: dict[str, str]
) -> DataFrame:
    """One record per line; Spark splits the file among the cores."""
    ddl = ", ".join(f"`{field.name}` STRING" for field in schema)
    lines = numbered_lines(spark, path).where(f"line > 1 AND NOT raw RLIKE '{BLANK}'")
    return lines.withColumn("parsed", F.from_csv("raw", ddl, options)).select(
        "line", "raw", *_values(header, "parsed.")
    )


def numbered_lines(spark: SparkSession, path: str) -> DataFrame:
    """Lines of a text file with their numbers: line BIGINT from 1, raw STRING without the line end.

    Spark numbers lines within a partition. Adding the number of lines in the partitions before gives the line in the
    file.
    """
    lines = spark.read.text(path, lineSep="\n").withColumn("id", F.monotonically_increasing_id())
    partition, within = F.shiftright("id", 33), F.col("id").bitwiseAND((1 << 33) - 1)
    sizes = lines.groupBy(partition.alias("part")).count().orderBy("part").collect()
    before, starts = 0, {}
    for row in sizes:
        starts[row["part"]] = before
        before += row["count"]
    first = F.create_map(*[F.lit(value) for pair in starts.items() for value in pair])
    return lines.select((first[partition] + within + 1).alias("line"), F.rtrim("value", F.lit("\r")).alias("raw"))


def records_across_lines(
    spark: SparkSession, path: str, header: list[str], schema: StructType, options: dict[str, str]
) -> DataFrame:
    """Records whose quoted values may contain line breaks; one core reads the whole file as a stream."""
    records = spark.read.csv(path, schema=schema, header=True, multiLine=True, enforceSchema=True, **options)
    text = F.to_csv(F.struct(*[_named(name) for name in header]), {"sep": options["sep"]})
    return records.select(
        (F.monotonically_increasing_id() + 2).alias("line"),
        F.coalesce(_named(MALFORMED), text).alias("raw"),
        *_values(header, ""),
    )


def _values(header: list[str], prefix: str) -> list[Column]:
    malformed = F.col(f"{prefix}{MALFORMED}").isNotNull().alias("malformed")
    return [malformed, *[F.col(f"{prefix}`{name}`").alias(name) for name in header]]


def _named(name: str) -> Column:
    return F.col(f"`{name}`")
