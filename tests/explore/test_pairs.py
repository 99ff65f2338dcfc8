"""Summaries of pairs of columns, and adding those of parts of a table."""

import numpy as np
import pyarrow as pa
import pytest

from jobs.explore.group_means import group_means
from jobs.explore.moments import correlation
from jobs.explore.pairs import add_pairs, summarise_pairs

SHOPS = pa.table(
    {
        "town": ["A", "A", None, "B", "B", "A"],
        "kind": [1, 2, 1, 1, None, 2],
        "size": [2.0, 4.0, 9.0, 1e6, 1e6 + 1, None],
        "staff": [1, None, 1, 5, 7, 8],
    }
)


def pairs_of(*parts):
    return add_pairs([summarise_pairs(part, ["town", "kind"], ["size", "staff"]) for part in parts])


def test_every_number_is_described_for_every_category():
    means = group_means(pairs_of(SHOPS).groups).set_index(["group_by", "value", "measure"])

    fields = ["row_count", "mean", "stddev", "minimum", "maximum"]
    shown = {key: tuple(row) for key, row in zip(means.index, means[fields].to_numpy(), strict=True)}
    assert len(shown) == 12
    assert shown["town", "A", "size"] == (2, 3.0, pytest.approx(2**0.5), 2.0, 4.0)
    assert shown["town", "B", "size"] == (2, 1_000_000.5, pytest.approx(0.5**0.5), 1e6, 1e6 + 1)
    assert shown["kind", "2", "size"] == pytest.approx((1, 4.0, np.nan, 4.0, 4.0), nan_ok=True)
    unknown = means[means.index.get_level_values("value").isna()]
    assert unknown["row_count"].tolist() == [1, 1, 1, 1]


def test_a_group_without_numbers_has_no_mean():
    (row,) = (
        group_means(pairs_of(SHOPS.slice(5)).groups)
        .query("group_by == 'town' and measure == 'size'")
        .to_dict("records")
    )

    assert row["row_count"] == 0
    assert np.isnan([row["mean"], row["stddev"], row["minimum"], row["maximum"]]).all()


def test_cells_count_pairs_of_known_categories():
    cells = pairs_of(SHOPS).cells.to_numpy().tolist()

    assert cells == [["town", "kind", "A", "1", 1], ["town", "kind", "A", "2", 2], ["town", "kind", "B", "1", 1]]


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_the_parts_of_a_table_add_up_to_the_whole(cut):
    whole, added = pairs_of(SHOPS), pairs_of(SHOPS.slice(0, cut), SHOPS.slice(cut))

    key = ["group_by", "value", "measure"]
    groups = [group_means(part.groups).sort_values(key).reset_index(drop=True) for part in (whole, added)]
    numbers = ["row_count", "mean", "stddev", "minimum", "maximum"]
    assert groups[1][key].equals(groups[0][key])
    np.testing.assert_allclose(groups[1][numbers], groups[0][numbers], rtol=1e-12)
    assert added.cells.equals(whole.cells)
    np.testing.assert_allclose(correlation(added.numbers), correlation(whole.numbers), rtol=1e-12)
