"""The rows of the search, and what is fitted on them."""

import pandas as pd
import pytest
from pyspark.sql import functions as F

from jobs.core.errors import BankError
from jobs.models.evaluate import Trial, split
from jobs.models.training_data import tuning_rows
from jobs.models.use_cases import Features


def rows_of(spark, positives, alike=False):
    """20,000 rows in five folds, of which few have the outcome; `alike` ones stand in the same tuning fold."""
    rows = spark.range(20_000).select(F.col("id").alias("position"), (F.col("id") % 5).cast("int").alias("fold"))
    label = F.expr(f"IF(position % {20_000 // positives} = 1, 1D, 0D)")
    side = F.when(F.lit(alike) & (label == 1.0), 0).otherwise((F.xxhash64("position") % 2 + 2) % 2)
    return rows.withColumns({"label": label, "tuning_fold": side.cast("int")})


def test_of_a_rare_outcome_the_search_gets_enough_rows_on_both_sides(spark):
    rows = rows_of(spark, 80)
    drawn = tuning_rows(rows, rows.toPandas(), 4000, seed=1).toPandas()
    assert 3500 < len(drawn) < 4500 and (drawn["fold"] > 0).all()
    found = drawn.groupby("tuning_fold")["label"].sum()
    assert found.sum() == 80 and found.min() > 20, "all of them, as they are in folds 1"


def test_rows_with_the_outcome_that_are_all_alike_are_refused(spark):
    rows = rows_of(spark, 80, alike=True)
    with pytest.raises(BankError, match="are all alike"):
        tuning_rows(rows, rows.toPandas(), 4000, seed=1)


def test_categories_and_medians_are_those_of_the_training_part_alone(spark):
    apart = spark.newSession()  # as train.own_session says
    made = pd.DataFrame({"position": range(200), "place": [number / 200 for number in range(200)]})
    made["job"] = ["late" if number >= 150 else "ab"[number % 2] for number in range(200)]
    made["balance"] = [None if number % 10 == 0 else 1000.0 if number >= 150 else 5.0 for number in range(200)]
    made["label"] = [float(number % 3 == 0) for number in range(200)]
    rows = apart.createDataFrame(made.assign(fold=0)).withColumn("balance", F.nanvl("balance", F.lit(None)))
    trial = Trial("default", Features(("job",), ("balance",)), {"logistic": {"regParam": 0.01}}, 1)
    scores, fitted = split(rows, F.col("position") >= 150, trial)
    _, index, median, *_ = fitted.stages.stages
    assert tuple(map(tuple, index.labelsArray)) == (("a", "b"),)
    assert median.surrogateDF.collect()[0]["balance"] == 5.0
    assert len(scores) == 50
    # what MLflow keeps says yes from one half on, as its only member does
    said = fitted.bundle(["logistic"]).transform(rows).select("prediction", "prediction_logistic").toPandas()
    assert (said["prediction"] == said["prediction_logistic"]).all() and set(said["prediction"]) <= {0.0, 1.0}
