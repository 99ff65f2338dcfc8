"""The segment section: four charts, quality and the search; or why there are no segments."""

import json
from dataclasses import replace

import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.page import render
from jobs.report.results.results_json import results
from jobs.report.sections.segment_section import section
from tests.report import segment_examples as rows


def plain(text):
    return text.replace("\u202f", " ")


@pytest.fixture
def segment_tables(tables):
    return replace(tables, frames={**tables.frames, **rows.SEGMENTS})


@pytest.fixture
def no_segments(tables):
    return replace(tables, frames={**tables.frames, **rows.NO_SEGMENTS})


def test_lead_compares_quality_in_both_spaces_with_the_baseline(segment_tables):
    first, second = section(segment_tables).lead
    assert plain(first) == (
        "K-means with winsorised features (balance and mean amount) found 5 segments. The silhouette measures how well "
        "clusters are separated, from -1 to 1: it is 0.691 in the space of these features and 0.117 in a common space "
        "(log1p, standardised). Only values from the same space can be compared. The smallest segment holds 20.0 % of "
        "the customers. Stability (adjusted Rand index between disjoint halves) is 0.98. As a baseline, the approach "
        "of a published analysis (transactions, k = 6) has a silhouette of 0.480, with 0.01 % of the customers in its "
        "smallest cluster."
    )
    assert second == "2 of 4 clusterings meet the rule."


def test_the_four_charts_come_first_with_a_note_on_how_to_read_them(segment_tables):
    drawn = section(segment_tables).blocks[:4]
    assert [plain(chart.title) for chart in drawn] == [
        "2 segments, from “Everyday customers” with 80.0 % of customers to “Top balance” with 20.0 %",
        "“Everyday customers” is the youngest segment: 75.0 % are under 35",
        "“Top balance”: 20.0 % of customers hold 80.0 % of balances",
        "“Everyday customers” has the largest share of evening transactions: 75.0 % after 18 h; "
        "“Top balance” the smallest: 25.0 %",
    ]
    assert [chart.note.split(".")[0] for chart in drawn] == ["Overview", "Demographics", "Value", "Timing"]


def test_figures_carry_the_reading_note_so_that_other_pages_can_print_it(segment_tables):
    worth = charts.segment_worth(rows.NAMES, rows.PROFILES, rows.CONCENTRATION)
    assert plain(worth.layout.meta) == (
        "Value. Where a coloured bar is longer than the grey one, the segment holds more than its share. The top 1 % "
        "of customers hold 40.0 % and the top 10 % of customers hold 75.0 % of balances. The top 1 % of customers make "
        "20.0 % and the top 10 % of customers make 50.0 % of transaction amounts."
    )
    assert plain(worth.data[0].y[0]).endswith("<br><i>median balance ₹ 20, mean<br>amount ₹ 2</i>")
    assert plain(worth.data[0].y[1]).endswith("<br><i>mean amount ₹ 35</i>"), "an unknown median is left out"


def test_all_clusterings_are_drawn_with_a_panel_per_algorithm():
    drawn = charts.clusterings(rows.CLUSTERINGS)
    lines = [(trace.name, trace.yaxis, list(trace.x)) for trace in drawn.data]
    assert lines == [
        ("balance and amount, winsorised", "y3", [4]),
        ("balance and amount, winsorised", "y", [4, 5]),
        ("balance and amount, log", "y", [5]),
        ("published analysis (baseline)", "y", [6]),
        ("chosen", "y", [5]),
    ]
    assert [trace.showlegend for trace in drawn.data[:2]] == [False, True]


def test_demographics_are_cells_with_the_largest_segment_first():
    people = charts.segment_people(rows.NAMES, rows.GROUPS).data[0]
    assert list(people.x) == ["women", "men", "gender<br>unknown", "under<br>25", "25-34", "35-44", "age<br>unknown"]
    assert [list(line) for line in people.z] == [
        [50.0, 25.0, 25.0, 50.0, 25.0, 0.0, 25.0],
        [25.0, 75.0, 0.0, 0.0, 25.0, 75.0, 0.0],
    ]
    assert plain(people.y[0]) == "A Everyday customers<br><i>New Delhi 40 %, Pune 10 %</i>"


def test_movement_rules_profiles_and_clusterings_are_tables(segment_tables):
    tables = {block.title: block for block in section(segment_tables).blocks if block.kind == "table"}
    assert tables["Movement since the previous run"].rows[2] == ("new", "A", "20")
    assert plain(tables["Movement since the previous run"].note).startswith(
        "87.5 % of the customers of the previous run stayed"
    )
    assert "96.0 %" in plain(tables["Segment rules"].note)
    assert len(tables["Features by segment"].rows) == 1, "a feature without known values is left out"
    clusterings = tables["All 5 clusterings"]
    assert [row[-1] for row in clusterings.rows][::4] == ["published", "published analysis"]
    assert [plain(str(cell)) for cell in clusterings.rows[0][4:14]] == [
        "0.690",
        "0.610",
        "0.120",
        "0.500",
        "0.700",
        "5.00 %",
        "0.90",
        "0.85",
        "",
        "0.01",
    ]


def test_results_have_every_key_of_the_segments_block(segment_tables):
    assert results(segment_tables)["segments"] == {
        "k": 5,
        "algorithm": "k-means",
        "features": ["balance", "amount_mean"],
        "treatment": "winsorised",
        "silhouette": 0.691,
        "silhouette_common_space": 0.117,
        "smallest_share": 0.2,
        "stability": 0.98,
        "natural": True,
        "null_silhouette": 0.61,
        "null_stability": 0.85,
        "sizes": {"Everyday customers": 80, "Top balance": 20},
        "baseline": {"k": 6, "silhouette": 0.48, "smallest_share": 0.0001},
        "hierarchical_k4": {"silhouette": 0.71, "space": "money, winsorised"},
        "silhouette_squared": 0.83,
        "checksums": {"A": "1F", "B": "2E"},
    }


def test_without_segments_page_results_and_finding_give_the_reason(no_segments):
    assert section(no_segments).lead == [rows.REASON] and rows.REASON in render(no_segments)
    assert results(no_segments)["segments"] == {
        "k": 0,
        "reason": rows.REASON,
        "algorithm": None,
        "features": None,
        "treatment": None,
        "silhouette": None,
        "silhouette_common_space": None,
        "smallest_share": None,
        "stability": None,
        "natural": None,
        "null_silhouette": None,
        "null_stability": None,
        "sizes": {},
        "baseline": None,
        "hierarchical_k4": None,
        "silhouette_squared": None,
        "checksums": {},
    }
    found = {finding.label: finding for finding in findings(no_segments)}["Customer segments"]
    assert (found.value, found.text) == ("none", rows.REASON)


def test_pinned_segments_that_are_not_better_than_chance_are_called_no_natural_groups(segment_tables):
    pinned = {**segment_tables.frames, "segment_decisions": rows.DECIDED.assign(natural=False)}
    assert "they are no natural groups" in section(replace(segment_tables, frames=pinned)).lead[0]


def test_finding_names_the_segment_with_most_money_for_its_size(segment_tables):
    found = {finding.label: finding for finding in findings(segment_tables)}["Customer segments"]
    text = "The segment “Top balance” has 20.0 % of customers and 80.0 % of balances."
    assert (found.value, plain(found.text), found.dataset) == ("2", text, "transactions")


@pytest.mark.parametrize("missing", sorted(rows.SEGMENTS))
def test_a_missing_segment_table_does_not_break_other_sections(segment_tables, missing):
    frames = {name: frame for name, frame in segment_tables.frames.items() if name != missing}
    assert "agree on all 8 groups" in render(replace(segment_tables, frames=frames))
    json.dumps(results(replace(segment_tables, frames=frames)), allow_nan=False)


def test_section_says_what_to_run_before_the_first_segmentation(tables):
    assert section(tables).blocks == [] and "bankstack run segments" in section(tables).empty
    assert results(tables)["segments"] == {}
