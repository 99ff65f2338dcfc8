"""Forecast of daily transactions, amounts and balances, with the accuracy of past forecasts; or why there is none."""

from typing import Any

import pandas as pd

from jobs.report import charts
from jobs.report.charts.forecast_charts import METHODS
from jobs.report.formatting import count, money, percent
from jobs.report.records import lowest, records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table

TITLE = "Forecast: daily transactions, amount and balance"
CAPTIONS = {
    "transactions": "Number of transactions",
    "amount": "Daily amount",
    "balance": "Mean balance",
    "defaults": "Loan defaults",
}
NAMES = {
    "transactions": "the number of transactions",
    "amount": "the daily amount",
    "balance": "the mean account balance",
}
RECONCILIATIONS = {"none": "none (doesn't add up)", "bottom_up": "bottom-up", "mint": "MinT"}
MAX_ANOMALIES = 40
SHOWN_CITIES = 20
HOW = (
    "A rolling backtest forecasts past days again and again, using only the days before each test, and the most "
    "accurate method is published, even if it is the simplest. MASE is the mean error in units of the mean change "
    "from one week to the next, so below 1 is better than that. Coverage is how often the actual value fell into the "
    "prediction interval. A forecast is a median; sum means, not medians."
)


def section(tables: ReportTables) -> Section:
    """Show the forecast of each series, or the reason why there is none."""
    decisions = tables.rows("forecast_decisions")
    if decisions.empty:
        return Section("forecast", TITLE, empty="There is no forecast yet. Run: bankstack run forecast")
    blocks: list[Block] = []
    for decision in records(decisions[decisions["method"].notna()]):
        blocks += _charts(tables, decision.series)
    if not blocks:
        lead = [in_words(tables, decision) for decision in records(decisions.drop_duplicates("reason"))]
        return Section("forecast", TITLE, lead, [_days(decisions[decisions["series"] != "defaults"])])
    lead = [in_words(tables, decision) for decision in records(decisions)]
    found = [_scores(tables), *_cities(tables), *_reconciliation(tables), *_anomalies(tables)]
    return Section("forecast", TITLE, [*lead, HOW], [*blocks, *found])


def _charts(tables: ReportTables, series: str) -> list[Block]:
    ahead, scores = (
        tables.rows("volume_forecast", series=series, city=""),
        tables.rows("forecast_scores", series=series),
    )
    tested = tables.rows("forecast_backtest", series=series, city="")
    if any(table.empty for table in (ahead, scores, tested)):
        return []
    published = tested[
        (tested["method"] == lowest(scores, "rank").method)
        & (tested["reconciliation"] == ahead["reconciliation"].iloc[0])
    ]
    figures = [charts.volume_ahead(ahead, published), charts.methods_compared(scores)]
    weeks = tables.rows("weekly_forecast", series=series, city="")
    effects = tables.rows("calendar_effects", series=series)
    figures += [charts.weekly_totals(weeks)] if len(weeks) else []
    for kind in ("holiday", "day of the month") if series == "transactions" and len(effects) else ():
        of_kind = effects[(effects["kind"] == kind) & (effects["days"] > 1)]
        figures += [charts.calendar_factors(of_kind)] if len(of_kind) else []
    return [Chart(figure, ["transactions"], CAPTIONS[series]) for figure in figures]


def in_words(tables: ReportTables, decision: Any) -> str:  # noqa: ANN401 - a row of forecast_decisions
    """Describe the best method of one series, its accuracy and its coverage; or why there is no forecast."""
    scores = tables.rows("forecast_scores", series=decision.series)
    if decision.reason or scores.empty:
        return str(decision.reason)
    best = lowest(scores, "rank")
    return (
        f"For {NAMES[decision.series]}, {METHODS[best.method]} was the most accurate in {count(best.tests)} tests of "
        f"{count(decision.horizon)} days: MASE {best.mase:.2f} ({best.mase_low:.2f} to {best.mase_high:.2f}), "
        f"sMAPE {percent(best.smape)}. {_against_naive(best)} The {percent(0.8, 0)} interval covered "
        f"{percent(best.coverage_80)} of {count(best.interval_days)} days, the {percent(0.95, 0)} interval "
        f"{percent(best.coverage_95)}. The forecasts summed to {percent(best.sum_ratio)} of the actual total."
    )


def _against_naive(best: Any) -> str:  # noqa: ANN401 - a row of forecast_scores
    if best.method == "seasonal_naive":
        return "No method beats repeating the last week, so that is the published forecast."
    error = f"Its error is {percent(best.error_to_naive, 0)} of the seasonal naive method's"
    interval = f"{percent(best.error_to_naive_low, 0)} to {percent(best.error_to_naive_high, 0)}"
    return f"{error} ({interval})." if best.error_to_naive_high < 1 else f"{error} ({interval}; may be chance)."


def _days(decisions: Any) -> Table:  # noqa: ANN401 - the rows of forecast_decisions
    rows = [
        (CAPTIONS[row.series], str(row.first_day or ""), str(row.last_day or ""), row.span_days, row.seen_days)
        for row in records(decisions)
    ]
    header = ("Series", "First day", "Last day", "Days from first to last", "Days with transactions")
    return Table("Available history", header, rows, ["transactions"])


def _scores(tables: ReportTables) -> Table:
    scores = tables.rows("forecast_scores")
    rows = [
        (
            CAPTIONS[row.series],
            METHODS[row.method] + (" (published)" if row.published else ""),
            f"{row.mase:.3f}",
            f"{row.mase_low:.2f} to {row.mase_high:.2f}",
            f"{row.rmsse:.3f}",
            percent(row.smape),
            f"{row.pinball:.3f}",
            percent(row.error_to_naive),
            percent(row.coverage_80),
            percent(row.coverage_95),
        )
        for series in CAPTIONS
        for row in records(scores[scores["series"] == series].sort_values("rank"))
    ]
    header = (
        "Series",
        "Method",
        "MASE",
        "95 % interval",
        "RMSSE",
        "sMAPE",
        "Pinball loss",
        "Error relative to naive",
        "Coverage of 80 % interval",
        "Coverage of 95 % interval",
    )
    return Table("Accuracy of each method", header, rows, ["transactions"])


def _cities(tables: ReportTables) -> list[Block]:
    """The coming week of each city; the rows add up to the bank."""
    weeks = tables.rows("weekly_forecast")
    weeks = weeks[weeks["city"] != ""] if len(weeks) else weeks
    if weeks.empty:
        return []
    first = weeks[weeks["first_day"] == weeks["first_day"].min()]
    by_city = first.pivot(index="city", columns="series", values=["total", "low_80", "high_80"])
    by_city = by_city.sort_values(("total", "transactions"), ascending=False).head(SHOWN_CITIES)
    rows = [
        (
            city.title(),
            count(row["total", "transactions"]),
            f"{count(row['low_80', 'transactions'])} to {count(row['high_80', 'transactions'])}",
            money(row["total", "amount"], "transactions") if ("total", "amount") in row else "",
        )
        for city, row in by_city.iterrows()
    ]
    header = ("City", "Transactions", "80 % interval", "Amount")
    note = f"The {len(rows)} largest; the totals of all cities add up to the bank's."
    return [Table("The coming week by city", header, rows, ["transactions"], note)]


def _reconciliation(tables: ReportTables) -> list[Block]:
    found = tables.rows("forecast_reconciliation")
    found = found[found["series"].isin(found.loc[found["level"] == "city", "series"])] if len(found) else found
    rows = [
        (
            CAPTIONS[row.series],
            "whole bank" if row.level == "bank" else f"{row.cities} cities",
            RECONCILIATIONS[row.reconciliation] + (" (published)" if row.published else ""),
            f"{row.mase:.3f}",
            f"{row.rmsse:.3f}",
            percent(row.coverage_80),
            percent(row.coverage_95),
        )
        for row in records(found.sort_values(["series", "level"], ascending=[False, True]) if len(found) else found)
    ]
    header = ("Series", "Level", "Reconciliation", "MASE", "RMSSE", "Coverage of 80 %", "Coverage of 95 %")
    return [Table("Cities and bank add up", header, rows, ["transactions"], folded=True)] if rows else []


def _anomalies(tables: ReportTables) -> list[Block]:
    """Unusual days of the number of transactions, the whole bank first."""
    found = tables.rows("volume_anomalies", series="transactions")
    if found.empty:
        return []
    rows = [
        (
            row.city.title() or "Whole bank",
            row.kind,
            f"{pd.Timestamp(row.first_day):%-d %b %Y}",
            f"{pd.Timestamp(row.last_day):%-d %b %Y}",
            count(row.actual),
            count(row.expected),
            percent(row.change, 0),
            "excluded" if row.excluded else "kept: the new level counts",
        )
        for row in records(found.sort_values(["city", "first_day"]).head(MAX_ANOMALIES))
    ]
    header = ("City", "Kind", "First day", "Last day", "Actual per day", "Expected", "Change", "For the forecast")
    note = f"{len(rows)} of {len(found)}." if len(rows) < len(found) else ""
    return [Table("Unusual days in the history", header, rows, ["transactions"], note, folded=True)]
