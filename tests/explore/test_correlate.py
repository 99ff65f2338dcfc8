"""Correlations of numbers and associations of categories."""

import numpy as np
import pandas as pd
import pytest

from jobs.explore import correlate
from jobs.explore.moments import co_moments
from jobs.explore.ranks import rank_correlation


def correlation(pairs):
    numbers = np.array(pairs, dtype=float)
    return correlate.correlations(co_moments(numbers), rank_correlation([numbers]), ["x", "y"]).iloc[0]


def association(cells):
    counted = [("x", "y", a, b, count) for (a, b), count in cells.items()]
    found = correlate.associations(
        pd.DataFrame(counted, columns=["column_a", "column_b", "value_a", "value_b", "cell"])
    )
    return found.iloc[0]


def test_a_monotone_curve_has_spearman_1_and_pearson_below_1():
    row = correlation([(1.0, 1.0), (2.0, 8.0), (3.0, 27.0), (4.0, 64.0), (5.0, 125.0)])

    assert (row["column_a"], row["column_b"], row["row_count"]) == ("x", "y", 5)
    assert row["spearman"] == pytest.approx(1.0)
    assert row["pearson"] == pytest.approx(304 / (10 * 10_390) ** 0.5)  # .943115


def test_ties_share_their_mean_rank_and_nulls_have_no_rank():
    numbers = np.array([(30.0, 1.0), (10.0, 2.0), (20.0, 3.0), (20.0, 4.0), (np.nan, 5.0)])

    spearman = rank_correlation([numbers[:2], numbers[2:]])[0, 1]

    # ranks 4, 1, 2.5, 2.5 and 1, 2, 3, 4: deviations' product -1.5, squares 4.5 and 5
    assert spearman == pytest.approx(-1.5 / (4.5 * 5) ** 0.5)


def test_only_rows_with_both_values_count():
    row = correlation([(1.0, 3.0), (2.0, 2.0), (3.0, 1.0), (np.nan, 9.0), (9.0, np.nan)])

    assert row["row_count"] == 3
    assert row["pearson"] == pytest.approx(-1.0)


@pytest.mark.parametrize("y", [np.nan, 7.0], ids=["only nulls", "one value"])
def test_a_column_that_does_not_vary_has_no_correlation(y):
    row = correlation([(1.0, y), (2.0, y), (3.0, y)])

    assert row[["pearson", "spearman"]].isna().all()


def test_cramers_v_of_30_10_10_30_is_corrected_for_bias():
    row = association({("a", "c"): 30, ("a", "d"): 10, ("b", "c"): 10, ("b", "d"): 30})

    assert (row["row_count"], row["categories_a"], row["categories_b"]) == (80, 2, 2)
    assert row["chi_squared"] == pytest.approx(20.0)  # 80 (30·30 - 10·10)² / 40⁴
    assert row["cramers_v"] == pytest.approx(((20 / 80 - 1 / 79) / (1 - 1 / 79)) ** 0.5)  # .490290; .5 uncorrected


def test_independent_categories_have_v_0_and_identical_ones_v_1():
    independent = association({("a", "c"): 20, ("a", "d"): 40, ("b", "c"): 10, ("b", "d"): 20})
    equal = association({("a", "a"): 20, ("b", "b"): 30})

    assert (independent["chi_squared"], independent["cramers_v"]) == pytest.approx((0, 0), abs=1e-9)
    assert equal["cramers_v"] == pytest.approx(1.0)


def test_one_category_has_no_v():
    assert np.isnan(association({("a", "c"): 5, ("b", "c"): 5})["cramers_v"])
    assert np.isnan(association({("a", "c"): 1})["cramers_v"])


def test_the_real_clients_have_the_reference_correlations(real_summaries):
    names = real_summaries.plans["clients"].numbers

    found = correlate.correlations(real_summaries.pairs["clients"].numbers, real_summaries.ranks["clients"], names)

    pearson = found.set_index(["column_a", "column_b"])["pearson"]
    assert pearson["pdays", "previous"] == pytest.approx(0.454820, abs=1e-6)
    assert pearson["age", "balance"] == pytest.approx(0.097783, abs=1e-6)
