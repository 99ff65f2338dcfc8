"""Findings and results are computed from the tables."""

from dataclasses import replace

from jobs.report.findings import console_table, findings
from jobs.report.results.results_json import results
from tests.report import conftest as rows


def by_label(tables):
    return {finding.label: finding for finding in findings(tables)}


def plain(text):
    return text.replace("\u202f", " ")


def test_findings_state_what_the_tables_contain(tables):
    found = by_label(tables)
    assert {label: plain(finding.value) for label, finding in found.items()} == {
        "Subscription rate": "20.0 %",
        "Top feature for subscription": "Job",
        "Best month for calls": "March",
        "Age with the highest rate": "under 25",
        "Highest mean balance": "Retired",
        "Default rate": "25.0 %",
        "Top feature for default": "Repayment in Sep",
        "Transaction amount": "₹ 7,500",
        "Busiest day": "1 Aug 2016",
        "Busiest city": "Mumbai",
        "Largest call topic": "card, blocked",
        "MapReduce matches Spark": "8 of 8",
    }
    rate = "20 of 100 clients subscribed to a term deposit: 20.0 % (95 % interval 13.3 % to 28.9 %)."
    assert plain(found["Subscription rate"].text) == rate
    default = "70.0 % of the 50 clients with repayment in Sep “2 months late” defaulted."
    assert plain(found["Top feature for default"].text) == default


def test_top_value_has_the_highest_lower_bound_not_the_highest_rate(tables):
    assert "40.0 % of the 40 clients with job “retired”" in plain(by_label(tables)["Top feature for subscription"].text)


def test_findings_change_with_the_tables(tables):
    months = rows.MONTHS.assign(rate_low=[0.1, 0.2])
    assert by_label(replace(tables, frames={**tables.frames, "month_patterns": months}))[
        "Best month for calls"
    ].value == ("May")


def test_findings_name_their_source(tables):
    found = by_label(tables)
    assert (found["Transaction amount"].source, found["Default rate"].source) == ("synthetic", "real")


def test_finding_names_the_groups_where_engines_differ(tables):
    answers = rows.ANSWERS.assign(agrees=rows.ANSWERS["key"] != "may")
    wrong = replace(tables, frames={**tables.frames, "mapreduce_answers": answers})
    assert by_label(wrong)["MapReduce matches Spark"].value == "7 of 8"
    assert by_label(wrong)["MapReduce matches Spark"].text == "MapReduce and Spark differ on may."
    assert results(wrong)["agreement"]["contacts_by_month"] is False


def test_no_tables_give_no_findings(tables):
    assert findings(replace(tables, frames={})) == []
    assert console_table(results(replace(tables, frames={}))) == ""


def test_console_table_has_a_line_per_finding(tables):
    lines = plain(console_table(results(tables))).splitlines()
    assert len(lines) == 12
    assert lines[0].split() == ["Subscription", "rate", "20.0", "%", "real", "clients"]
    assert lines[7].endswith("₹ 7,500  synthetic transactions")


def test_results_have_loads_answers_agreement_and_timings(tables):
    found = results(tables)
    assert found["data"]["clients"] == {
        "source": "real",
        "file": "bank.csv",
        "sha256": "c" * 64,
        "rows_in": 100,
        "rows_loaded": 98,
        "rows_rejected": 2,
    }
    assert found["mapreduce"]["balance_by_job"]["retired"] == {"count": 40, "mean": 2319.1912857142857}
    assert found["mapreduce"]["housing_by_education"] == {"primary": {"no": 38, "yes": 60}}
    assert list(found["mapreduce"]["contacts_by_month"]) == ["mar", "may"], "months in calendar order"
    assert list(found["mapreduce"]["balance_by_age"]) == ["33", "100"], "ages in numeric order"
    assert isinstance(found["mapreduce"]["contacts_by_month"]["may"]["contacts"], int)
    assert found["agreement"] == dict.fromkeys(sorted(set(rows.ANSWERS["question"])), True)
    assert found["timings_s"] == {"ingest.clients": 12.5, "report.build": 3.25}
