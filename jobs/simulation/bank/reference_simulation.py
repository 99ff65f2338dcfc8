"""Simulate reference events, to which the stream's thresholds are fitted (`stream.detection.reference_events`)."""

from dataclasses import replace

import pandas as pd

from jobs.core.settings import Settings
from jobs.simulation.bank.producer import Plan, simulate
from jobs.simulation.bank.simulated_bank import DAY_S
from jobs.stream.contract import EVENT_COLUMNS

MAX_CUSTOMERS = 1_500
MIN_EVENTS_PER_CUSTOMER = 35
"""A customer has more events if a day has more, so that all hours of the day are covered."""
MAX_EVENTS_PER_CUSTOMER = 1_000
"""With more events a day than this, a day is too much: MIN_EVENTS_PER_CUSTOMER is used instead."""
DAY_MARGIN = 1.2
"""Simulate a little more than a mean day, because days differ."""
MAX_CHUNK_S = 7200.0
OTHER_SEED = 1_000
"""Added to the plan's seed: reference events come from other customers than the stream's."""


def simulate_reference_events(plan: Plan) -> pd.DataFrame:
    """Simulate events of customers who are as active as those of the plan, but come from another seed.

    Returns:
        Columns EVENT_COLUMNS, in order of transaction_at.

    """
    customers = min(MAX_CUSTOMERS, plan.customers)
    events_per_second = plan.rate / plan.speed * customers / plan.customers  # of event time
    events_per_day = DAY_MARGIN * DAY_S * events_per_second / customers
    fits_a_day = events_per_day <= MAX_EVENTS_PER_CUSTOMER
    each = max(MIN_EVENTS_PER_CUSTOMER, events_per_day) if fits_a_day else MIN_EVENTS_PER_CUSTOMER
    wanted = customers * each
    chunk_s = min(MAX_CHUNK_S, wanted / events_per_second)  # not more at once than wanted
    other = replace(
        plan,
        seed=plan.seed + OTHER_SEED,
        customers=customers,
        rate=events_per_second * chunk_s,
        speed=chunk_s,
    )
    parts: list[pd.DataFrame] = []
    for _, events in simulate(other, None):
        parts.append(events)
        if sum(map(len, parts)) >= wanted:
            break
    merged = pd.concat(parts, ignore_index=True).sort_values("transaction_at", kind="stable", ignore_index=True)
    return merged[list(EVENT_COLUMNS)]


def fallback_events(settings: Settings) -> pd.DataFrame:
    """Reference events for a stream whose producer has left none: 5,000 a day."""
    return simulate_reference_events(Plan(rate=5_000 / DAY_S, speed=1.0, seed=settings.seed))
