"""Place every customer with the saved model, and count who moved since the run before.

Reads: customers, segment_model. Writes: segments, segment_movement. New customers are placed without a new model:
`python -m jobs run segments.customers segments.assign`.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core import tables
from jobs.core.job import Job
from jobs.segments.customer_samples import own
from jobs.segments.nearest_centre import placed


def main(job: Job) -> None:
    """Publish who moved, then who is where: a run that is killed in between is done again with the same result."""
    model = job.read("segment_model").orderBy("segment").toPandas()
    rows = placed(job.read("customers"), model) if len(model) else own(job, "segments").limit(0)
    if tables.content(tables.version(job.spark, job.settings, "segments")) == job.fingerprint:  # forced: the run itself
        moved = own(job, "segment_movement")
    else:
        moved = movement(own(job, "segments"), rows)
    job.publish("segment_movement", moved)
    job.publish("segments", rows)


def movement(before: DataFrame, now: DataFrame) -> DataFrame:
    """The rows of segment_movement; none where there was no run before.

    Args:
        before: customer_id and segment of the run before.
        now: the same of this run.

    """
    if before.isEmpty():
        return before.sparkSession.createDataFrame([], "from_segment STRING, to_segment STRING, customers BIGINT")
    old, new = (
        rows.select("customer_id", F.col("segment").alias(name))
        for rows, name in ((before, "from_segment"), (now, "to_segment"))
    )
    pairs = old.join(new, "customer_id", "full").groupBy("from_segment", "to_segment")
    return pairs.agg(F.count(F.lit(1)).alias("customers")).coalesce(1).sort("from_segment", "to_segment")
