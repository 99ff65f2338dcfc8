"""The effects planted in the synthetic data, in one place, so that tests can check that they are found.

- clients: `RICHEST_JOB` has the highest mean balance (`JOBS` has the mean of every job). `subscription_log_odds` is the
  true model of `y`, with the effects `SUBSCRIPTION` by column and value. `TIME_COEFFICIENT` makes yes more frequent
  from the file's first row to its last. `DURATION_MEDIAN` depends on `y`, so it is a leak.
- credit: `default_log_odds` is the true model of the label, with the effects `DEFAULT`. `blank_ages` and
  `repeated_rows` count the dirty rows.
- transactions: `daily_counts` are the exact rows per day, `expected_volume` the same without noise: `GROWTH_PER_YEAR`,
  the yearly cycle (`YEARLY`, `PEAK_DAY`), the weekly cycle (`WEEKDAYS`, Monday first) and paydays. `NOISE` is the lower
  bound of any forecast's error. `true_group` gives a customer's position in `GROUPS`. `DIRT[kind].rows(total)` counts
  each kind of dirty row.
- call notes: `true_topic` gives a note's position in `TOPICS`; no other topic uses its `Topic.words`.
"""

from jobs.simulation.datasets.bank_transactions import DIRT
from jobs.simulation.datasets.call_notes import LINE_BREAK_EVERY, TOPICS, true_topic
from jobs.simulation.datasets.campaign_clients import (
    AGE_COEFFICIENT,
    AGE_EDGES,
    DURATION_MEDIAN,
    JOBS,
    RICHEST_JOB,
    TIME_COEFFICIENT,
    subscription_log_odds,
)
from jobs.simulation.datasets.campaign_clients import COEFFICIENTS as SUBSCRIPTION
from jobs.simulation.datasets.card_clients import COEFFICIENTS as DEFAULT
from jobs.simulation.datasets.card_clients import blank_ages, default_log_odds, repeated_rows
from jobs.simulation.datasets.customer_population import GROUPS, customer_count, true_group
from jobs.simulation.datasets.daily_volume import (
    GROWTH_PER_YEAR,
    NOISE,
    PEAK_DAY,
    WEEKDAYS,
    YEARLY,
    daily_counts,
    expected_volume,
)
from jobs.simulation.datasets.daily_volume import dates as days

__all__ = [
    "AGE_COEFFICIENT",
    "AGE_EDGES",
    "DEFAULT",
    "DIRT",
    "DURATION_MEDIAN",
    "GROUPS",
    "GROWTH_PER_YEAR",
    "JOBS",
    "LINE_BREAK_EVERY",
    "NOISE",
    "PEAK_DAY",
    "RICHEST_JOB",
    "SUBSCRIPTION",
    "TIME_COEFFICIENT",
    "TOPICS",
    "WEEKDAYS",
    "YEARLY",
    "blank_ages",
    "customer_count",
    "daily_counts",
    "days",
    "default_log_odds",
    "expected_volume",
    "repeated_rows",
    "subscription_log_odds",
    "true_group",
    "true_topic",
]
