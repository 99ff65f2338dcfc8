"""Forecast of daily transactions and amounts, with the accuracy of past forecasts; or why there is none."""

from typing import Any

from jobs.report import charts
from jobs.report.charts.forecast_charts import METHODS
from jobs.report.formatting import count, percent
from jobs.report.records import lowest, records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table

TITLE = "Forecast: daily transactions and amount"
CAPTIONS = {"transactions": "Number of transactions", "amount": "Daily amount"}
NAMES = {"transactions": "the number of transactions", "amount": "the daily amount"}
HOW = (
    "A rolling backtest forecasts past days again and again, using only the days before each test, and the most "
    "accurate method is published, even if it is the simplest. MASE is the mean error in units of the mean change "
    "from one week to the next, so below 1 is better than that. Coverage is how often the actual value fell into the "
    "prediction interval."
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
        return Section("forecast", TITLE, lead, [_days(decisions)])
    lead = [in_words(tables, decision) for decision in records(decisions)]
    return Section("forecast", TITLE, [*lead, HOW], [*blocks, _scores(tables)])


def _charts(tables: ReportTables, series: str) -> list[Block]:
    ahead, scores = tables.rows("volume_forecast", series=series), tables.rows("forecast_scores", series=series)
    tested, days = tables.rows("forecast_backtest", series=series), tables.rows("daily_volume")
    if any(table.empty for table in (ahead, scores, tested, days)):
        return []
    drawn = charts.volume_ahead(ahead, days, tested[tested["method"] == lowest(scores, "rank").method])
    compared = charts.methods_compared(scores)
    return [Chart(figure, ["transactions"], CAPTIONS[series]) for figure in (drawn, compared)]


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
    rows = [
        (
            CAPTIONS[row.series],
            METHODS[row.method] + (" (published)" if row.published else ""),
            f"{row.mase:.3f}",
            f"{row.mase_low:.2f} to {row.mase_high:.2f}",
            percent(row.smape),
            percent(row.error_to_naive),
            percent(row.coverage_80),
            percent(row.coverage_95),
        )
        for row in records(tables.rows("forecast_scores").sort_values(["series", "rank"], ascending=[False, True]))
    ]
    header = (
        "Series",
        "Method",
        "MASE",
        "95 % interval",
        "sMAPE",
        "Error relative to naive",
        "Coverage of 80 % interval",
        "Coverage of 95 % interval",
    )
    return Table("Accuracy of each method", header, rows, ["transactions"])
