"""Formulas of derived columns, evaluated without Spark, give Spark's values."""

from datetime import date
from itertools import product

import pyarrow as pa
import pytest
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.core.contracts import load_contract
from jobs.ingest.formulas import parse
from tests.ingest.helpers import schema_of

DAYS = [date(2016, 2, 28), date(2016, 2, 29), date(2016, 3, 1), date(2016, 3, 30), date(2016, 3, 31), date(2017, 2, 28)]
COLUMNS = {
    "transaction_date": [*DAYS, date(1999, 12, 31), date(2099, 1, 1)],
    "birth_date": [*DAYS, date(1900, 1, 1), date(1960, 2, 29), date(1991, 8, 3), None],
    "transaction_time": [0, 59, 100, 60000, 115959, 120000, 235959],
    "location": ["MUMBAI", ' "Navi   mumbai" , Maharashtra', "  , Assam", "", "a,b,c", None],
    "age": [0, 24, 25, 64, 65, 120, None],
    "month": ["jan", "dec", "smarch", None],
    "bill_amt1": [-12, 0, 1, 7, 123456789],
    "credit_limit": [0, 3, 500000],
}


@pytest.mark.parametrize("dataset", ["clients", "credit", "transactions"])
def test_every_derived_column_equals_sparks(spark, dataset):
    contract, schema = load_contract(dataset), schema_of(dataset)
    names = [column.name for column in contract.columns if column.name in COLUMNS]
    kinds = ", ".join(f"{name} {schema[name].dataType.simpleString()}" for name in names)
    given = spark.createDataFrame(
        list(product(*[COLUMNS[name] for name in names])), kinds.replace("decimal(18,2)", "int")
    )
    given = given.select([F.col(name).cast(schema[name].dataType) for name in names]).coalesce(1)
    exact = given
    for name, formula in contract.derived.items():
        exact = exact.withColumn(name, F.expr(formula))
    types = to_arrow_schema(schema, timestamp_utc=True)
    expected = exact.select([F.col(name).cast(schema[name].dataType) for name in exact.columns]).toArrow()

    found = {name: expected[name].combine_chunks() for name in names}
    for name, formula in contract.derived.items():
        found[name] = pa.chunked_array([parse(formula).evaluate(found)]).cast(types.field(name).type).combine_chunks()

    assert {name: values.to_pylist() for name, values in found.items()} == expected.to_pydict()


@pytest.mark.parametrize(
    "sql", ["coalesce(a, b)", "CAST(a AS INT)", "a || b", "a AND b", r"'a\nb'", "split(a, '[,;]')"]
)
def test_sql_that_only_spark_knows_is_not_guessed(sql):
    columns = {name: pa.array(["x"]) for name in "ab"}
    with pytest.raises(NotImplementedError):
        parse(sql).evaluate(columns)


def test_a_division_by_zero_fails_as_in_spark():
    with pytest.raises(ZeroDivisionError):
        parse("a / b").evaluate({"a": pa.array([1, 2]), "b": pa.array([1, 0])})
