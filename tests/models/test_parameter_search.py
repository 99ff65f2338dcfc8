"""The parameter search, on features of which one is informative."""

from pyspark.sql import functions as F

from jobs.models.parameter_search import GRIDS, tune
from jobs.models.training_progress import TrainingProgress
from jobs.models.use_cases import Features


def test_the_search_picks_a_point_of_each_grid(spark):
    session = spark.newSession()  # see train.in_own_session
    rng = [F.abs(F.xxhash64("id", F.lit(name))) % 1000 / 1000 for name in "abc"]
    rows = session.range(200).select(rng[0].alias("a"), rng[1].alias("b"), rng[2].alias("noise"))
    rows = rows.withColumns({"label": (F.col("a") + F.col("noise") > 1).cast("double")})
    rows = rows.withColumn("tuning_fold", (F.col("b") * 1000).cast("int") % 2)

    found = tune(rows.coalesce(1).cache(), Features((), ("a", "b")), "default", 1, TrainingProgress())

    for name, grid in GRIDS.items():
        assert all(found[name][parameter] in points for parameter, points in grid.items()), name
    assert found["xgboost"]["max_depth"] == 5, "XGBoost's parameters are constants"
