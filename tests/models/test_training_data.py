"""The rows of the parameter search, and what is fitted on training rows only."""

import pandas as pd
import pytest
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.models.candidates import Trial
from jobs.models.cross_validation import split
from jobs.models.training_data import tuning_rows
from jobs.models.use_cases import Features


def rows_of(spark, positives, equal=False):
    """20,000 rows in five folds, few of them with the outcome; `equal` puts those into one tuning fold."""
    rows = spark.range(20_000).select(F.col("id").alias("position"), (F.col("id") % 5).cast("int").alias("fold"))
    label = F.expr(f"IF(position % {20_000 // positives} = 1, 1D, 0D)")
    side = F.when(F.lit(equal) & (label == 1.0), 0).otherwise((F.xxhash64("position") % 2 + 2) % 2)
    return rows.withColumns({"label": label, "tuning_fold": side.cast("int")})


def test_both_tuning_folds_get_enough_rows_with_a_rare_outcome(spark):
    rows = rows_of(spark, 80)
    drawn = tuning_rows(rows, rows.toPandas(), 4000, seed=1).toPandas()
    assert 3500 < len(drawn) < 4500 and (drawn["fold"] > 0).all()
    positives = drawn.groupby("tuning_fold")["label"].sum()
    assert positives.sum() == 80 and positives.min() > 20, "all of them, because they are in fold 1"


def test_equal_rows_with_the_outcome_are_an_error(spark):
    rows = rows_of(spark, 80, equal=True)
    with pytest.raises(BankError, match="are all equal"):
        tuning_rows(rows, rows.toPandas(), 4000, seed=1)


@pytest.fixture
def later_rows_differ(spark):
    """200 rows in order of time; the last 50 have another category and another balance."""
    numbers = range(200)
    made = pd.DataFrame(
        {
            "position": numbers,
            "content_hash": [number / 200 for number in numbers],
            "fold": 0,
            "job": ["late" if number >= 150 else "ab"[number % 2] for number in numbers],
            "balance": [None if number % 10 == 0 else 1000.0 if number >= 150 else 5.0 for number in numbers],
            "label": [float(number % 3 == 0) for number in numbers],
        }
    )
    session = spark.newSession()  # see train.in_own_session
    return session.createDataFrame(made).withColumn("balance", F.nanvl("balance", F.lit(None)))


def test_categories_and_medians_come_from_the_training_part_only(later_rows_differ):
    trial = Trial(Features(("job",), ("balance",)), {"logistic": {"regParam": 0.01}}, 1)
    scores, fitted = split(later_rows_differ, F.col("position") >= 150, trial, "later rows")
    index = fitted.stages.stages[1]
    assert tuple(map(tuple, index.labelsArray)) == (("a", "b"),)
    filled = fitted.stages.transform(later_rows_differ.where("balance IS NULL")).select("n_balance").distinct()
    assert [row["n_balance"] for row in filled.collect()] == [5.0]
    assert len(scores) == 50
    # the registered model predicts 1.0 from one half on, like its only member
    predictions = fitted.bundle(["logistic"]).transform(later_rows_differ)
    predictions = predictions.select("prediction", "prediction_logistic").toPandas()
    assert (predictions["prediction"] == predictions["prediction_logistic"]).all()
    assert set(predictions["prediction"]) <= {0.0, 1.0}
