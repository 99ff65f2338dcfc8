"""The population stability index."""

import json
import math

import pandas as pd
import pytest

from jobs.models.psi import profile, psi, psi_by_column


def test_the_index_of_two_categories():
    then = profile(pd.Series(["a"] * 50 + ["b"] * 50), True)
    now = pd.Series(["a"] * 80 + ["b"] * 20)
    assert psi(then, now) == pytest.approx(0.3 * math.log(0.8 / 0.5) - 0.3 * math.log(0.2 / 0.5))


def test_unchanged_rows_have_no_index_and_shifted_rows_a_large_one():
    then = pd.Series(range(1000), dtype=float)
    assert psi(profile(then, False), then) == pytest.approx(0.0)
    assert psi(profile(then, False), then + 500) > 0.25


def test_new_categories_and_missing_numbers_count_as_drift():
    assert psi(profile(pd.Series(["a"] * 10), True), pd.Series(["new"] * 10)) > 1
    assert psi(profile(pd.Series([1.0, 2.0] * 50), False), pd.Series([1.0, 2.0, None, None] * 25)) > 1


def test_a_profile_survives_json():
    values = pd.Series([1.0, 2.0, 3.0, None])
    assert psi(json.loads(json.dumps(profile(values, False))), values) == pytest.approx(0.0)


def test_the_index_is_computed_for_each_column():
    earlier, later = pd.DataFrame({"x": [1.0] * 9, "job": ["a"] * 9}), pd.DataFrame({"x": [1.0] * 9, "job": ["b"] * 9})
    found = psi_by_column(earlier, later, ["job"])
    assert found["x"] == pytest.approx(0.0) and found["job"] > 1
