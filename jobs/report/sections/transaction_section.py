"""Transactions over time, by place and by the customers' age."""

import pandas as pd

from jobs.report import charts
from jobs.report.formatting import count, money
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section


def section(facts: Facts) -> Section:
    """Days, places, ages."""
    days, places = facts.table("daily_volume"), facts.table("place_totals")
    ages = facts.table("age_patterns", dataset="transactions")
    blocks: list[Block] = []
    if len(days):
        blocks.append(Chart(charts.by_day(days), ["transactions"]))
    if len(places):
        blocks.append(Chart(charts.by_place(places), ["transactions"], half=True))
    if len(ages):
        blocks.append(Chart(charts.by_age(ages, "transactions"), ["transactions"], half=True))
    lead = [_in_words(days)] if len(days) else []
    return Section("transactions", "When and where money moves", lead, blocks)


def _in_words(days: pd.DataFrame) -> str:
    moments = pd.to_datetime(days["transaction_date"])
    span = (moments.max() - moments.min()).days + 1
    number, amount = days["transactions"].sum(), days["amount"].sum()
    said = (
        f"{count(number)} transactions move {money(amount, 'transactions')}, "
        f"{money(amount / max(number, 1), 'transactions')} on average, on {count(len(days))} days "
        f"between {moments.min():%-d %b %Y} and {moments.max():%-d %b %Y}."
    )
    missing = span - len(days)
    return f"{said} {count(missing)} days of that span have none: read the rhythm with care." if missing else said
