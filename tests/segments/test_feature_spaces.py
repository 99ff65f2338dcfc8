"""Tests for feature transformations, which exist in numpy and in Spark."""

import numpy as np
import pytest
from pyspark.sql import functions as F

from jobs.segments.feature_spaces import TREATMENTS, fit_scale


@pytest.fixture(scope="module")
def values():
    """Balances with a negative one, a zero and an extreme one of 10^12."""
    return np.append(np.random.default_rng(3).lognormal(8, 2, 300), [-500.0, 0.0, 1e12])


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_numpy_and_spark_transform_values_in_the_same_way(spark, treatment, values):
    scale = fit_scale("balance", treatment, values)
    rows = spark.createDataFrame(
        [(number, float(value)) for number, value in enumerate(values)], "id INT, balance DOUBLE"
    )
    transformed = [row[0] for row in rows.orderBy("id").select(scale.transform_column()).collect()]
    assert transformed == pytest.approx(list(scale.transform(values)), abs=1e-9)


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_values_are_standardised_and_one_extreme_value_does_not_dominate(treatment, values):
    transformed = fit_scale("balance", treatment, values).transform(values)
    assert abs(np.mean(transformed)) < 1e-9
    assert max(np.abs(transformed)) < 20


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_null_stays_null(spark, treatment, values):
    rows = spark.createDataFrame([(None,)], "balance DOUBLE")
    scale = fit_scale("balance", treatment, values)
    assert rows.select(scale.transform_column().alias("balance")).where(F.isnull("balance")).count() == 1
