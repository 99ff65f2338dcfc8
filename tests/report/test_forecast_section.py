"""The forecast section: best method, accuracy and coverage; or why there is no forecast."""

import json
from dataclasses import replace

import pytest

from jobs.report import charts
from jobs.report.findings import findings
from jobs.report.page import render
from jobs.report.results.results_json import results
from jobs.report.sections.forecast_section import section
from tests.report import forecast_examples as rows


def plain(text):
    return text.replace("\u202f", " ")


@pytest.fixture
def forecast_tables(tables):
    return replace(tables, frames={**tables.frames, **rows.FORECAST})


@pytest.fixture
def short_history(tables):
    return replace(tables, frames={**tables.frames, **rows.NO_FORECAST})


def test_lead_names_best_method_with_errors_and_measured_coverage(forecast_tables):
    assert plain(section(forecast_tables).lead[0]) == (
        "For the number of transactions, gradient boosting was the most accurate in 8 tests of 2 days: MASE 0.60 (0.50 "
        "to 0.70), sMAPE 4.0 %. Its error is 50 % of the seasonal naive method's (40 % to 60 %). The 80 % interval "
        "covered 81.0 % of 8 days, the 95 % interval 96.0 %. The forecasts summed to 98.0 % of the actual total."
    )


def test_lead_says_when_the_naive_method_is_published(forecast_tables):
    assert (
        "No method beats repeating the last week, so that is the published forecast."
        in section(forecast_tables).lead[1]
    )


def test_lead_says_when_the_advantage_over_naive_may_be_chance(forecast_tables):
    scores = rows.SCORES.assign(error_to_naive_high=1.1)
    unsure = replace(forecast_tables, frames={**forecast_tables.frames, "forecast_scores": scores})

    assert "(40 % to 110 %; may be chance)." in plain(section(unsure).lead[0])


def test_both_series_have_charts_and_the_table_has_all_methods(forecast_tables):
    blocks = section(forecast_tables).blocks

    assert [plain(block.title) for block in blocks] == [
        "Forecast: about 122 transactions per day over the next 2 days",
        "Gradient boosting was the most accurate method: MASE 0.60",
        "The coming week's transactions: 800 (720 to 880)",
        "Diwali: \N{MINUS SIGN}45 % against an ordinary day",
        "Day 1: +25 % against an ordinary day",
        "Forecast: daily amount of about ₹ 4,335 over the next 2 days",
        "Seasonal naive (repeats the last week) was the most accurate method: MASE 0.95",
        "The coming week's amount: ₹ 30,000 (₹ 27,000 to ₹ 33,000)",
        "Accuracy of each method",
        "The coming week by city",
        "Cities and bank add up",
        "Unusual days in the history",
    ]
    (methods,) = [block for block in blocks if block.title == "Accuracy of each method"]
    assert [row[1] for row in methods.rows][:4] == [
        "gradient boosting (published)",
        "exponential smoothing",
        "seasonal naive (repeats the last week)",
        "seasonal naive (repeats the last week) (published)",
    ]
    assert section(forecast_tables).datasets == ["transactions"]


def test_forecast_is_drawn_after_past_days_and_their_backtest_forecasts(forecast_tables):
    tested = forecast_tables.rows("forecast_backtest", series="transactions", reconciliation="mint")
    drawn = charts.volume_ahead(forecast_tables.rows("volume_forecast", series="transactions", city=""), tested)

    lines = {line.name: list(line.y) for line in drawn.data}
    assert lines["actual"] == [99.0, 169.0] and lines["forecast (median)"] == [110.0, 130.0]
    assert lines["backtest forecast"] == [95.0, 165.0]
    assert lines["mean, to be summed"] == pytest.approx([112.2, 132.6])
    assert lines["95 % prediction interval"] == [130.0, 160.0]


def test_coming_holidays_are_named_on_the_chart(forecast_tables):
    (note,) = section(forecast_tables).blocks[0].figure.layout.annotations

    assert (note.text, str(note.x)[:10]) == ("Eid al-Adha", "2016-09-10")


def test_cities_of_the_coming_week_are_listed_with_the_largest_first(forecast_tables):
    (cities,) = [block for block in section(forecast_tables).blocks if block.title == "The coming week by city"]

    assert [plain(" | ".join(row)) for row in cities.rows] == [
        "Pune | 600 | 540 to 660 | ₹ 22,500",
        "Delhi | 200 | 180 to 220 | ₹ 7,500",
    ]


def test_unusual_days_are_listed_with_what_they_mean_for_the_forecast(forecast_tables):
    unusual = section(forecast_tables).blocks[-1]

    assert [(row[0], row[1], row[2], row[-1]) for row in unusual.rows] == [
        ("Whole bank", "outage", "10 Aug 2016", "excluded"),
        ("Pune", "level shift", "20 Aug 2016", "kept: the new level counts"),
    ]


def test_the_lead_says_why_loan_defaults_are_not_forecast(forecast_tables):
    assert section(forecast_tables).lead[2] == "Loan defaults aren't forecast."


def test_without_a_forecast_the_section_shows_the_reason_and_the_history(short_history):
    made = section(short_history)

    assert made.lead == [rows.REASON], "once, not once per series"
    assert [block.rows[0] for block in made.blocks] == [("Number of transactions", "2016-08-01", "2016-10-21", 82, 38)]
    assert rows.REASON in render(short_history)


def test_results_have_method_scores_and_forecast_days(forecast_tables):
    found = results(forecast_tables)["forecast"]["transactions"]

    assert (found["status"], found["method"], found["reason"]) == ("forecast", "gradient_boosting", None)
    assert found["methods"]["gradient_boosting"] == {
        "mase": 0.6,
        "mase_ci": [0.5, 0.7],
        "rmsse": 0.7,
        "smape": 0.04,
        "pinball": 0.3,
        "sum_ratio": 0.98,
        "error_to_naive": 0.5,
        "error_to_naive_ci": [0.4, 0.6],
        "coverage_80": 0.81,
        "coverage_95": 0.96,
        "days": 16,
        "interval_days": 8,
    }
    assert (found["horizon"], found["tests"], found["later_mase"], len(found["methods"])) == (2, 8, 0.65, 3)
    assert found["forecast_days"][1] == {
        "date": "2016-09-10",
        "forecast": 130.0,
        "mean": pytest.approx(132.6),
        "holiday": "Eid al-Adha",
        "low_80": 115.0,
        "high_80": 145.0,
        "low_95": 105.0,
        "high_95": 160.0,
    }
    assert [week["total"] for week in found["forecast_weeks"]] == [800.0]
    assert [(one["kind"], one["first_day"]) for one in found["anomalies"]] == [("outage", "2016-08-10")]


def test_results_have_the_reason_without_a_forecast_and_are_valid_json(short_history):
    found = results(short_history)["forecast"]

    assert found["amount"] == {
        "status": "not forecast",
        "reason": rows.REASON,
        "days": 82,
        "days_with_transactions": 38,
        "method": None,
        "forecast_days": [],
    }
    assert json.loads(json.dumps(results(short_history), allow_nan=False))["forecast"] == found


@pytest.mark.parametrize(("frames", "value"), [(rows.FORECAST, "about ₹ 4,335"), (rows.NO_FORECAST, "not available")])
def test_finding_has_the_mean_forecast_or_says_it_is_not_available(tables, frames, value):
    found = {f.label: f for f in findings(replace(tables, frames={**tables.frames, **frames}))}[
        "Forecast: daily amount"
    ]

    assert (plain(found.value), found.dataset, found.source) == (value, "transactions", "synthetic")


@pytest.mark.parametrize(
    "missing",
    [*rows.FORECAST],
)
def test_a_missing_forecast_table_does_not_break_other_sections(forecast_tables, missing):
    frames = {name: frame for name, frame in forecast_tables.frames.items() if name != missing}

    assert "agree on all 8 groups" in render(replace(forecast_tables, frames=frames))
    json.dumps(results(replace(forecast_tables, frames=frames)), allow_nan=False)


def test_section_says_what_to_run_before_the_first_forecast(tables):
    assert section(tables).blocks == [] and "bankstack run forecast" in section(tables).empty
    assert results(tables)["forecast"] == {}
