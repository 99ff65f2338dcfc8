"""Rates with Wilson's interval."""

import pandas as pd
import pytest

from jobs.explore.wilson import with_rate


def rates(rows):
    found = with_rate(pd.DataFrame(rows, columns=["yes", "n"]), "yes", "n")
    return found[["rate", "rate_low", "rate_high"]].to_numpy().tolist()


def test_93_of_1398_have_an_interval_from_5_46_to_8_08_percent():
    assert rates([(93, 1398)])[0] == pytest.approx([0.066524, 0.054613, 0.080810], abs=1e-6)


def test_1_of_4_has_an_interval_from_4_56_to_69_94_percent():
    # (1/4 + z²/8 ± z √(3/64 + z²/64)) / (1 + z²/4)
    assert rates([(1, 4)])[0] == pytest.approx([0.25, 0.045587, 0.699358], abs=1e-6)


def test_0_of_3_has_an_interval_from_0_to_56_percent_and_0_of_0_has_no_rate():
    found = rates([(0, 3), (0, 0), (None, 3)])

    # without positives the interval ends at z²/(n + z²) = 3.841459 / 6.841459
    assert found[0] == pytest.approx([0, 0, 0.561497], abs=1e-6)
    assert pd.isna(found[1:]).all()
