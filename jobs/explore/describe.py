"""Describe the loaded tables, each read once: columns, pairs of columns, and rates of the outcomes.

Reads: clients, credit, transactions, call_notes. Writes: column_profiles, top_values, outliers, correlations,
associations, group_means, subscription_rates, default_rates, feature_relevance.
"""

from collections.abc import Iterator

import pandas as pd

from jobs.core import tables
from jobs.core.contracts import load_contract
from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.explore.correlate import associations, correlations
from jobs.explore.group_means import group_means
from jobs.explore.one_pass import Summaries, summarise
from jobs.explore.relevance import feature_relevance
from jobs.explore.wilson import with_rate

RATES = {"clients": "subscription_rates", "credit": "default_rates"}


def main(job: Job) -> None:
    """Publish everything that one pass over the tables yields."""
    found = summarise({name: job.read(name) for name in job.step.reads}, job.settings.seed)
    for table, rows in (*column_tables(found), *pair_tables(found), *outcome_tables(found)):
        publish(job, table, _fitted(table, rows))


def column_tables(found: Summaries) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of column_profiles, top_values and outliers."""
    names = [(dataset, name) for dataset, plan in found.plans.items() for name in plan.types]
    positions = [
        (position, plan.types[name]) for plan in found.plans.values() for position, name in enumerate(plan.types, 1)
    ]
    profiles = [
        {
            "dataset": dataset,
            "position": position,
            "column_name": name,
            "type": kind,
            **found.columns[dataset, name].profile,
        }
        for (dataset, name), (position, kind) in zip(names, positions, strict=True)
    ]
    yield "column_profiles", pd.DataFrame(profiles)
    for table in ("top_values", "outliers"):
        rows = [
            {"dataset": dataset, "column_name": name, **row}
            for dataset, name in names
            for row in getattr(found.columns[dataset, name], table)
        ]
        yield table, pd.DataFrame(rows)


def pair_tables(found: Summaries) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of correlations, associations and group_means."""
    related, associated, means = [], [], []
    for dataset, pairs in found.pairs.items():
        plan = found.plans[dataset]
        related.append(correlations(pairs.numbers, found.ranks[dataset], plan.numbers).assign(dataset=dataset))
        associated.append(associations(pairs.cells).assign(dataset=dataset))
        means.append(group_means(pairs.groups).assign(dataset=dataset))
    for table, rows in (("correlations", related), ("associations", associated), ("group_means", means)):
        yield table, pd.concat(rows) if rows else pd.DataFrame()


def outcome_tables(found: Summaries) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of subscription_rates, default_rates and feature_relevance."""
    relevance = [pd.DataFrame()]
    for dataset, table in RATES.items():
        plan, afterwards = found.plans[dataset], load_contract(dataset).known_afterwards
        rates = pd.DataFrame(
            {"feature": name, "known_afterwards": name in afterwards, **row}
            for name in plan.features
            for row in found.columns[dataset, name].rates
        )
        if len(rates):
            rates = with_rate(rates, "positives", "row_count")
            relevance.append(feature_relevance(rates).assign(dataset=dataset, label=plan.outcome))
        yield table, rates
    yield "feature_relevance", pd.concat(relevance)


def _fitted(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns of the table, also without rows."""
    return rows.reindex(columns=tables.columns(table))
