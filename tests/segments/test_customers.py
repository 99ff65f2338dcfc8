"""From transactions to one row per customer, by named steps."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from jobs.segments.cleaning import counted, place
from jobs.segments.customers import customers
from tests.segments.examples import TRANSACTION, transaction

ROWS = [
    transaction(1, "C1", "2016-08-01 02:00:00", amount=10, balance=50, location=' "New  Delhi" , Delhi'),
    transaction(2, "C1", "2016-08-08 20:00:00", amount=30, balance=100, location="new delhi "),
    transaction(3, "C1", "2016-08-15 20:30:00", amount=20, balance=None, location=None),
    transaction(4, "C2", "2016-08-20 13:00:00", amount=5, birth=date(1950, 1, 1), gender="M"),
    transaction(5, "C2", "2016-08-21 13:00:00", amount=5, birth=date(1990, 8, 22), gender="F", location="DELHI"),
    transaction(6, "C3", "2016-08-21 13:00:00", amount=0),
    transaction(7, " ", "2016-08-21 13:00:00"),
    transaction(8, "C4", "2016-08-21 13:00:00", balance=None, birth=None, gender=None, location=" "),
]


@pytest.fixture(scope="module")
def rows(spark):
    return spark.createDataFrame(ROWS, TRANSACTION)


@pytest.fixture(scope="module")
def made(rows):
    found = customers(rows).cache()
    return found, {row["customer_id"]: row for row in found.collect()}


def test_sums_means_and_the_latest_known_facts(made):
    one = made[1]["C1"]
    assert (one["transactions"], one["amount_sum"], one["amount_mean"]) == (3, Decimal("60.00"), Decimal("20.00"))
    assert (one["amount_max"], one["balance"], one["place"]) == (Decimal("30.00"), Decimal("100.00"), "NEW DELHI")
    assert (one["recency_days"], one["age"], one["amount_to_balance"]) == (6, 30, pytest.approx(0.2))


def test_times_are_shares_and_a_weekly_rhythm_is_regular(made):
    one = made[1]["C1"]
    assert (one["share_night"], one["share_evening"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (one["share_monday"], one["share_tuesday"]) == (1.0, 0.0)
    assert one["regularity"] == pytest.approx(1.0)
    assert made[1]["C2"]["regularity"] is None, "two transactions have one gap only"


def test_of_two_births_and_genders_the_latest_counts_and_the_row_says_that_they_contradict(made):
    two = made[1]["C2"]
    assert (two["birth_date"], two["gender"], two["age"], two["contradicts"]) == (date(1990, 8, 22), "F", 25, True)
    assert made[1]["C1"]["contradicts"] is False


def test_new_delhi_is_not_delhi(made):
    assert (made[1]["C1"]["place"], made[1]["C2"]["place"]) == ("NEW DELHI", "DELHI")


def test_nulls_everywhere_leave_a_customer_with_nulls(made):
    four = made[1]["C4"]
    names = ("birth_date", "age", "gender", "place", "balance", "amount_to_balance", "regularity")
    assert [four[name] for name in names] == [None] * 7


def test_every_step_says_how_many_rows_it_removed_or_changed(rows, made):
    load = {"rows_in": 11, "rows_rejected": 3, "rows_loaded": 8, "nulled": {"birth_date": 1}}
    steps = counted(pd.DataFrame([load]), rows, made[0])
    found = {row.step: (row.before, row.removed, row.changed, row.after) for row in steps.itertuples()}
    assert found == {
        **{"contract_kept": (11, 3, 0, 8), "birth_possible": (8, 0, 1, 8), "gender_possible": (8, 0, 0, 8)},
        **{"customer_known": (8, 1, 0, 7), "money_moved": (7, 1, 0, 6), "place_tidied": (6, 0, 3, 6)},
        **{"one_truth": (3, 0, 1, 3), "balance_known": (3, 0, 1, 3), "age_known": (3, 0, 0, 3)},
    }


def test_the_rows_do_not_depend_on_partitions(rows, made):
    assert sorted(customers(rows.repartition(7)).collect()) == sorted(made[0].collect())


def test_one_customer_with_a_hundred_thousand_transactions_and_one_with_a_million_millions(spark, rows):
    many = spark.range(100_000).selectExpr(
        *("concat('M', id) AS transaction_id", "'BUSY' AS customer_id", "DATE'1980-01-01' AS birth_date"),
        *("'M' AS gender", "'PUNE' AS location", "CAST(1e12 AS DECIMAL(18,2)) AS balance"),
        *("date_add(DATE'2014-01-01', CAST(id % 900 AS INT)) AS transaction_date", "120000 AS transaction_time"),
        "CAST(date_add(DATE'2014-01-01', CAST(id % 900 AS INT)) AS TIMESTAMP) AS transaction_at",
        "CAST(1e12 AS DECIMAL(18,2)) AS amount",
    )
    (busy,) = customers(rows.unionByName(many)).where("customer_id = 'BUSY'").collect()
    assert (busy["transactions"], busy["amount_sum"]) == (100_000, Decimal("1e17"))
    assert 0 < busy["regularity"] < 1


def test_a_blank_place_is_not_known(spark):
    texts = spark.createDataFrame([("  ",), (None,), ('"thane"',), ("KALYAN (W) THANE",)], "location STRING")
    assert [row[0] for row in texts.select(place()).collect()] == [None, None, "THANE", "KALYAN (W) THANE"]
