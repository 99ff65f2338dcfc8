"""Which columns are numbers and which are categories, and tables turned long: one row per value.

A long table has all columns in one, so that one group-by answers for all columns of all tables at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Roles:
    """The columns of a table by what they mean; an integer may be a code, so types can't tell."""

    key: str
    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    label: str = ""
    positive: str = ""


ROLES = {
    "clients": Roles(
        key="client_id",
        numbers=("age", "balance", "day", "duration", "campaign", "pdays", "previous"),
        categories=(
            *("job", "marital", "education", "in_default", "housing", "loan", "contact", "month", "poutcome"),
            "subscribed",
        ),
        label="subscribed",
        positive="yes",
    ),
    "credit": Roles(
        key="client_id",
        numbers=(
            *("credit_limit", "age", "pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6"),
            *(f"bill_amt{month}" for month in range(1, 7)),
            *(f"pay_amt{month}" for month in range(1, 7)),
        ),
        categories=("sex", "education", "marriage", "defaulted"),
        label="defaulted",
        positive="1",
    ),
    "transactions": Roles(
        key="transaction_id",
        numbers=("age", "balance", "amount", "hour"),
        categories=("gender", "weekday"),
    ),
}


def with_derived(transactions: DataFrame) -> DataFrame:
    """Add the customer's age in years at the transaction, its hour (0 to 23) and weekday (1 Monday to 7 Sunday)."""
    years = F.months_between("transaction_date", "birth_date") / 12
    return transactions.select(
        "*",
        F.floor(years).cast("int").alias("age"),
        F.expr("transaction_time div 10000").cast("int").alias("hour"),
        iso_weekday("transaction_date").alias("weekday"),
    )


def iso_weekday(day: str) -> Column:
    """The weekday of a date column, 1 Monday to 7 Sunday."""
    return F.weekday(day) + 1


def long_numbers(rows: DataFrame, keep: Sequence[str | Column], numbers: Sequence[str]) -> DataFrame:
    """One row per number: the columns `keep`, then column_name STRING and number DOUBLE."""
    return _long(rows, keep, numbers, "double", "number")


def long_values(rows: DataFrame, keep: Sequence[str | Column], columns: Sequence[str]) -> DataFrame:
    """One row per value: the columns `keep`, then column_name STRING and value STRING."""
    return _long(rows, keep, columns, "string", "value")


def every_pair(rows: DataFrame, keep: Sequence[str | Column], pairs: Iterable[tuple[int, int]]) -> DataFrame:
    """One row per row and pair: the columns `keep`, then a INT and b INT.

    Pairs of positions in arrays are several times faster than pairs of the values themselves.
    """
    places = [F.struct(F.lit(a).alias("a"), F.lit(b).alias("b")) for a, b in pairs]
    return rows.select(*keep, F.inline(F.array(*places)))


def as_array(columns: Sequence[str], kind: str) -> Column:
    """The columns as one array, cast to the type."""
    return F.array(*[F.col(column).cast(kind) for column in columns])


def name_at(names: Sequence[str], position: str) -> Column:
    """The name at a position from 0."""
    return F.element_at(F.lit(list(names)), F.col(position) + 1)


def _long(rows: DataFrame, keep: Sequence[str | Column], columns: Sequence[str], kind: str, name: str) -> DataFrame:
    values = [F.struct(F.lit(column).alias("column_name"), F.col(column).cast(kind).alias(name)) for column in columns]
    return rows.select(*keep, F.inline(F.array(*values)))
