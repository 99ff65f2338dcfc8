"""The two outcomes, term-deposit subscription and credit-card default: how often, for whom, what matters."""

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from jobs.report import charts
from jobs.report.charts.rate_charts import feature_of
from jobs.report.formatting import OUTCOMES, category, column, count, percent, sentence
from jobs.report.records import records
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table
from jobs.report.theme import FEW

CHARTS = 6
"""Charts in a section: the most informative features fill the last ones; the folded table has all features."""
_OWN_CHART = ("age", "month")


def subscription(tables: ReportTables) -> Section:
    """Show who subscribed to a term deposit."""
    months = tables.rows("month_patterns")
    first: list[Block] = [Chart(charts.by_month(months), ["clients"], half=True)] if len(months) else []
    return _outcome(tables, "subscription", "Term-deposit subscriptions", "clients", "subscription_rates", first)


def default(tables: ReportTables) -> Section:
    """Show who defaulted."""
    return _outcome(tables, "default", "Credit-card defaults", "credit", "default_rates", [])


def _outcome(tables: ReportTables, id: str, title: str, dataset: str, table: str, first: list[Block]) -> Section:
    rates = tables.rows(table)
    if rates.empty:
        return Section(id, title, empty="The rates have not been computed yet. Run: bankstack run explore")
    features, ages = tables.rows("feature_relevance", dataset=dataset), tables.rows("age_patterns", dataset=dataset)
    blocks: list[Block] = [Chart(charts.relevance(features, dataset), [dataset], half=True)] if len(features) else []
    blocks += first
    blocks += [Chart(charts.by_age(ages, dataset), [dataset], half=True)] if len(ages) else []
    for feature in _informative(features, rates)[: CHARTS - len(blocks)]:
        rows = rates[rates["feature"] == feature]
        blocks.append(Chart(charts.rates(rows, dataset), [dataset], half=True))
    lead = [overall_rate(rates, dataset), HOW_TO_READ, *_leaking(features)]
    return Section(id, title, lead, [*blocks, _all_rates(rates, dataset)])


HOW_TO_READ = (
    "Bars around the dots are 95 % intervals: where two of them overlap widely, the difference may be chance. Numbers "
    f"in brackets are clients; groups of fewer than {FEW} are not drawn. “Uncertainty explained” is how much knowing "
    "the column alone reduces the uncertainty (entropy) about the outcome."
)


def _informative(features: pd.DataFrame, rates: pd.DataFrame) -> list[str]:
    """Return the usable features, the most informative first, without those that have a chart of their own."""
    if features.empty:
        return [str(name) for name in dict.fromkeys(rates["feature"]) if name not in _OWN_CHART]
    known = set(rates["feature"])
    return [str(name) for name in usable(features)["feature"] if name not in _OWN_CHART and name in known]


def usable(features: pd.DataFrame) -> pd.DataFrame:
    """Return the features that are known before the outcome, the most informative first."""
    return features[~features["known_afterwards"].astype(bool)].sort_values("rank") if len(features) else features


def overall(rates: pd.DataFrame) -> tuple[int, int]:
    """Return the number of clients with the outcome and of all clients: the categories of any feature sum to both."""
    rows = rates[rates["feature"] == feature_of(rates)]
    return int(rows["positives"].sum()), int(rows["row_count"].sum())


def overall_rate(rates: pd.DataFrame, dataset: str) -> str:
    """State how many clients had the outcome, with Wilson's 95 % interval of the rate."""
    positives, clients = overall(rates)
    low, high = proportion_confint(positives, clients, method="wilson") if clients else (0.0, 1.0)
    return (
        f"{count(positives)} of {count(clients)} clients {OUTCOMES[dataset]}: {percent(positives / max(clients, 1))} "
        f"(95 % interval {percent(low)} to {percent(high)})."
    )


def _leaking(features: pd.DataFrame) -> list[str]:
    known = features[features["known_afterwards"].astype(bool)] if len(features) else features
    return [
        f"{sentence(column(row.feature))} has rank {row.rank} but is only known after the call. Models must not use it "
        "and the charts below leave it out."
        for row in records(known)
    ]


def _all_rates(rates: pd.DataFrame, dataset: str) -> Table:
    rows = [
        (
            column(row.feature) + (" (only known afterwards)" if row.known_afterwards else ""),
            category(dataset, row.feature, row.value),
            row.row_count,
            row.positives,
            percent(row.rate),
            f"{percent(row.rate_low)} to {percent(row.rate_high)}",
        )
        for row in records(rates)
    ]
    header = ("Column", "Value", "Clients", sentence(OUTCOMES[dataset]), "Rate", "95 % interval")
    return Table("All rates by column and value", header, rows, [dataset], folded=True)
