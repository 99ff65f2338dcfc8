"""Compare the answers of the two engines.

Reads: mapreduce_streaming, mapreduce_spark. Writes: mapreduce_answers, unless any answer differs.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.core.job import Job

KEY = ("question", "key", "name")
SHOWN = 3  # differences in the error message


def compare(streaming: DataFrame, spark: DataFrame) -> DataFrame:
    """One row per answer of either engine: question, key, name, streaming and spark as structs, agrees BOOLEAN."""
    answer = F.struct("clients", "total", "value")
    sides = streaming.select(*KEY, answer.alias("streaming")).join(
        spark.select(*KEY, answer.alias("spark")), on=list(KEY), how="full"
    )
    return sides.withColumn("agrees", F.col("streaming").eqNullSafe(F.col("spark")))


def refuse_differences(compared: DataFrame) -> None:
    """Raise BankError with the first few differences, if there are any."""
    differences = compared.where("NOT agrees").orderBy(*KEY)
    if count := differences.count():
        first = [_sentence(row.asDict(recursive=True)) for row in differences.limit(SHOWN).collect()]
        raise BankError(
            f"mapreduce_answers: streaming and Spark differ in {count:,} answers; the old table stays. "
            f"{'; '.join(first)}. Compare the tables mapreduce_streaming and mapreduce_spark"
        )


def _sentence(row: dict[str, object]) -> str:
    def shown(side: object) -> str:
        return ", ".join(f"{name} {value}" for name, value in side.items()) if isinstance(side, dict) else "nothing"

    return f"{row['question']} {row['key']} {row['name']}: {shown(row['streaming'])} <> {shown(row['spark'])}"


def main(job: Job) -> None:
    """Publish the answers if they all agree.

    Raises:
        BankError: the engines differ in some answers.

    """
    compared = compare(job.read("mapreduce_streaming"), job.read("mapreduce_spark"))
    refuse_differences(compared)
    agreed = compared.select(*KEY, "streaming.clients", "streaming.total", "agrees", "streaming.value", "spark.value")
    job.publish("mapreduce_answers", agreed.toDF(*KEY, "clients", "total", "agrees", "streaming", "spark").coalesce(1))
