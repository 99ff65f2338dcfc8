"""Answer the five questions with Spark, from the same definitions.

Reads: clients. Writes: mapreduce_spark.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.mapreduce.questions import QUESTIONS, Answer, Question


def answers(clients: DataFrame, question: Question) -> DataFrame:
    """One row per group and answer: question, key, name, clients, total, value."""
    totals = [F.sum(number(answer)).cast("decimal(28,2)").alias(answer.name) for answer in question.answers]
    groups = clients.groupBy(F.col(question.key).cast("string").alias("key"))
    sums = groups.agg(F.count(F.lit(1)).alias("clients"), *totals)
    rows = F.inline(F.array(*[row(answer) for answer in question.answers]))
    return sums.select(F.lit(question.name).alias("question"), "key", "clients", rows)


def number(answer: Answer) -> Column:
    """What one client adds to the answer's sum."""
    if answer.is_mean:
        return F.col(answer.column)
    return F.when(F.col(answer.column) == answer.value, 1).otherwise(0) if answer.column else F.lit(1)


def row(answer: Answer) -> Column:
    """The answer as a struct of name, total and value.

    A mean is the quotient of two integers, with money in cents, as in the reducer, so both agree to the last digit.
    """
    total, unit = F.col(answer.name), 10**answer.decimals
    mean = (total * unit).cast("double") / (F.col("clients") * unit).cast("double")
    value = mean if answer.is_mean else total.cast("double")
    return F.struct(F.lit(answer.name).alias("name"), total.alias("total"), value.alias("value"))


def main(job: Job) -> None:
    """Publish the answers to all five questions."""
    clients = job.read("clients")
    rows = reduce(DataFrame.unionByName, [answers(clients, question) for question in QUESTIONS])
    job.publish("mapreduce_spark", rows.coalesce(1))
