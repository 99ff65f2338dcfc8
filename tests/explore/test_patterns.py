"""Patterns over months, ages, days and places."""

from datetime import date
from decimal import Decimal

from pyspark.sql import functions as F

from jobs.explore.long_tables import with_derived
from jobs.explore.patterns import age_bands, age_patterns, daily_volume, month_patterns, place_totals

BOUGHT = "transaction_date DATE, birth_date DATE, transaction_time INT"


def test_months_are_in_calendar_order(spark):
    rows = [("may", "no"), ("apr", "yes"), ("dec", "no"), ("may", "yes")]

    months = month_patterns(spark.createDataFrame(rows, "month STRING, subscribed STRING")).collect()

    shown = [(row["month_number"], row["month"], row["contacts"], row["subscribed"], row["rate"]) for row in months]
    assert shown == [(4, "apr", 1, 1, 1.0), (5, "may", 2, 1, 0.5), (12, "dec", 1, 0, 0.0)]


def test_real_may_has_13766_contacts_of_which_925_say_yes(bank_full):
    (may,) = month_patterns(bank_full).where("month = 'may'").collect()

    assert (may["contacts"], may["subscribed"]) == (13_766, 925)


def test_real_may_of_the_small_file_has_a_rate_of_6_65_percent(bank):
    (may,) = month_patterns(bank).where("month = 'may'").collect()

    assert (may["contacts"], may["subscribed"], round(may["rate"], 6)) == (1_398, 93, 0.066524)


def test_ages_fall_into_bands_with_unknown_last(spark):
    ages = spark.createDataFrame([(n, n or 0) for n in (24, 25, 34, 35, 64, 65, None)], "age INT, money INT")
    bands = age_bands(ages, "clients", F.col("age") > 30, "money")

    rows = age_patterns(bands).collect()

    assert [
        (row["position"], row["age_band"], row["row_count"], row["positives"], row["mean_money"]) for row in rows
    ] == [
        (1, "under 25", 1, 0, 24.0),
        (2, "25-34", 2, 1, 29.5),
        (3, "35-44", 1, 1, 35.0),
        (5, "55-64", 1, 1, 64.0),
        (6, "65 and over", 1, 1, 65.0),
        (7, "unknown", 1, None, 0.0),
    ]


def test_a_customer_is_a_year_older_from_the_birthday_on(spark):
    birth = date(2000, 9, 2)
    rows = [(date(2016, 9, 1), birth, 235959), (date(2016, 9, 2), birth, 400), (date(2016, 9, 3), None, 0)]

    derived = with_derived(spark.createDataFrame(rows, BOUGHT)).collect()

    assert [(row["age"], row["hour"], row["weekday"]) for row in derived] == [(15, 23, 4), (16, 0, 5), (None, 0, 6)]


def test_days_have_count_sum_and_weekday(spark):
    rows = [(date(2016, 9, 26), "1.10"), (date(2016, 9, 25), "5"), (date(2016, 9, 26), "2.20")]
    transactions = spark.createDataFrame(rows, "transaction_date DATE, amount STRING")

    days = daily_volume(transactions.withColumn("amount", F.col("amount").cast("decimal(18,2)"))).collect()

    assert [(row["transaction_date"].day, row["weekday"], row["transactions"], row["amount"]) for row in days] == [
        (25, 7, 1, Decimal("5.00")),
        (26, 1, 2, Decimal("3.30")),
    ]


def test_places_are_cleaned_but_kept_whole(spark):
    rows = [(" Mumbai", 1), ("MUMBAI ", 1), ("NEW DELHI", 5), (None, 9), ("  ", 9)]

    places = place_totals(spark.createDataFrame(rows, "location STRING, amount INT")).collect()

    assert [tuple(row) for row in places] == [("MUMBAI", 2, 2, 1, 2), ("NEW DELHI", 1, 5, 2, 1)]


def test_only_the_first_twenty_places_by_either_are_kept(spark):
    rows = [(f"P{number:02}", number) for number in range(30)]

    places = place_totals(spark.createDataFrame(rows, "location STRING, amount INT"))

    # of equal counts the first twenty names, of the sums P29 down to P10
    assert places.count() == 30
    assert places.where("rank_by_amount = 1").first()["place"] == "P29"


def test_the_real_days_hold_all_amounts(real_transactions):
    total = daily_volume(real_transactions).agg(F.sum("amount"), F.sum("transactions")).first()

    assert tuple(total) == (Decimal("34385502.79"), 20_000)
