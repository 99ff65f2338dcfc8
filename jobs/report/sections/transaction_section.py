"""Transactions by day, city and customer age."""

import pandas as pd

from jobs.report import charts
from jobs.report.formatting import count, money
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section


def section(tables: ReportTables) -> Section:
    """Show charts by day, city and age."""
    days, cities = tables.rows("daily_volume"), tables.rows("city_totals")
    ages = tables.rows("age_patterns", dataset="transactions")
    blocks: list[Block] = []
    if len(days):
        blocks.append(Chart(charts.by_day(days), ["transactions"]))
    if len(cities):
        blocks.append(Chart(charts.by_city(cities), ["transactions"], half=True))
    if len(ages):
        blocks.append(Chart(charts.by_age(ages, "transactions"), ["transactions"], half=True))
    lead = [_summary(days)] if len(days) else []
    return Section("transactions", "Transactions", lead, blocks)


def _summary(days: pd.DataFrame) -> str:
    dates = pd.to_datetime(days["transaction_date"])
    missing = (dates.max() - dates.min()).days + 1 - len(days)
    number, amount = days["transactions"].sum(), days["amount"].sum()
    text = (
        f"{count(number)} transactions between {dates.min():%-d %b %Y} and {dates.max():%-d %b %Y} total "
        f"{money(amount, 'transactions')}, {money(amount / max(number, 1), 'transactions')} on average."
    )
    gaps = f"{count(missing)} of these days have no transactions, so treat daily and weekly patterns with caution."
    return f"{text} {gaps}" if missing else text
