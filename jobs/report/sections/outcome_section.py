"""The two outcomes, subscription of a term deposit and loan default: how often, for whom, what tells beforehand."""

import pandas as pd

from jobs.report import charts
from jobs.report.charts.rate_charts import feature_of
from jobs.report.formatting import OUTCOMES, category, column, count, percent, sentence, wilson
from jobs.report.records import records
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section, Table
from jobs.report.theme import FEW

CHARTS = 6  # in a section; the most telling features get the last ones, the others are in the folded table


def subscription(facts: Facts) -> Section:
    """Who subscribed a term deposit."""
    months = facts.table("month_patterns")
    first: list[Block] = [Chart(charts.by_month(months), ["clients"], half=True)] if len(months) else []
    return _outcome(facts, "subscription", "Who subscribes a term deposit?", "clients", "subscription_rates", first)


def default(facts: Facts) -> Section:
    """Who defaulted."""
    return _outcome(facts, "default", "Who defaults on the credit card?", "credit", "default_rates", [])


def _outcome(facts: Facts, id: str, title: str, dataset: str, table: str, first: list[Block]) -> Section:
    rates = facts.table(table)
    if rates.empty:
        return Section(id, title, empty=f"The rates are not worked out yet: run explore.rates for {dataset}.")
    features, ages = facts.table("feature_relevance", dataset=dataset), facts.table("age_patterns", dataset=dataset)
    blocks: list[Block] = [Chart(charts.relevance(features, dataset), [dataset], half=True)] if len(features) else []
    blocks += first
    blocks += [Chart(charts.by_age(ages, dataset), [dataset], half=True)] if len(ages) else []
    for feature in _telling(features, rates)[: CHARTS - len(blocks)]:
        rows = rates[rates["feature"] == feature]
        blocks.append(Chart(charts.rates(rows, dataset), [dataset], half=True))
    lead = [_overall(rates, dataset), *_afterwards(features)]
    return Section(id, title, lead, [*blocks, _all_rates(rates, dataset)])


def _telling(features: pd.DataFrame, rates: pd.DataFrame) -> list[str]:
    """Features known beforehand, the most telling first; age and month have charts of their own."""
    drawn = ("age", "month")
    if features.empty:
        return [str(name) for name in dict.fromkeys(rates["feature"]) if name not in drawn]
    return [str(name) for name in usable(features)["feature"] if name not in drawn and name in set(rates["feature"])]


def usable(features: pd.DataFrame) -> pd.DataFrame:
    """The features that are known before the outcome, the most telling first."""
    return features[~features["known_afterwards"].astype(bool)].sort_values("rank") if len(features) else features


def overall(rates: pd.DataFrame) -> tuple[int, int]:
    """Positives and clients of all categories of one feature, which are all clients."""
    rows = rates[rates["feature"] == feature_of(rates)]
    return int(rows["positives"].sum()), int(rows["row_count"].sum())


def _overall(rates: pd.DataFrame, dataset: str) -> str:
    positives, clients = overall(rates)
    low, high = wilson(positives, clients)
    return (
        f"{count(positives)} of {count(clients)} clients {OUTCOMES[dataset]}: {percent(positives / max(clients, 1))} "
        f"(95 % interval {percent(low)} to {percent(high)}). In the charts the bars are the same kind of "
        "interval: where two bars overlap widely, the difference may be chance. Numbers in brackets are clients; "
        f"groups of fewer than {FEW} are not drawn."
    )


def _afterwards(features: pd.DataFrame) -> list[str]:
    known = features[features["known_afterwards"].astype(bool)] if len(features) else features
    return [
        f"{sentence(column(row.feature))} looks telling (rank {row.rank}) but is known only afterwards: "
        "no forecast may use it, and it is left out of the charts of rates below."
        for row in records(known)
    ]


def _all_rates(rates: pd.DataFrame, dataset: str) -> Table:
    rows = [
        (
            column(row.feature) + (" (known only afterwards)" if row.known_afterwards else ""),
            category(dataset, row.feature, row.value),
            *(row.row_count, row.positives, percent(row.rate), f"{percent(row.rate_low)} to {percent(row.rate_high)}"),
        )
        for row in records(rates)
    ]
    header = ("Column", "Value", "Clients", sentence(OUTCOMES[dataset]), "Rate", "95 % interval")
    return Table("Every rate by every column", header, rows, [dataset], folded=True)
