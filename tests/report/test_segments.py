"""What the report says of the segments: four boards, quality and what was given up; or why there are none."""

import json
from dataclasses import replace

import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.page import render
from jobs.report.results.results_json import results
from jobs.report.sections.segment_section import section
from tests.report import segments_rows as rows


def plain(text):
    return text.replace("\u202f", " ")


@pytest.fixture
def told(facts):
    return replace(facts, tables={**facts.tables, **rows.SEGMENTS})


@pytest.fixture
def refused(facts):
    return replace(facts, tables={**facts.tables, **rows.NO_SEGMENTS})


def test_quality_is_told_in_both_spaces_beside_the_public_analysis(told):
    first, second = section(told).lead
    assert plain(first) == (
        "5 segments by k-means (winsorised), by balance and mean amount. Silhouette 0.691 in that space, 0.117 in the "
        "common one (log1p, standardised): figures of different spaces cannot be compared. The smallest segment holds "
        "20.0 % of the customers; stability (adjusted Rand index over random halves) is 0.98. The set-up of the public "
        "analysis (transactions, k = 6) has 0.480, with 0.01 % in its smallest cluster."
    )
    assert second == "Of 4 clusterings 2 hold the rule."


def test_the_four_boards_come_first_each_with_what_to_see(told):
    boards = section(told).blocks[:4]
    assert [plain(board.title) for board in boards] == [
        "2 segments: “Everyday customers” are 80.0 % of the customers, “Top balance” 20.0 %",
        "“Everyday customers” are the youngest: 75.0 % are under 35",
        "“Top balance” are 20.0 % of the customers and hold 80.0 % of the balances",
        "“Everyday customers” transact latest: 75.0 % of it after 18 h, “Top balance” earliest: 25.0 %",
    ]
    assert [board.note.split(":")[0] for board in boards[1:]] == [
        *("Who they are", "What they are worth", "When and how they transact")
    ]


def test_the_figures_carry_what_to_see_so_that_a_dashboard_has_it_too(told):
    worth = charts.segment_worth(rows.NAMES, rows.PROFILES, rows.CONCENTRATION)
    assert plain(worth.layout.meta) == (
        "What they are worth: a bar longer than the grey one is concentration. Of the balances 1 % of the customers "
        "hold 40.0 % and 10 % hold 75.0 %. Of the money moved 1 % of the customers hold 20.0 % and 10 % hold 50.0 %."
    )
    assert plain(worth.data[0].y[0]).endswith("<br><i>median balance ₹ 20, mean<br>amount ₹ 2</i>")
    assert plain(worth.data[0].y[1]).endswith("<br><i>mean amount ₹ 35</i>"), "an unknown median is left out"


def test_the_whole_field_is_drawn_a_panel_an_algorithm():
    drawn = charts.clusterings(rows.FIELD)
    lines = [(trace.name, trace.yaxis, list(trace.x)) for trace in drawn.data]
    assert lines == [
        ("balance and amount, winsorised", "y3", [4]),
        ("balance and amount, winsorised", "y", [4, 5]),
        ("balance and amount, log", "y", [5]),
        ("set-up of the public analysis", "y", [6]),
        ("published", "y", [5]),
    ]
    assert [trace.showlegend for trace in drawn.data[:2]] == [False, True]


def test_people_and_times_are_cells_in_the_order_of_size(told):
    people = charts.segment_people(rows.NAMES, rows.GROUPS).data[0]
    assert list(people.x) == [*("women", "men", "gender<br>unknown", "under<br>25", "25-34", "35-44", "age<br>unknown")]
    assert [list(line) for line in people.z] == [
        [50.0, 25.0, 25.0, 50.0, 25.0, 0.0, 25.0],
        [25.0, 75.0, 0.0, 0.0, 25.0, 75.0, 0.0],
    ]
    assert plain(people.y[0]) == "A Everyday customers<br><i>New Delhi 40 %, Pune 10 %</i>"


def test_movement_rules_profiles_and_the_field_are_tables(told):
    tables = {block.title: block for block in section(told).blocks if block.kind == "table"}
    assert tables["Movement since the run before"].rows[2] == ("new", "A", "20")
    assert plain(tables["Movement since the run before"].note).startswith("Of the customers of the run before 87.5 %")
    assert "96.0 %" in plain(tables["Who belongs where, in rules"].note)
    assert len(tables["Features by segment"].rows) == 1, "what is known of nobody is left out"
    field = tables["All 5 clusterings"]
    assert [row[-1] for row in field.rows][::4] == ["published", "the public analysis"]
    assert [plain(str(cell)) for cell in field.rows[0][4:11]] == [
        *("0.690", "0.120", "0.500", "0.700", "5.00 %", "0.90", "0.01")
    ]


def test_results_have_the_shape_of_the_issue(told):
    assert results(told)["segments"] == {
        **{"k": 5, "algorithm": "k-means", "features": ["balance", "amount_mean"], "treatment": "winsorised"},
        **{"silhouette": 0.691, "silhouette_common_space": 0.117, "smallest_share": 0.2, "stability": 0.98},
        "sizes": {"Everyday customers": 80, "Top balance": 20},
        "baseline": {"k": 6, "silhouette": 0.48, "smallest_share": 0.0001},
        "hierarchical_k4": {"silhouette": 0.71, "space": "money, winsorised"},
        "silhouette_squared": 0.83,
        "checksums": {"A": "1F", "B": "2E"},
    }


def test_without_segments_the_reason_is_said_everywhere(refused):
    assert section(refused).lead == [rows.REASON] and rows.REASON in render(refused)
    assert results(refused)["segments"] == {
        **{"k": 0, "reason": rows.REASON, "algorithm": None, "features": None, "treatment": None, "silhouette": None},
        **{"silhouette_common_space": None, "smallest_share": None, "stability": None, "sizes": {}, "baseline": None},
        **{"hierarchical_k4": None, "silhouette_squared": None, "checksums": {}},
    }
    found = {finding.label: finding for finding in findings(refused)}["Customer segments"]
    assert (found.value, found.text) == ("none", rows.REASON)


def test_the_finding_names_who_holds_the_money(told):
    found = {finding.label: finding for finding in findings(told)}["Customer segments"]
    text = "“Top balance” are 20.0 % of the customers and hold 80.0 % of the balances."
    assert (found.value, plain(found.text), found.dataset) == ("2", text, "transactions")


@pytest.mark.parametrize("missing", sorted(rows.SEGMENTS))
def test_one_missing_table_harms_no_other_section(told, missing):
    tables = {name: table for name, table in told.tables.items() if name != missing}
    assert "agree on all 8 groups" in render(replace(told, tables=tables))
    json.dumps(results(replace(told, tables=tables)), allow_nan=False)


def test_before_the_room_has_run_the_section_says_so(facts):
    assert section(facts).blocks == [] and "run the room segments" in section(facts).empty
    assert results(facts)["segments"] == {}
