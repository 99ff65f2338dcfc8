"""What the report says of the forecast: the winner, how sure, how its intervals held; or why there is none."""

import json
from dataclasses import replace

import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.page import render
from jobs.report.results.results_json import results
from jobs.report.sections.forecast_section import section
from tests.report import forecast_rows as rows


def plain(text):
    return text.replace("\u202f", " ")


@pytest.fixture
def told(facts):
    return replace(facts, tables={**facts.tables, **rows.FORECAST})


@pytest.fixture
def refused(facts):
    return replace(facts, tables={**facts.tables, **rows.NO_FORECAST})


def test_the_winner_is_named_with_its_errors_and_the_measured_coverage(told):
    assert plain(section(told).lead[0]) == (
        "For the number of transactions, gradient boosting came nearest in 8 tests of 2 days: MASE 0.60 (0.50 to "
        "0.70), sMAPE 4.0 %. Its error is 50 % of that of repeating the last week (40 % to 60 %). Of 8 days 81.0 % "
        "fell into their 80 % interval and 96.0 % into their 95 % one. A forecast is the middle of what may come; in "
        "sum they were 98.0 % of what came."
    )


def test_a_naive_that_wins_is_said_to_be_published(told):
    assert "Nothing beats repeating the last week, so that is what is published." in section(told).lead[1]


def test_a_lead_that_may_be_chance_is_said_to_be(told):
    scores = rows.SCORES.assign(error_to_naive_high=1.1)
    unsure = replace(told, tables={**told.tables, "forecast_scores": scores})

    assert "(40 % to 110 %), which may be chance." in plain(section(unsure).lead[0])


def test_both_series_have_their_charts_and_all_methods_are_in_the_table(told):
    blocks = section(told).blocks

    assert [plain(block.title) for block in blocks] == [
        "The next 2 days: about 120 transactions a day",
        "Gradient boosting came nearest: off by 0.60 of a usual week-to-week change",
        "The next 2 days: about ₹ 4,250 a day",
        "Last week repeated came nearest: off by 0.95 of a usual week-to-week change",
        "How near each method came",
    ]
    assert [row[1] for row in blocks[-1].rows][:4] == [
        *("gradient boosting (published)", "exponential smoothing", "last week repeated"),
        "last week repeated (published)",
    ]
    assert section(told).datasets == ["transactions"]


def test_the_coming_days_are_drawn_after_the_past_with_what_the_winner_had_said(told):
    tested = told.table("forecast_backtest", series="transactions", method="gradient_boosting")
    drawn = charts.volume_ahead(told.table("volume_forecast", series="transactions"), rows.DAYS, tested)

    lines = {line.name: list(line.y) for line in drawn.data}
    assert lines["what came"] == [*range(114, 170)] and lines["forecast"] == [110.0, 130.0]
    assert lines["forecast at the time"] == [165.0], "the test of June is before the days that are drawn"
    assert lines["95 % interval"] == [130.0, 160.0]


def test_days_that_cannot_be_forecast_give_the_reason_and_the_days_there_are(refused):
    made = section(refused)

    assert made.lead == [rows.REASON], "once, not for each series"
    assert [block.rows[0] for block in made.blocks] == [("Number of transactions", "2016-08-01", "2016-10-21", 82, 38)]
    assert rows.REASON in render(refused)


def test_results_say_winner_scores_and_days(told):
    found = results(told)["forecast"]["transactions"]

    assert (found["status"], found["method"], found["reason"]) == ("forecast", "gradient_boosting", None)
    assert found["methods"]["gradient_boosting"] == {
        **{
            "mase": 0.6,
            "mase_ci": [0.5, 0.7],
            "smape": 0.04,
            "sum_ratio": 0.98,
            "error_to_naive": 0.5,
            "error_to_naive_ci": [0.4, 0.6],
        },
        **{"coverage_80": 0.81, "coverage_95": 0.96, "days": 16, "interval_days": 8},
    }
    assert (found["horizon"], found["tests"], found["later_mase"], len(found["methods"])) == (2, 8, 0.65, 3)
    assert found["ahead"][1] == {
        **{"date": "2016-09-10", "forecast": 130.0},
        **{"low_80": 115.0, "high_80": 145.0, "low_95": 105.0, "high_95": 160.0},
    }


def test_results_say_why_there_is_no_forecast_and_are_json(refused):
    found = results(refused)["forecast"]

    assert found["amount"] == {
        **{"status": "not forecast", "reason": rows.REASON, "days": 82, "days_with_transactions": 38},
        **{"method": None, "ahead": []},
    }
    assert json.loads(json.dumps(results(refused), allow_nan=False))["forecast"] == found


@pytest.mark.parametrize(("tables", "value"), [(rows.FORECAST, "about ₹ 4,250"), (rows.NO_FORECAST, "not forecast")])
def test_the_finding_has_the_figure_or_says_that_there_is_none(facts, tables, value):
    found = {f.label: f for f in findings(replace(facts, tables={**facts.tables, **tables}))}["Money on a coming day"]

    assert (plain(found.value), found.dataset, found.source) == (value, "transactions", "synthetic")


@pytest.mark.parametrize(
    "missing", ["volume_forecast", "forecast_scores", "forecast_backtest", "forecast_decisions", "daily_volume"]
)
def test_one_missing_table_harms_no_other_section(told, missing):
    tables = {name: table for name, table in told.tables.items() if name != missing}

    assert "agree on all 8 groups" in render(replace(told, tables=tables))
    json.dumps(results(replace(told, tables=tables)), allow_nan=False)


def test_before_the_room_has_run_the_section_says_so(facts):
    assert section(facts).blocks == [] and "run the room forecast" in section(facts).empty
    assert results(facts)["forecast"] == {}
