"""Patterns by month, age, day and city."""

from datetime import date
from decimal import Decimal

from pyspark.sql import functions as F

from jobs.explore.patterns import (
    age_bands,
    age_patterns,
    city_totals,
    city_volume,
    daily_volume,
    intraday_volume,
    month_patterns,
)


def test_months_are_in_calendar_order(spark):
    rows = [(5, "may", "no"), (4, "apr", "yes"), (12, "dec", "no"), (5, "may", "yes")]
    clients = spark.createDataFrame(rows, "month_number INT, month STRING, subscribed STRING")

    months = month_patterns(clients).to_dict("records")

    shown = [(row["month_number"], row["month"], row["contacts"], row["subscribed"], row["rate"]) for row in months]
    assert shown == [(4, "apr", 1, 1, 1.0), (5, "may", 2, 1, 0.5), (12, "dec", 1, 0, 0.0)]


def test_real_may_has_13766_contacts_and_925_subscriptions(bank_full):
    (may,) = month_patterns(bank_full).query("month == 'may'").to_dict("records")

    assert (may["contacts"], may["subscribed"]) == (13_766, 925)


def test_real_may_of_the_small_file_has_a_rate_of_6_65_percent(bank):
    (may,) = month_patterns(bank).query("month == 'may'").to_dict("records")

    assert (may["contacts"], may["subscribed"], round(may["rate"], 6)) == (1_398, 93, 0.066524)


def test_age_bands_are_in_order_with_unknown_last(spark):
    rows = [
        (24, "under 25"),
        (25, "25-34"),
        (34, "25-34"),
        (35, "35-44"),
        (64, "55-64"),
        (65, "65 and over"),
        (None, None),
    ]
    ages = spark.createDataFrame(rows, "age INT, age_band STRING").withColumn("money", F.coalesce("age", F.lit(0)))
    bands = age_bands(ages, "clients", F.col("age") > 30, "money")

    rows = age_patterns(bands)
    rows = rows.astype(object).where(rows.notna(), None).to_dict("records")

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


def test_days_have_count_sum_and_weekday(spark):
    rows = [(date(2016, 9, 26), 1, "1.10"), (date(2016, 9, 25), 7, "5"), (date(2016, 9, 26), 1, "2.20")]
    transactions = spark.createDataFrame(rows, "transaction_date DATE, weekday INT, amount STRING")

    days = daily_volume(transactions.withColumn("amount", F.col("amount").cast("decimal(18,2)"))).collect()

    assert [(row["transaction_date"].day, row["weekday"], row["transactions"], row["amount"]) for row in days] == [
        (25, 7, 1, Decimal("5.00")),
        (26, 1, 2, Decimal("3.30")),
    ]


def volume_rows(spark, rows):
    """Transactions of day of September 2016, city, amount and balance."""
    dated = [(date(2016, 9, day), city, amount, balance) for day, city, amount, balance in rows]
    return spark.createDataFrame(dated, "transaction_date DATE, city STRING, amount INT, balance INT")


def test_days_of_cities_have_count_sum_and_known_balances(spark):
    rows = volume_rows(spark, [(2, "PUNE", 5, 100), (1, "PUNE", 1, None), (1, "PUNE", 2, 50), (1, None, 9, None)])

    days = city_volume(rows).collect()

    assert [(row["transaction_date"].day, *list(row)[1:]) for row in days] == [
        (1, "(other)", 1, 9, 0, 0),
        (1, "PUNE", 2, 3, 1, 50),
        (2, "PUNE", 1, 5, 1, 100),
    ]


def test_cities_beyond_the_fifty_largest_are_taken_together(spark):
    rows = volume_rows(spark, [(1, f"C{number:02}", 1, 1) for number in range(52)] + [(1, "C51", 1, 1)])

    found = {row["city"]: row["transactions"] for row in city_volume(rows).collect()}

    assert len(found) == 51 and found["(other)"] == 2 and found["C51"] == 2 and "C49" not in found


def test_transactions_are_counted_by_weekday_and_ten_minutes(spark):
    rows = spark.createDataFrame([(1, 905), (1, 0), (1, 1000), (7, 235959)], "weekday INT, transaction_time INT")

    assert [tuple(row) for row in intraday_volume(rows).collect()] == [(1, 0, 2), (1, 1, 1), (7, 143, 1)]


def test_cities_are_ranked_by_number_and_by_amount_without_unknown_ones(spark):
    rows = [("MUMBAI", 1), ("MUMBAI", 1), ("NEW DELHI", 5), (None, 9)]

    cities = city_totals(spark.createDataFrame(rows, "city STRING, amount INT")).collect()

    assert [tuple(row) for row in cities] == [("MUMBAI", 2, 2, 1, 2), ("NEW DELHI", 1, 5, 2, 1)]


def test_only_the_top_twenty_cities_by_either_ranking_are_kept(spark):
    rows = [(f"C{number:02}", number) for number in range(50)]

    cities = city_totals(spark.createDataFrame(rows, "city STRING, amount INT")).collect()

    # counts are equal, so C00 to C19 lead by name; C49 down to C30 lead by amount
    kept = {row["city"] for row in cities}
    assert kept == {f"C{number:02}" for number in [*range(20), *range(30, 50)]}
    assert [row["city"] for row in cities if row["rank_by_amount"] == 1] == ["C49"]


def test_the_real_days_add_up_to_all_transactions(real_transactions):
    total = daily_volume(real_transactions).agg(F.sum("amount"), F.sum("transactions")).first()

    assert tuple(total) == (Decimal("34385502.79"), 20_000)


def test_the_real_cities_and_times_add_up_to_all_transactions(real_transactions):
    total = city_volume(real_transactions).agg(F.sum("amount"), F.sum("transactions"), F.sum("balances")).first()

    assert tuple(total) == (Decimal("34385502.79"), 20_000, 20_000 - 27)
    assert intraday_volume(real_transactions).agg(F.sum("transactions")).first()[0] == 20_000
