"""Tests for the aggregation of transactions to customers, and for the cleaning steps."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from jobs.segments.cleaning import cleaning_rows
from jobs.segments.customers import aggregate_customers
from tests.segments.example_transactions import transaction, transactions, with_derived

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
    return transactions(spark, ROWS).cache()


@pytest.fixture(scope="module")
def customers(rows):
    return aggregate_customers(rows).cache()


@pytest.fixture(scope="module")
def by_id(customers):
    return {row["customer_id"]: row for row in customers.collect()}


def test_amounts_are_summed_averaged_and_compared_with_the_balance(by_id):
    customer = by_id["C1"]
    assert (customer["transactions"], customer["amount_sum"]) == (3, Decimal("60.00"))
    assert (customer["amount_mean"], customer["amount_max"]) == (Decimal("20.00"), Decimal("30.00"))
    assert customer["amount_to_balance"] == pytest.approx(0.2)


def test_the_latest_known_balance_and_city_count(by_id):
    assert (by_id["C1"]["balance"], by_id["C1"]["city"]) == (Decimal("100.00"), "NEW DELHI")


def test_age_and_recency_are_measured_at_the_last_transaction(by_id):
    assert (by_id["C1"]["age"], by_id["C1"]["recency_days"]) == (30, 6)


def test_day_parts_and_weekdays_are_shares_of_the_transactions(by_id):
    customer = by_id["C1"]
    assert (customer["share_night"], customer["share_evening"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (customer["share_monday"], customer["share_tuesday"]) == (1.0, 0.0)


def test_weekly_transactions_are_perfectly_regular(by_id):
    assert by_id["C1"]["regularity"] == pytest.approx(1.0)


def test_gaps_changes_of_city_and_the_variation_of_amounts_describe_the_rhythm(by_id):
    assert (by_id["C1"]["gap_mean"], by_id["C1"]["gap_max"]) == (7.0, 7.0)
    assert (by_id["C1"]["city_changes"], by_id["C2"]["city_changes"]) == (0.0, 1.0), "unknown cities don't count"
    assert by_id["C2"]["amount_variation"] == 0.0
    assert by_id["C1"]["amount_variation"] == pytest.approx(0.4536, abs=1e-4)


def test_the_trend_says_when_the_amounts_were_spent(by_id):
    mean_day = (0 * 10 + 7 * 30 + 14 * 20) / 60
    assert by_id["C1"]["trend"] == pytest.approx(2 * mean_day / 20 - 1)


def test_values_of_thirty_days_earlier_are_kept_for_the_tiers(spark):
    rows = [
        transaction(1, "C1", "2016-07-01 10:00:00", amount=10, balance=50),
        transaction(2, "C1", "2016-08-30 10:00:00", amount=20, balance=70),
        transaction(3, "C2", "2016-08-31 10:00:00"),
    ]
    first, second = aggregate_customers(transactions(spark, rows)).orderBy("customer_id").collect()
    assert (first["earlier_transactions"], first["earlier_amount_sum"]) == (1, Decimal("10.00"))
    assert (first["earlier_balance"], first["balance"]) == (Decimal("50.00"), Decimal("70.00"))
    assert (second["earlier_transactions"], second["earlier_last_at"]) == (None, None)


def test_two_transactions_have_no_regularity(by_id):
    assert by_id["C2"]["regularity"] is None


def test_if_birth_dates_and_genders_contradict_the_latest_counts_and_the_customer_is_marked(by_id):
    customer = by_id["C2"]
    assert (customer["birth_date"], customer["gender"], customer["age"]) == (date(1990, 8, 22), "F", 25)
    assert customer["contradicts"] is True
    assert by_id["C1"]["contradicts"] is False


def test_new_delhi_is_not_delhi(by_id):
    assert (by_id["C1"]["city"], by_id["C2"]["city"]) == ("NEW DELHI", "DELHI")


def test_a_customer_whose_transactions_are_all_null_is_kept_with_nulls(by_id):
    customer = by_id["C4"]
    names = ("birth_date", "age", "gender", "city", "balance", "amount_to_balance", "regularity")
    assert [customer[name] for name in names] == [None] * 7


def test_every_cleaning_step_counts_the_rows_that_it_removed_or_changed(rows, customers):
    load = {"rows_in": 11, "rows_rejected": 3, "rows_loaded": 8, "nulled": {"birth_date": 1}}
    steps = cleaning_rows(pd.DataFrame([load]), rows, customers)
    assert {row.step: (row.before, row.removed, row.changed, row.after) for row in steps.itertuples()} == {
        "contract_kept": (11, 3, 0, 8),
        "birth_possible": (8, 0, 1, 8),
        "gender_possible": (8, 0, 0, 8),
        "customer_known": (8, 1, 0, 7),
        "amount_positive": (7, 1, 0, 6),
        "city_conformed": (6, 0, 3, 6),
        "contradictions_resolved": (3, 0, 1, 3),
        "balance_known": (3, 0, 1, 3),
        "age_known": (3, 0, 0, 3),
    }


def test_the_result_does_not_depend_on_partitioning(rows, customers):
    assert sorted(aggregate_customers(rows.repartition(7)).collect()) == sorted(customers.collect())


def test_a_customer_with_a_hundred_thousand_transactions_of_a_trillion_rupees_is_aggregated(spark, rows):
    many = spark.range(100_000).selectExpr(
        "concat('M', id) AS transaction_id",
        "'BUSY' AS customer_id",
        "DATE'1980-01-01' AS birth_date",
        "'M' AS gender",
        "'PUNE' AS location",
        "CAST(1e12 AS DECIMAL(18,2)) AS balance",
        "date_add(DATE'2014-01-01', CAST(id % 900 AS INT)) AS transaction_date",
        "120000 AS transaction_time",
        "CAST(1e12 AS DECIMAL(18,2)) AS amount",
    )
    (busy,) = aggregate_customers(rows.unionByName(with_derived(many))).where("customer_id = 'BUSY'").collect()
    assert (busy["transactions"], busy["amount_sum"]) == (100_000, Decimal("1e17"))
    assert 0 < busy["regularity"] < 1


@pytest.mark.parametrize(
    ("location", "city"),
    [
        ("  ", None),
        (None, None),
        ('"thane"', "THANE"),
        ("KALYAN (W) THANE", "KALYAN (W) THANE"),
    ],
)
def test_the_city_of_a_customer_is_conformed_and_null_for_a_blank_location(spark, location, city):
    rows = transactions(spark, [transaction(1, "C1", "2016-08-01 02:00:00", location=location)])
    assert [row["city"] for row in aggregate_customers(rows).collect()] == [city]
