"""Equal rows stay on one side of every split."""

import pandas as pd
import pytest
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.models.folds import check_apart, holdout_below, with_folds


@pytest.fixture
def folded(spark):
    """1,000 rows, of which each stands there twice, with different keys; a fifth has the outcome."""
    once = spark.range(500).select(F.col("id").alias("age"), (F.col("id") % 5 == 0).cast("double").alias("label"))
    rows = once.withColumn("client_id", F.col("age")).unionByName(once.withColumn("client_id", F.col("age") + 10_000))
    return with_folds(rows, ["age"], 5).toPandas()


def test_rows_that_differ_only_in_the_key_are_in_one_fold(folded):
    assert (folded.groupby("age")["fold"].nunique() == 1).all()


def test_folds_are_stratified(folded):
    found = folded.groupby("fold")["label"].agg(["size", "mean"])
    assert list(found.index) == list(range(5))
    assert found["size"].between(195, 205).all() and found["mean"].between(0.19, 0.21).all()


def test_a_duplicated_row_across_a_split_is_caught(folded):
    naive = folded["client_id"] < 10_000  # a split by key puts each copy on the other side
    with pytest.raises(BankError, match="500 rows are in the training part and, with the same content, in the test"):
        check_apart(folded[naive], folded[~naive])
    check_apart(folded[folded["fold"] != 0], folded[folded["fold"] == 0])


def test_a_row_keeps_its_place_when_others_come(spark, folded):
    more = spark.range(400, 900).select(
        F.col("id").alias("age"), F.lit(0.0).alias("label"), F.col("id").alias("client_id")
    )
    again = with_folds(more, ["age"], 5).toPandas()
    both = pd.merge(folded.drop_duplicates("age"), again, on="age")
    assert len(both) == 100 and (both["place_x"] == both["place_y"]).all()


def test_nothing_below_the_holdouts_bound_trained(folded):
    bound = holdout_below(folded)
    assert (folded.loc[folded["place"] < bound, "fold"] == 0).all()
    assert (folded["place"] < bound).sum() > 100, "more than half of the holdout"
