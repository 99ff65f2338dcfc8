"""Conformed columns: derived once, in the contracts, and equal to jobs/dimensions.py."""

from datetime import date, datetime, timedelta

import pytest
from pyspark.sql import functions as F

from jobs.core.contracts import load_contract
from jobs.dimensions import AGE_BAND_STARTS, AGE_BANDS, DAY_PART_HOURS, DAY_PARTS, MONTHS, WEEKDAYS
from jobs.ingest.check import add_derived
from tests.ingest.helpers import GOOD, HEADER, TRANSACTIONS, run, write

CREDIT = ",".join(load_contract("credit").header)


def derived(spark, dataset, rows, schema, name):
    """Values of one derived column, evaluated alone."""
    return [
        row[0]
        for row in spark.createDataFrame(rows, schema).select(F.expr(load_contract(dataset).derived[name])).collect()
    ]


@pytest.fixture
def loaded(spark, settings, job):
    """Load a file with ingest and return the table."""

    def load(dataset, name, *lines):
        write(settings, name, *lines)
        run(job, f"ingest.{dataset}")
        return spark.table(f"{settings.database}.{dataset}")

    return load


@pytest.mark.parametrize("dataset", ["clients", "credit", "transactions"])
def test_age_bands_of_the_contract_are_those_of_dimensions(spark, dataset):
    ages = range(121)

    bands = derived(spark, dataset, [(age,) for age in ages], "age INT", "age_band")

    assert bands == [AGE_BANDS[sum(age >= start for start in AGE_BAND_STARTS)] for age in ages]


def test_an_unknown_age_has_no_band(spark):
    assert derived(spark, "credit", [(None,)], "age INT", "age_band") == [None]


def test_day_parts_are_six_hours_each(spark):
    parts = derived(spark, "transactions", [(hour,) for hour in range(24)], "hour INT", "day_part")

    assert parts == [DAY_PARTS[hour // DAY_PART_HOURS] for hour in range(24)]


def test_months_are_numbered_from_january(spark):
    numbers = derived(spark, "clients", [(month,) for month in MONTHS], "month STRING", "month_number")

    assert numbers == list(range(1, 13))


def test_weekdays_are_numbered_from_monday(spark):
    days = [(date(2016, 8, 1) + timedelta(days=number),) for number in range(7)]

    numbers = derived(spark, "transactions", days, "transaction_date DATE", "weekday")

    assert numbers == list(range(1, 8))
    assert [WEEKDAYS[number - 1] for number in numbers] == [f"{day:%A}".lower() for (day,) in days]


@pytest.mark.parametrize(
    ("location", "city"),
    [
        ("MUMBAI", "MUMBAI"),
        (' "Navi   mumbai" , Maharashtra, India', "NAVI MUMBAI"),
        ("new\tdelhi", "NEW DELHI"),
        ("  , Assam", None),
        ("", None),
        (None, None),
    ],
)
def test_a_city_is_the_location_up_to_its_first_comma(spark, location, city):
    assert derived(spark, "transactions", [(location,)], "location STRING", "city") == [city]


def test_utilisation_is_the_last_bill_over_the_limit_and_null_without_a_limit(spark):
    rows = spark.sql(
        "SELECT CAST(50 AS DECIMAL(18,2)) AS bill_amt1, CAST(v AS DECIMAL(18,2)) AS credit_limit "
        "FROM VALUES (200), (0) AS t(v)"
    )

    found = rows.select(F.expr(load_contract("credit").derived["utilisation"])).collect()

    assert [row[0] for row in found] == [0.25, None]


def test_a_transaction_gets_its_conformed_columns(loaded):
    table = loaded(
        "transactions",
        "bank_transactions.csv",
        TRANSACTIONS,
        'T1,C1,03-08-1991,F," Jorhat , ASSAM",17819.05,02-08-2016,174817,25',
    )

    assert table.select("age", "age_band", "city", "weekday", "hour", "day_part", "transaction_at").collect() == [
        (24, "under 25", "JORHAT", 2, 17, "afternoon", datetime(2016, 8, 2, 17, 48, 17))
    ]


def test_an_age_grows_on_the_birthday(loaded):
    table = loaded(
        "transactions",
        "bank_transactions.csv",
        TRANSACTIONS,
        "T1,C1,03-08-1991,F,X,1,02-08-2016,0,1",
        "T2,C1,03-08-1991,F,X,1,03-08-2016,0,1",
    )

    rows = table.orderBy("transaction_id").select("age", "age_band").collect()
    assert rows == [(24, "under 25"), (25, "25-34")]


@pytest.mark.parametrize("birth", ["01-01-1800", "03-08-2016"])
def test_a_birth_date_that_breaks_its_rule_gives_no_age(loaded, birth):
    line = f"T1,C1,{birth},F,X,1,02-08-2016,0,1"

    table = loaded("transactions", "bank_transactions.csv", TRANSACTIONS, line)

    assert table.select("birth_date", "age", "age_band").collect() == [(None, None, None)]


@pytest.mark.parametrize(
    ("dataset", "name", "lines"),
    [
        ("clients", "bank.csv", (HEADER, GOOD, GOOD.replace("30;", "65;").replace("oct", "jan"))),
        (
            "credit",
            "UCI_Credit_Card.csv",
            (
                CREDIT,
                "1,20000,2,2,1,24,2,2,-1,-1,-2,-2,3913,3102,689,0,0,0,0,689,0,0,0,0,1",
                "2,0,1,2,1,,0,0,0,0,0,0,100,0,0,0,0,0,0,0,0,0,0,0,0",
            ),
        ),
        (
            "transactions",
            "bank_transactions.csv",
            (
                TRANSACTIONS,
                'T1,C1,10-01-1994,F,"Mumbai, India",1,02-08-2016,74817,25',
                "T2,C2,1/1/1800,T,,,07-08-2016,235959,0",
            ),
        ),
    ],
)
def test_derived_columns_equal_their_formulas_on_the_loaded_table(loaded, dataset, name, lines):
    contract = load_contract(dataset)
    table = loaded(dataset, name, *lines)

    again = add_derived(table.drop(*contract.derived), contract).select(
        *[F.col(column).cast(table.schema[column].dataType) for column in table.columns]
    )

    assert table.count() == 2
    assert sorted(map(str, table.collect())) == sorted(map(str, again.collect()))
