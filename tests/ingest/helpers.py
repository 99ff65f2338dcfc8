"""Small files and loads for the tests of stage ingest."""

from pathlib import Path

from pyspark.sql.types import StructType

from jobs.core.outcome import Outcome
from jobs.core.runner import run_one
from jobs.core.settings import Settings
from jobs.core.tables import definition
from jobs.ingest import load

HEADER = (
    "age;job;marital;education;default;balance;housing;loan;contact;"
    "day;month;duration;campaign;pdays;previous;poutcome;y"
)
GOOD = "30;retired;married;primary;no;1787;no;no;cellular;19;oct;79;1;-1;0;unknown;no"
TRANSACTIONS = (
    "TransactionID,CustomerID,CustomerDOB,CustGender,CustLocation,CustAccountBalance,"
    "TransactionDate,TransactionTime,TransactionAmount (INR)"
)


def write(settings: Settings, name: str, *lines: str, end: str = "\n") -> Path:
    """A file in the data folder."""
    path = settings.data / name
    path.write_bytes((end.join(lines) + end).encode())
    return path


def run(job, name: str = "ingest.clients") -> bool:
    """Run an ingest step; returns whether it ran, that is, was not skipped."""
    return run_one(job(name), load, False, Outcome(None))


def rows(job, table: str, columns: str, name: str = "ingest.clients") -> list[tuple]:
    """The published rows of a table, sorted."""
    made = job(name)
    return sorted(map(tuple, made.spark.table(f"{made.settings.database}.{table}").select(*columns.split()).collect()))


def schema_of(dataset: str) -> StructType:
    """The columns of a table, from its HQL."""
    columns = definition(dataset).split(" (\n", 1)[1].split("\n)", 1)[0]
    return StructType.fromDDL(columns)
