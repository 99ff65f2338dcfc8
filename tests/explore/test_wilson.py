"""Rates with Wilson's interval."""

import pytest

from jobs.explore.wilson import with_rate


def test_93_of_1398_have_an_interval_from_5_46_to_8_08_percent(spark):
    counted = spark.createDataFrame([(93, 1398)], "subscribed BIGINT, contacts BIGINT")

    (row,) = with_rate(counted, "subscribed", "contacts").collect()

    assert (row["rate"], row["rate_low"], row["rate_high"]) == pytest.approx((0.066524, 0.054613, 0.080810), abs=1e-6)


def test_0_of_3_has_an_interval_from_0_to_56_percent_and_0_of_0_has_no_rate(spark):
    counted = spark.createDataFrame([(0, 3), (0, 0), (None, 3)], "yes BIGINT, n BIGINT")

    rates = [(row["rate"], row["rate_low"], row["rate_high"]) for row in with_rate(counted, "yes", "n").collect()]

    # without positives the interval ends at z²/(n + z²) = 3.841459 / 6.841459
    assert rates[0] == pytest.approx((0, 0, 0.561497), abs=1e-6)
    assert rates[1:] == [(None, None, None)] * 2
