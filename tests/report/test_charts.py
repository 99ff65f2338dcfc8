"""Every chart has a title, units and the common style, and draws the rows it is given."""

import pandas as pd
import pytest

from jobs.report import charts
from tests.report import conftest as rows
from tests.report import forecast_examples, live_rows, segment_examples
from tests.report.model_examples import TABLES as MODELS


def of(table, **equal):
    for column, value in equal.items():
        table = table[table[column] == value]
    return table


def answers(question):
    return of(rows.ANSWERS, question=question)


ALL = {
    "rates": lambda: charts.rates(of(rows.SUBSCRIPTION, feature="job"), "clients"),
    "by_month": lambda: charts.by_month(rows.MONTHS),
    "by_age": lambda: charts.by_age(of(rows.AGES, dataset="credit"), "credit"),
    "amount by age": lambda: charts.by_age(of(rows.AGES, dataset="transactions"), "transactions"),
    "by_day": lambda: charts.by_day(rows.DAYS),
    "by_city": lambda: charts.by_city(rows.CITIES),
    "correlations": lambda: charts.correlations(rows.CORRELATIONS),
    "associations": lambda: charts.associations(rows.ASSOCIATIONS),
    "outliers": lambda: charts.outliers(rows.OUTLIERS),
    "relevance": lambda: charts.relevance(of(rows.RELEVANCE, dataset="clients"), "clients"),
    "terms": lambda: charts.terms(rows.TERMS),
    "topics": lambda: charts.topics(rows.TOPICS),
    "group_means": lambda: charts.group_means(answers("balance_by_job"), "Mean balance by job", "€"),
    "group_shares": lambda: charts.group_shares(answers("housing_by_education")),
    "monthly_shares": lambda: charts.monthly_shares(answers("contacts_by_month")),
    "balance_by_age": lambda: charts.balance_by_age(answers("balance_by_age")),
    "candidates": lambda: charts.candidates(of(MODELS["model_metrics"], evaluation="random_cv")),
    "calibration": lambda: charts.calibration(MODELS["calibration"]),
    "profit": lambda: charts.profit(MODELS["profit_curve"], "clients"),
    "importances": lambda: charts.importances(MODELS["importances"]),
    "shap_values": lambda: charts.shap_values(MODELS["shap_points"]),
    "volume_ahead": lambda: charts.volume_ahead(
        of(forecast_examples.AHEAD, series="amount", city=""),
        of(forecast_examples.TESTED, series="amount"),
    ),
    "weekly_totals": lambda: charts.weekly_totals(of(forecast_examples.WEEKS, series="amount", city="")),
    "calendar_factors": lambda: charts.calendar_factors(of(forecast_examples.EFFECTS, kind="holiday")),
    "methods_compared": lambda: charts.methods_compared(of(forecast_examples.SCORES, series="amount")),
    "segment_overview": lambda: charts.segment_overview(segment_examples.NAMES),
    "segment_people": lambda: charts.segment_people(segment_examples.NAMES, segment_examples.GROUPS),
    "segment_worth": lambda: charts.segment_worth(
        segment_examples.NAMES, segment_examples.PROFILES, segment_examples.CONCENTRATION
    ),
    "segment_times": lambda: charts.segment_times(segment_examples.NAMES, segment_examples.GROUPS),
    "tier_shares": lambda: charts.tier_shares(segment_examples.TIERS.head(2)),
    "tier_migration": lambda: charts.tier_migration(segment_examples.MIGRATION, segment_examples.TIERS.head(2)),
    "clusterings": lambda: charts.clusterings(segment_examples.CLUSTERINGS),
    "dendrogram": lambda: charts.dendrogram(segment_examples.LINES, 4),
    "event_rate": lambda: charts.event_rate(live_rows.RATES),
    "rolling_measure": lambda: charts.rolling_measure(live_rows.SLIDING, "transactions"),
    "rolling balance": lambda: charts.rolling_measure(live_rows.SLIDING, "mean_balance"),
    "volume_and_forecast": lambda: charts.volume_and_forecast(live_rows.TUMBLING),
    "alerts_by_type": lambda: charts.alerts_by_type(live_rows.ALERTS),
    "customer_amounts": lambda: charts.customer_amounts(live_rows.EVENTS),
    "seconds_by_step": lambda: charts.seconds_by_step({"ingest.clients": 12.5, "report.build": 3.0}),
}
UNITS = (
    "%",
    "€",
    "₹",
    "-1 to 1",
    "0 to 1",
    "Seconds",
    "per day",
    "Clients",
    "MASE",
    "ROC-AUC",
    "log-odds",
    "Ward",
    "Drop in ROC-AUC",
    "second",
    "Transactions",
    "Alerts",
)


def text(figure, axis):
    return figure.layout[axis].title.text or ""


def test_every_public_chart_is_covered_here():
    again = {"amount by age": "by_age", "rolling balance": "rolling_measure"}
    assert {again.get(name, name) for name in ALL} == set(charts.__all__)


@pytest.mark.parametrize("name", ALL)
def test_chart_has_title_height_unit_and_common_style(name):
    figure = ALL[name]()
    assert len(figure.layout.title.text) > 10 and figure.layout.height > 100
    assert any(unit in text(figure, "xaxis") + text(figure, "yaxis") for unit in UNITS)
    assert figure.layout.template.layout.colorway[0] == "#0072B2"


@pytest.mark.parametrize("name", ["rates", "by_month", "by_age"])
def test_rates_are_drawn_with_their_intervals(name):
    (bar,) = [trace for trace in ALL[name]().data if trace.mode == "markers"]
    assert all(high > 0 for high in bar.error_x.array) and all(low > 0 for low in bar.error_x.arrayminus)


def test_rates_are_sorted_and_small_groups_left_out():
    figure = ALL["rates"]()
    assert list(figure.data[0].y) == ["retired (40)", "blue-collar (59)"], "a single student is too small a group"
    assert list(figure.data[0].x) == [40.0, 5.0]
    assert figure.layout.title.text.replace("\u202f", " ") == "Job: 40.0 % for “retired”, 5.0 % for “blue-collar”"


def test_relevance_marks_leaking_columns_and_leaves_them_out_of_the_title():
    figure = ALL["relevance"]()
    assert figure.data[0].y[0] == "call duration<br><i>only known afterwards</i>"
    assert figure.layout.title.text == "Job is the most informative column about subscription"


def test_strongest_correlation_may_be_negative_and_nulls_are_left_out():
    figure = ALL["correlations"]()
    assert list(figure.data[0].x) == [-0.62, 0.12]


def test_weekends_have_their_own_colour():
    weekdays, weekend = ALL["by_day"]().data
    assert (list(weekdays.y), list(weekend.y)) == ([20], [10])
    assert weekdays.marker.color != weekend.marker.color


def line(figure, name):
    (found,) = [trace for trace in figure.data if trace.name == name]
    return found


def test_anomalies_differ_in_symbol_and_label_and_open_windows_are_hollow():
    figure = ALL["volume_and_forecast"]()
    assert figure.layout.title.text == "1 surge and 1 outage in 4 windows of 10 minutes"
    assert (list(line(figure, "surge").y), list(line(figure, "outage").y)) == ([190], [4])
    assert line(figure, "surge").marker.symbol != line(figure, "outage").marker.symbol
    assert list(line(figure, "surge").text) == ["surge"]
    assert list(line(figure, "actual").y) == [100, 190, 4]
    assert (list(line(figure, "still open").y), line(figure, "still open").marker.color) == ([50], "white")


def test_an_anomaly_of_several_windows_is_labelled_once():
    at = pd.date_range("2026-11-01 10:00", periods=5, freq="10min")[[0, 1, 3, 4]]
    rows = pd.DataFrame({"starts": at, "ends": at + pd.Timedelta("10min"), "transactions": 190, "closed": True})
    figure = charts.volume_and_forecast(rows.assign(expected=100.0, low=80.0, high=120.0, anomaly="surge"))
    assert list(line(figure, "surge").text) == ["surge", "", "surge", ""]


def test_windows_without_a_forecast_are_still_drawn():
    rows = live_rows.TUMBLING.assign(expected=float("nan"), low=float("nan"), high=float("nan"), anomaly=None)
    figure = charts.volume_and_forecast(rows)
    assert figure.layout.title.text == "4 windows of 10 minutes, no forecast yet"
    assert [trace.name for trace in figure.data] == ["actual", "still open"]


@pytest.mark.parametrize(
    ("length", "text"),
    [("30s", "30 seconds"), ("10min", "10 minutes"), ("60min", "hour"), ("90min", "90 minutes"), ("2h", "2 hours")],
)
def test_the_window_length_is_taken_from_the_rows(length, text):
    rows = live_rows.TUMBLING.assign(ends=live_rows.TUMBLING["starts"] + pd.Timedelta(length))
    assert charts.volume_and_forecast(rows).layout.yaxis.title.text == f"Transactions per {text}"


def test_the_title_of_a_rolling_measure_has_the_window_length_and_the_last_value():
    assert ALL["rolling_measure"]().layout.title.text == "Transactions in the last hour: 540"
    assert ALL["rolling balance"]().layout.title.text.replace("\u202f", " ") == "Mean balance of the last hour: ₹ 1,002"


def test_events_of_an_alert_stand_out_and_cities_are_escaped():
    figure = ALL["customer_amounts"]()
    assert list(line(figure, "part of an alert").y) == [48_200.0]
    assert list(line(figure, "part of an alert").customdata) == ["&lt;b&gt;DELHI&lt;/b&gt;"]


def test_the_most_frequent_alert_type_is_first():
    figure = ALL["alerts_by_type"]()
    assert list(figure.data[0].y) == ["amount", "travel", "terminal"]
    assert figure.layout.title.text == "Amount is the most frequent type: 12 of 16 alerts"
