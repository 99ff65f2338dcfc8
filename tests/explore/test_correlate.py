"""Correlations of numbers and associations of categories."""

import pytest
from pyspark.sql import functions as F

from jobs.explore import correlate


def correlation(spark, pairs):
    rows = spark.createDataFrame([(key, *pair) for key, pair in enumerate(pairs)], "key INT, x DOUBLE, y DOUBLE")
    (row,) = correlate.correlations(rows, "key", ["x", "y"]).collect()
    return row


def association(spark, cells):
    pairs = [(a, b) for (a, b), count in cells.items() for _ in range(count)]
    rows = spark.createDataFrame(pairs, "x STRING, y STRING")
    counted = correlate.contingency(rows, ["x", "y"]).select(F.lit("t").alias("dataset"), "*")
    found = correlate.associations(counted).collect()
    return found[0] if found else None


def test_a_monotone_curve_has_spearman_1_and_pearson_below_1(spark):
    row = correlation(spark, [(1.0, 1.0), (2.0, 8.0), (3.0, 27.0), (4.0, 64.0), (5.0, 125.0)])

    assert (row["column_a"], row["column_b"], row["row_count"]) == ("x", "y", 5)
    assert row["spearman"] == pytest.approx(1.0)
    assert row["pearson"] == pytest.approx(304 / (10 * 10_390) ** 0.5)  # .943115


def test_ties_share_their_mean_rank_and_nulls_have_no_rank(spark):
    rows = spark.createDataFrame([(1, 30.0), (2, 10.0), (3, 20.0), (4, 20.0), (5, None)], "key INT, x DOUBLE")

    items = correlate.ranked_numbers(rows, "key", ["x"]).collect()

    ranks = {(item["number"], item["rank"]) for row in items for item in row["items"]}
    assert ranks == {(10.0, 1.0), (20.0, 2.5), (30.0, 4.0), (None, None)}


def test_only_rows_with_both_values_count(spark):
    row = correlation(spark, [(1.0, 3.0), (2.0, 2.0), (3.0, 1.0), (None, 9.0), (9.0, None)])

    assert row["row_count"] == 3
    assert row["pearson"] == pytest.approx(-1.0)


@pytest.mark.parametrize("y", [None, 7.0], ids=["only nulls", "one value"])
def test_a_column_that_does_not_vary_has_no_correlation(spark, y):
    row = correlation(spark, [(1.0, y), (2.0, y), (3.0, y)])

    assert (row["pearson"], row["spearman"]) == (None, None)


def test_cramers_v_of_30_10_10_30_is_corrected_for_bias(spark):
    row = association(spark, {("a", "c"): 30, ("a", "d"): 10, ("b", "c"): 10, ("b", "d"): 30})

    assert (row["row_count"], row["categories_a"], row["categories_b"]) == (80, 2, 2)
    assert row["chi_squared"] == pytest.approx(20.0)  # 80 (30·30 - 10·10)² / 40⁴
    assert row["cramers_v"] == pytest.approx(((20 / 80 - 1 / 79) / (1 - 1 / 79)) ** 0.5)  # .490290; .5 uncorrected


def test_independent_categories_have_v_0_and_identical_ones_v_1(spark):
    independent = association(spark, {("a", "c"): 20, ("a", "d"): 40, ("b", "c"): 10, ("b", "d"): 20})
    equal = association(spark, {("a", "a"): 20, ("b", "b"): 30})

    assert (independent["chi_squared"], independent["cramers_v"]) == pytest.approx((0, 0), abs=1e-9)
    assert equal["cramers_v"] == pytest.approx(1.0)


def test_one_category_has_no_v_and_nulls_are_no_category(spark):
    assert association(spark, {("a", "c"): 5, ("b", "c"): 5})["cramers_v"] is None
    assert association(spark, {("a", "c"): 1})["cramers_v"] is None
    assert association(spark, {("a", None): 5}) is None


def test_the_real_clients_have_the_reference_correlations(bank_full):
    rows = bank_full.withColumn("key", F.monotonically_increasing_id())

    found = correlate.correlations(rows, "key", ["age", "balance", "pdays", "previous"]).collect()

    pearson = {(row["column_a"], row["column_b"]): row["pearson"] for row in found}
    assert len(pearson) == 6
    assert pearson["pdays", "previous"] == pytest.approx(0.454820, abs=1e-6)
    assert pearson["age", "balance"] == pytest.approx(0.097783, abs=1e-6)
