"""What the report says of the segments: four boards, quality and what was given up; or why there are none."""

import json
from dataclasses import replace

import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.page import render
from jobs.report.results import results
from jobs.report.sections.segments import section
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
    assert all(board.note for board in boards)


def test_people_and_times_are_cells_in_the_order_of_size(told):
    people = charts.segment_people(rows.NAMES, rows.GROUPS).data[0]
    assert list(people.x) == ["women", "under 25", "25-34", "35-44"]
    assert [list(line) for line in people.z] == [[50.0, 50.0, 25.0, 0.0], [25.0, 0.0, 25.0, 75.0]]
    assert plain(people.y[0]) == "A Everyday customers<br><i>New Delhi 60 %</i>"


def test_movement_rules_profiles_and_the_field_are_tables(told):
    tables = {block.title: block for block in section(told).blocks if block.kind == "table"}
    assert tables["Movement since the run before"].rows[2] == ("new", "A", "20")
    assert plain(tables["Movement since the run before"].note).startswith("Of the customers of the run before 87.5 %")
    assert "96.0 %" in plain(tables["Who belongs where, in rules"].note)
    assert len(tables["Features by segment"].rows) == 1, "what is known of nobody is left out"
    assert tables["The first 5 of 5 clusterings"].rows[0][-1] == "published"


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
