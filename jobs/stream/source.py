"""Event sources: Kafka's topic, or files dropped into a folder; read as a stream, and again as a batch.

Both give the columns raw (the text of an event), position (where the source stores it) and arrived (TIMESTAMP: when
the source received it). Read as a batch, events also have the column batch: the micro-batch in which they were first
read, according to the batch log.
"""

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.core.settings import Settings
from jobs.stream.batch_log import Batch
from jobs.stream.contract import TOPIC

EVENTS_PER_FILE = 10_000
"""The most events that the producer writes to one file."""
FETCH_WAIT_MS = 20
"""How long the broker keeps a reader at the end of the topic waiting for more events; a task cannot end sooner. With
Kafka's default of 500 ms, waiting took most of a task's time."""


def read_stream(spark: SparkSession, settings: Settings) -> DataFrame:
    """Stream the events, at most BANK_STREAM_BATCH per micro-batch; the first start begins at the oldest event."""
    if settings.stream_source:
        reader = spark.readStream.format("kafka").option("kafka.bootstrap.servers", settings.stream_source)
        reader = reader.option("subscribe", TOPIC).option("startingOffsets", "earliest")
        reader = reader.option("kafka.fetch.max.wait.ms", FETCH_WAIT_MS)
        return _from_messages(reader.option("maxOffsetsPerTrigger", settings.stream_batch).load())
    settings.source_folder.mkdir(parents=True, exist_ok=True)
    files = max(1, settings.stream_batch // EVENTS_PER_FILE)
    lines = spark.readStream.option("maxFilesPerTrigger", files).option("pathGlobFilter", "*.jsonl")
    return _from_lines(lines.text(str(settings.source_folder.resolve())))


def read_batches(spark: SparkSession, settings: Settings, batches: Sequence[Batch]) -> DataFrame:
    """Read the events of completed micro-batches again."""
    if settings.stream_source:
        return _read_kafka_batches(spark, settings, batches)
    paths = [path for batch in batches for path in batch.files]
    numbers = [(path.rsplit("/", 1)[-1], batch.number) for batch in batches for path in batch.files]
    batch_of_file = spark.createDataFrame(numbers, "position STRING, batch BIGINT")
    return _from_lines(spark.read.text(paths)).join(F.broadcast(batch_of_file), "position")


def _read_kafka_batches(spark: SparkSession, settings: Settings, batches: Sequence[Batch]) -> DataFrame:
    reader = spark.read.format("kafka").option("kafka.bootstrap.servers", settings.stream_source)
    messages = reader.option("subscribe", TOPIC).option("startingOffsets", "earliest").load()
    rows = [(batch.number, int(partition), *ends) for batch in batches for partition, ends in batch.offsets.items()]
    schema = "batch BIGINT, batch_partition INT, first_offset BIGINT, end_offset BIGINT"
    ranges = F.broadcast(spark.createDataFrame(rows, schema))
    is_in_range = (
        (F.col("partition") == F.col("batch_partition"))
        & (F.col("offset") >= F.col("first_offset"))
        & (F.col("offset") < F.col("end_offset"))
    )
    return _from_messages(messages.join(ranges, is_in_range), "batch")


def _from_messages(messages: DataFrame, *other_columns: str) -> DataFrame:
    position = F.concat_ws("/", F.lit(TOPIC), "partition", "offset")
    return messages.select(
        F.col("value").cast("string").alias("raw"),
        position.alias("position"),
        F.col("timestamp").alias("arrived"),
        *other_columns,
    )


def _from_lines(lines: DataFrame) -> DataFrame:
    metadata = F.col("_metadata")
    return lines.select(
        F.col("value").alias("raw"),
        metadata["file_name"].alias("position"),
        metadata["file_modification_time"].alias("arrived"),
    )
