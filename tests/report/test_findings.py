"""Findings and results are computed from the tables, never written down."""

from dataclasses import replace

from jobs.report.findings import console_table, findings
from jobs.report.results.results_json import results
from tests.report import conftest as rows


def by_label(facts):
    return {finding.label: finding for finding in findings(facts)}


def plain(text):
    return text.replace("\u202f", " ")


def test_findings_say_what_the_rows_say(facts):
    found = by_label(facts)
    assert {label: plain(finding.value) for label, finding in found.items()} == {
        "Subscription rate": "20.0 %",
        "Tells most about subscription": "job",
        "Month with the best rate": "March",
        "Age with the best rate": "under 25",
        "Highest mean balance": "Retired",
        "Default rate": "25.0 %",
        "Tells most about default": "repayment in Sep",
        "Money moved": "₹ 7,500",
        "Busiest day": "1 Aug 2016",
        "Busiest place": "Mumbai",
        "Largest call topic": "card, blocked",
        "MapReduce = Spark": "8 of 8",
    }
    rate = "20 of 100 clients subscribed a term deposit (95 % interval 13.3 % to 28.9 %)."
    assert plain(found["Subscription rate"].text) == rate
    default = "Of the 50 clients with repayment in Sep “2 months late” 70.0 % defaulted."
    assert plain(found["Tells most about default"].text) == default


def test_the_surest_high_rate_wins_not_the_one_of_a_single_client(facts):
    assert "“retired” 40.0 %" in plain(by_label(facts)["Tells most about subscription"].text)


def test_other_rows_give_other_findings(facts):
    months = rows.MONTHS.assign(rate_low=[0.1, 0.2])
    assert by_label(replace(facts, tables={**facts.tables, "month_patterns": months}))[
        "Month with the best rate"
    ].value == ("May")


def test_a_finding_names_its_source(facts):
    found = by_label(facts)
    assert (found["Money moved"].source, found["Default rate"].source) == ("synthetic", "real")


def test_disagreement_is_named(facts):
    answers = rows.ANSWERS.assign(agrees=rows.ANSWERS["key"] != "may")
    wrong = replace(facts, tables={**facts.tables, "mapreduce_answers": answers})
    assert by_label(wrong)["MapReduce = Spark"].value == "7 of 8"
    assert by_label(wrong)["MapReduce = Spark"].text == "MapReduce and Spark differ on may."
    assert results(wrong)["agreement"]["contacts_by_month"] is False


def test_without_tables_there_are_no_findings(facts):
    assert findings(replace(facts, tables={})) == []
    assert console_table(results(replace(facts, tables={}))) == ""


def test_the_console_table_has_a_line_a_finding(facts):
    lines = plain(console_table(results(facts))).splitlines()
    assert len(lines) == 12
    assert lines[0].split() == ["Subscription", "rate", "20.0", "%", "real", "clients"]
    assert lines[7].endswith("₹ 7,500  synthetic transactions")


def test_results_have_the_shape_of_the_issue(facts):
    found = results(facts)
    assert found["data"]["clients"] == {
        **{"source": "real", "file": "bank.csv", "sha256": "c" * 64},
        **{"rows_in": 100, "rows_loaded": 98, "rows_rejected": 2},
    }
    assert found["mapreduce"]["balance_by_job"]["retired"] == {"count": 40, "mean": 2319.1912857142857}
    assert found["mapreduce"]["housing_by_education"] == {"primary": {"no": 38, "yes": 60}}
    assert list(found["mapreduce"]["contacts_by_month"]) == ["mar", "may"], "months by the calendar"
    assert list(found["mapreduce"]["balance_by_age"]) == ["33", "100"], "ages by size"
    assert isinstance(found["mapreduce"]["contacts_by_month"]["may"]["contacts"], int)
    assert found["agreement"] == dict.fromkeys(sorted(set(rows.ANSWERS["question"])), True)
    assert found["timings_s"] == {"ingest.clients": 12.5, "report.build": 3.25}
