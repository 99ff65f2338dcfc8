"""Assign every customer to a segment with the saved model, and count movements since the previous run.

Reads: customers, segment_model. Writes: segments, segment_movement.

To assign new customers without fitting a new model: `bankstack run segments.customers segments.assign`.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.job import Job
from jobs.segments.nearest_centre import assign_segments
from jobs.segments.sampling import read_own_table


def main(job: Job) -> None:
    """Publish the movement, then the segments.

    The order matters: the movement compares with the published segments, so a run that is killed in between can be
    repeated with the same result.
    """
    model = job.read("segment_model").orderBy("segment").toPandas()
    previous = read_own_table(job, "segments")
    current = previous.limit(0) if model.empty else assign_segments(job.read("customers"), model)
    previous_version = tables.version(job.spark, job.settings, "segments")
    is_repeated = tables.content(previous_version) == job.fingerprint  # with --force: don't compare a run with itself
    moved = read_own_table(job, "segment_movement") if is_repeated else movement(previous, current)
    job.publish("segment_movement", moved)
    job.publish("segments", current)


def movement(previous: DataFrame, current: DataFrame) -> DataFrame:
    """Return the rows of segment_movement; no rows if there was no previous run.

    Args:
        previous: customer_id and segment of the previous run.
        current: customer_id and segment of this run.

    """
    left = previous.select("customer_id", F.col("segment").alias("from_segment"))
    right = current.select("customer_id", F.col("segment").alias("to_segment"))
    pairs = left.join(right, "customer_id", "full").groupBy("from_segment", "to_segment")
    rows = pairs.agg(F.count(F.lit(1)).alias("customers")).coalesce(1).sort("from_segment", "to_segment")
    return rows.limit(0) if previous.isEmpty() else rows
