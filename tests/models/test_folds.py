"""Equal rows stay on one side of every split."""

import pandas as pd
import pytest
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.models.folds import check_disjoint, holdout_below, with_folds


@pytest.fixture
def folded(spark):
    """1,000 rows: 500 distinct ones, each twice with different keys; a fifth has the outcome."""
    once = spark.range(500).select(F.col("id").alias("age"), (F.col("id") % 5 == 0).cast("double").alias("label"))
    rows = once.withColumn("client_id", F.col("age")).unionByName(once.withColumn("client_id", F.col("age") + 10_000))
    return with_folds(rows, ["age"], 5).toPandas()


def test_rows_that_differ_only_in_the_key_are_in_one_fold(folded):
    assert (folded.groupby("age")["fold"].nunique() == 1).all()


def test_folds_are_stratified(folded):
    found = folded.groupby("fold")["label"].agg(["size", "mean"])
    assert list(found.index) == list(range(5))
    assert found["size"].between(195, 205).all() and found["mean"].between(0.19, 0.21).all()


def test_equal_rows_on_both_sides_of_a_split_are_an_error(folded):
    is_first_copy = folded["client_id"] < 10_000
    with pytest.raises(BankError, match="500 rows of the test part have the same content as rows of the training part"):
        check_disjoint(folded[is_first_copy], folded[~is_first_copy])


def test_folds_are_disjoint(folded):
    check_disjoint(folded[folded["fold"] != 0], folded[folded["fold"] == 0])


def test_a_row_keeps_its_content_hash_when_other_rows_are_added(spark, folded):
    more = spark.range(400, 900).select(
        F.col("id").alias("age"), F.lit(0.0).alias("label"), F.col("id").alias("client_id")
    )
    again = with_folds(more, ["age"], 5).toPandas()
    both = pd.merge(folded.drop_duplicates("age"), again, on="age")
    assert len(both) == 100 and (both["content_hash_x"] == both["content_hash_y"]).all()


def test_all_rows_below_the_bound_are_in_the_holdout(folded):
    bound = holdout_below(folded)
    assert (folded.loc[folded["content_hash"] < bound, "fold"] == 0).all()
    assert (folded["content_hash"] < bound).sum() > 100, "more than half of the holdout"
