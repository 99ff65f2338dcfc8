"""The tier section: shares, value at stake, next action and migration of each tier."""

from dataclasses import replace

import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.page import render
from jobs.report.results.results_json import results
from jobs.report.sections.tier_section import section
from tests.report import segment_examples as rows


def plain(text):
    return text.replace("\u202f", " ")


@pytest.fixture
def tier_tables(tables):
    return replace(tables, frames={**tables.frames, **rows.NO_SEGMENTS})


def test_the_lead_names_the_tier_with_the_largest_value_at_stake(tier_tables):
    assert plain(section(tier_tables).lead[1]) == (
        "The largest value at stake is in “Hibernating”: ₹ 900 of ₹ 940. Call."
    )


def test_each_scheme_has_a_chart_a_table_with_the_next_action_and_its_migration(tier_tables):
    blocks = section(tier_tables).blocks
    assert [plain(block.title) for block in blocks] == [
        "“Champions”: 20.0 % of customers hold 80.0 % of balances",
        "RFM tiers and what to do next",
        "6.2 % of the customers are in another RFM tier than 30 days earlier",
        "“Platinum”: 100.0 % of customers hold 100.0 % of balances",
        "Value tiers and what to do next",
    ]
    first = blocks[1].rows[0]
    assert [plain(str(cell)) for cell in first[2:]] == [
        "20",
        "20.0 %",
        "80.0 %",
        "3.5",
        "2",
        "₹ 40",
        "Reward; offer new products first.",
    ]


def test_migration_cells_are_shares_of_the_earlier_tier_and_new_customers_come_last():
    migration, profiles = rows.MIGRATION, rows.TIERS[rows.TIERS["scheme"] == "rfm"]
    cells = charts.tier_migration(migration, profiles).data[0]
    assert [list(line) for line in cells.z] == [[75.0, 25.0], [0.0, 100.0], [100.0, 0.0]]
    assert list(cells.y) == ["Champions<br>(20)", "Hibernating<br>(60)", "new customers<br>of the last 30 days<br>(20)"]


def test_tiers_are_on_the_page_and_in_the_results_even_without_segments(tier_tables):
    assert "RFM tiers and what to do next" in render(tier_tables)
    found = results(tier_tables)["tiers"]
    assert found["rfm"]["Champions"] == {
        "customers": 20,
        "share": 0.2,
        "balance_share": 0.8,
        "amount_share": 0.7,
        "value_at_stake": 40.0,
        "checksum": "A1",
    }


def test_the_finding_gives_the_share_of_champions_and_the_largest_value_at_stake(tier_tables):
    found = {finding.label: finding for finding in findings(tier_tables)}["Champions (RFM)"]
    assert (plain(found.value), plain(found.text)) == (
        "20.0 %",
        "Champions are 20.0 % of customers and hold 80.0 % of balances. "
        "The largest value at stake is in “Hibernating”: ₹ 900.",
    )


def test_before_the_first_run_the_section_says_what_to_run(tables):
    assert section(tables).blocks == [] and "bankstack run segments" in section(tables).empty
    assert results(tables)["tiers"] == {}
