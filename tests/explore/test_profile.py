"""Profiles of columns and their most frequent values."""

import pytest
from pyspark.sql import functions as F

from jobs.explore import profile

SHOPS = "name STRING, size INT, opened DATE, note STRING"


def profiles_of(spark, tables):
    columns = profile.columns_of(spark, tables, {name: () for name in tables})
    counts, statistics = profile.value_counts(tables), profile.number_statistics(tables)
    rows = profile.column_profiles(columns, counts, statistics).collect()
    return {(row["dataset"], row["column_name"]): row.asDict() for row in rows}


def test_a_number_has_nulls_distinct_values_range_mean_and_quantiles(spark):
    shops = spark.createDataFrame([(n,) for n in [9, 10, 10, 1, 5, None]], "size INT")

    size = profiles_of(spark, {"shops": shops})["shops", "size"]

    # values 1, 5, 9, 10, 10: mean 7, squared deviations 36 + 4 + 4 + 9 + 9 = 62, 62 / 4 = 15.5
    assert size == {
        "dataset": "shops", "position": 1, "column_name": "size", "type": "INT",
        "row_count": 6, "null_count": 1, "null_share": pytest.approx(1 / 6), "distinct_count": 4,
        "minimum": "1", "maximum": "10", "mean": 7.0, "stddev": pytest.approx(15.5**0.5),
        "p05": 1.0, "p25": 5.0, "p50": 9.0, "p75": 10.0, "p95": 10.0,
    }  # fmt: skip


def test_texts_and_dates_have_a_range_but_no_mean(spark):
    rows = [("b", "2024-01-31"), ("a", "2023-12-01"), ("b", None)]
    shops = spark.createDataFrame(rows, "name STRING, opened STRING").withColumn("opened", F.to_date("opened"))

    profiles = profiles_of(spark, {"shops": shops})

    name, opened = profiles["shops", "name"], profiles["shops", "opened"]
    assert (name["minimum"], name["maximum"], name["distinct_count"], name["mean"]) == ("a", "b", 2, None)
    assert (opened["type"], opened["minimum"], opened["maximum"]) == ("DATE", "2023-12-01", "2024-01-31")
    assert (opened["null_count"], opened["p50"]) == (1, None)


def test_an_empty_table_and_a_column_of_nulls_still_have_profiles(spark):
    empty = spark.createDataFrame([], "size INT, name STRING")
    nulls = spark.createDataFrame([(None,), (None,)], "size INT")

    profiles = profiles_of(spark, {"empty": empty, "nulls": nulls})

    shown = ["row_count", "null_count", "null_share", "distinct_count", "minimum", "mean", "p50"]
    assert [profiles["empty", "size"][name] for name in shown] == [0, 0, None, 0, None, None, None]
    assert [profiles["empty", "name"][name] for name in shown] == [0, 0, None, 0, None, None, None]
    assert [profiles["nulls", "size"][name] for name in shown] == [2, 2, 1.0, 0, None, None, None]


def test_top_values_are_ranked_with_nulls_and_without_unique_columns(spark):
    rows = [(1, "b"), (2, "a"), (3, "b"), (4, None), (5, "b"), (6, None), (7, "c")]
    tables = {"shops": spark.createDataFrame(rows, "id INT, name STRING")}
    columns = profile.columns_of(spark, tables, {"shops": ("id",)})

    top = profile.top_values(columns, profile.value_counts(tables)).orderBy("rank").collect()

    assert [(row["column_name"], row["rank"], row["value"], row["row_count"]) for row in top] == [
        ("name", 1, "b", 3),
        ("name", 2, None, 2),
        ("name", 3, "a", 1),
        ("name", 4, "c", 1),
    ]
    assert top[0]["share"] == pytest.approx(3 / 7)


def test_only_the_ten_most_frequent_values_are_kept(spark):
    tables = {"shops": spark.createDataFrame([(n,) for n in range(12)], "size INT")}
    columns = profile.columns_of(spark, tables, {"shops": ()})

    assert profile.top_values(columns, profile.value_counts(tables)).count() == 10


def test_keys_and_free_text_are_left_out_of_top_values():
    assert profile.unique_columns("clients") == ("client_id", "text")
    assert profile.unique_columns("transactions") == ("transaction_id", "text")


def test_the_real_transactions_have_the_reference_nulls_and_customers(spark, real_transactions):
    transactions = profiles_of(spark, {"transactions": real_transactions})

    blanks = [transactions["transactions", name]["null_count"] for name in ("gender", "location", "balance")]
    assert blanks == [11, 1, 27]
    assert transactions["transactions", "customer_id"]["distinct_count"] == 19_937
    assert transactions["transactions", "amount"]["mean"] * 20_000 == pytest.approx(34_385_502.79)


def test_the_quartiles_of_the_real_balances_are_exact(spark, bank_full):
    balance = profiles_of(spark, {"clients": bank_full.select("balance")})["clients", "balance"]

    assert [balance[name] for name in ("minimum", "p25", "p50", "p75", "maximum")] == [
        "-8019.00",
        72.0,
        448.0,
        1428.0,
        "102127.00",
    ]
