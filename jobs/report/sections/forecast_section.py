"""Transactions and money of the coming days, how far such forecasts were off, or why there is none."""

from typing import Any

from jobs.report import charts
from jobs.report.charts.forecast_charts import METHODS
from jobs.report.formatting import count, percent
from jobs.report.records import lowest, records
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section, Table

TITLE = "What the coming weeks bring"
CAPTIONS = {"transactions": "Number of transactions", "amount": "Sum of their amounts"}
NAMES = {"transactions": "the number of transactions", "amount": "their sum"}
HOW = (
    "Each method forecast the past again and again, knowing only the days before each test; the one that came nearest "
    "is published, be it the simplest. MASE is its mean error in units of the mean change from one week to the next. "
    "The intervals are as wide as the errors of earlier tests ask for; coverage says how often they then held."
)


def section(facts: Facts) -> Section:
    """A forecast for each series that has one; else the reason."""
    decisions = facts.table("forecast_decisions")
    if decisions.empty:
        return Section("forecast", TITLE, empty="Nothing is forecast yet: run the stage forecast.")
    blocks: list[Block] = []
    for decision in records(decisions[decisions["method"].notna()]):
        blocks += _charts(facts, decision.series)
    lead = [in_words(facts, decision) for decision in records(decisions.drop_duplicates("reason"))]
    if not blocks:
        return Section("forecast", TITLE, lead, [_days(decisions)])
    lead = [in_words(facts, decision) for decision in records(decisions)]
    return Section("forecast", TITLE, [*lead, HOW], [*blocks, _scores(facts)])


def _charts(facts: Facts, series: str) -> list[Block]:
    ahead, scores = facts.table("volume_forecast", series=series), facts.table("forecast_scores", series=series)
    tested, days = facts.table("forecast_backtest", series=series), facts.table("daily_volume")
    if any(table.empty for table in (ahead, scores, tested, days)):
        return []
    drawn = charts.volume_ahead(ahead, days, tested[tested["method"] == lowest(scores, "rank").method])
    compared = charts.methods_compared(scores)
    return [Chart(figure, ["transactions"], CAPTIONS[series]) for figure in (drawn, compared)]


def in_words(facts: Facts, decision: Any) -> str:  # noqa: ANN401 - a row of forecast_decisions
    """One series in words: the winner, how sure, how its intervals held; or why there is no forecast."""
    scores = facts.table("forecast_scores", series=decision.series)
    if decision.reason or scores.empty:
        return str(decision.reason)
    best = lowest(scores, "rank")
    told = f"For {NAMES[decision.series]}, {METHODS[best.method]} came nearest in {count(best.tests)} tests of "
    told += f"{count(decision.horizon)} days: MASE {best.mase:.2f} ({best.mase_low:.2f} to {best.mase_high:.2f}), "
    told += f"sMAPE {percent(best.smape)}. {_against_naive(best)} Of {count(best.interval_days)} days "
    inside = f"{percent(best.coverage_80)} fell into their {percent(0.8, 0)} interval and {percent(best.coverage_95)}"
    told += f"{inside} into their {percent(0.95, 0)} one. "
    return f"{told}A forecast is the middle of what may come; in sum they were {percent(best.sum_ratio)} of what came."


def _against_naive(best: Any) -> str:  # noqa: ANN401 - a row of forecast_scores
    if best.method == "seasonal_naive":
        return "Nothing beats repeating the last week, so that is what is published."
    told = f"Its error is {percent(best.error_to_naive, 0)} of that of repeating the last week"
    interval = f"{percent(best.error_to_naive_low, 0)} to {percent(best.error_to_naive_high, 0)}"
    return f"{told} ({interval}{')' if best.error_to_naive_high < 1 else '), which may be chance'}."


def _days(decisions: Any) -> Table:  # noqa: ANN401 - the rows of forecast_decisions
    rows = [
        (CAPTIONS[row.series], str(row.first_day or ""), str(row.last_day or ""), row.span_days, row.seen_days)
        for row in records(decisions)
    ]
    header = ("Series", "First day", "Last day", "Days from first to last", "Days with transactions")
    return Table("The days there are", header, rows, ["transactions"])


def _scores(facts: Facts) -> Table:
    rows = [
        (
            CAPTIONS[row.series],
            METHODS[row.method] + (" (published)" if row.published else ""),
            *(f"{row.mase:.3f}", f"{row.mase_low:.2f} to {row.mase_high:.2f}", percent(row.smape)),
            *(percent(row.error_to_naive), percent(row.coverage_80), percent(row.coverage_95)),
        )
        for row in records(facts.table("forecast_scores").sort_values(["series", "rank"], ascending=[False, True]))
    ]
    inside = (f"In {percent(0.8, 0)}", f"In {percent(0.95, 0)}")
    header = ("Series", "Method", "MASE", "95 % interval", "sMAPE", "Error to naive", *inside)
    return Table("How near each method came", header, rows, ["transactions"])
