"""Where events come from: Kafka's topic, or files dropped into a folder; as a stream, and once more as a batch.

Both give the columns raw (the text of an event), position (where it stands) and arrived (when it came to lie there).
Which micro-batch an event was in is told by the query's journal (`journal.py`), so the batch has a column `batch` too.
"""

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.core.settings import Settings
from jobs.stream.batch_log import Batch
from jobs.stream.contract import TOPIC

FILE_EVENTS = 10_000
"""The most events that the producer writes into one file."""
FETCH_MS = 20
"""How long the broker lets a reader at the topic's end wait for more; a task ends no sooner. With Kafka's own 500 ms
that was most of its time."""


def stream(spark: SparkSession, settings: Settings) -> DataFrame:
    """Events as they come, at most BANK_STREAM_BATCH in a micro-batch; from the beginning at the first start."""
    if settings.stream_source:
        reader = spark.readStream.format("kafka").option("kafka.bootstrap.servers", settings.stream_source)
        reader = reader.option("subscribe", TOPIC).option("startingOffsets", "earliest")
        reader = reader.option("kafka.fetch.max.wait.ms", FETCH_MS)
        return _messages(reader.option("maxOffsetsPerTrigger", settings.stream_batch).load())
    settings.source_folder.mkdir(parents=True, exist_ok=True)
    files = max(1, settings.stream_batch // FILE_EVENTS)
    lines = spark.readStream.option("maxFilesPerTrigger", files).option("pathGlobFilter", "*.jsonl")
    return _lines(lines.text(str(settings.source_folder.resolve())))


def batch(spark: SparkSession, settings: Settings, batches: Sequence[Batch]) -> DataFrame:
    """The events of these micro-batches, read again."""
    if settings.stream_source:
        return _kafka_batch(spark, settings, batches)
    paths = [path for one in batches for path in one.files]
    numbers = [(path.rsplit("/", 1)[-1], one.number) for one in batches for path in one.files]
    known = spark.createDataFrame(numbers, "position STRING, batch BIGINT")
    return _lines(spark.read.text(paths)).join(F.broadcast(known), "position")


def _kafka_batch(spark: SparkSession, settings: Settings, batches: Sequence[Batch]) -> DataFrame:
    reader = spark.read.format("kafka").option("kafka.bootstrap.servers", settings.stream_source)
    messages = reader.option("subscribe", TOPIC).option("startingOffsets", "earliest").load()
    ranges = [(one.number, int(part), *ends) for one in batches for part, ends in one.offsets.items()]
    known = F.broadcast(spark.createDataFrame(ranges, "batch BIGINT, part INT, first BIGINT, after BIGINT"))
    inside = (F.col("partition") == F.col("part")) & F.col("offset").between(F.col("first"), F.col("after") - 1)
    return _messages(messages.join(known, inside), "batch")


def _messages(messages: DataFrame, *others: str) -> DataFrame:
    position = F.concat_ws("/", F.lit(TOPIC), "partition", "offset")
    return messages.select(
        F.col("value").cast("string").alias("raw"),
        position.alias("position"),
        F.col("timestamp").alias("arrived"),
        *others,
    )


def _lines(lines: DataFrame) -> DataFrame:
    about = F.col("_metadata")
    return lines.select(
        F.col("value").alias("raw"),
        about["file_name"].alias("position"),
        about["file_modification_time"].alias("arrived"),
    )
