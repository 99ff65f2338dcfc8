"""Customer tiers: RFM and value tiers with value at stake, next action and migration."""

import pandas as pd

from jobs.report import charts
from jobs.report.charts.tier_charts import SCHEMES
from jobs.report.formatting import count, fixed, money, percent, sentence
from jobs.report.records import highest, records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table

TITLE = "Customer tiers"
DATASETS = ["transactions"]
INTRODUCTION = (
    "RFM rates every customer by recency, frequency and monetary value of the transactions, each in quintiles; value "
    "tiers rank customers by balance. Both are conventions, not discovered groups. The value at stake is the balance "
    "times the churn risk: the probability that a customer who still pays at the usual rate would have paid since the "
    "last payment."
)


def section(tables: ReportTables) -> Section:
    """Show for each scheme its shares, a table with the next action per tier, and the migration."""
    profiles = tables.rows("tier_profiles")
    if profiles.empty:
        return Section("tiers", TITLE, empty="There are no tiers yet. Run: bankstack run segments")
    blocks = [block for scheme in SCHEMES for block in _scheme(tables, scheme)]
    return Section("tiers", TITLE, [INTRODUCTION, *_stakes(tables)], blocks)


def _stakes(tables: ReportTables) -> list[str]:
    """Name the RFM tier with the largest value at stake."""
    profiles = tables.rows("tier_profiles", scheme="rfm")
    if profiles.empty or not profiles["value_at_stake"].sum() > 0:
        return []
    top = highest(profiles, "value_at_stake")
    return [
        f"The largest value at stake is in “{top.tier}”: {money(top.value_at_stake, 'transactions')} of "
        f"{money(profiles['value_at_stake'].sum(), 'transactions')}. {top.next_action}"
    ]


def _scheme(tables: ReportTables, scheme: str) -> list[Block]:
    profiles = tables.rows("tier_profiles", scheme=scheme)
    if profiles.empty or not profiles["customers"].sum():
        return []
    shares = charts.tier_shares(profiles)
    blocks: list[Block] = [Chart(shares, DATASETS, str(shares.layout.meta)), _table(profiles, scheme)]
    migration = tables.rows("tier_migration", scheme=scheme)
    if not migration.empty and migration["from_tier"].notna().any():
        moves = charts.tier_migration(migration, profiles)
        blocks.append(Chart(moves, DATASETS, str(moves.layout.meta)))
    return blocks


def _table(profiles: pd.DataFrame, scheme: str) -> Table:
    header = (
        "Tier",
        "Who",
        "Customers",
        "Share",
        "Balances",
        "Payments each",
        "Days idle",
        "Value at stake",
        "Next action",
    )
    rows = [
        (
            row.tier,
            row.meaning,
            count(row.customers),
            percent(row.share),
            percent(row.balance_share),
            fixed(row.transactions_mean, 1),
            fixed(row.recency_mean, 0),
            money(row.value_at_stake, "transactions"),
            row.next_action,
        )
        for row in records(profiles.sort_values("position"))
    ]
    return Table(f"{sentence(SCHEMES[scheme])}s and what to do next", header, rows, DATASETS)
