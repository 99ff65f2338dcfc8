"""The effects planted in the synthetic data, in one place, so that tests can check that they are found.

- clients: `RICHEST_JOB` has the highest mean balance (`JOBS` has the mean of every job). `subscription_log_odds` is the
  true model of `y`, with the effects `SUBSCRIPTION` by column and value. `TIME_COEFFICIENT` makes yes more frequent
  from the file's first row to its last. `DURATION_MEDIAN` depends on `y`, so it is a leak.
- credit: `default_log_odds` is the true model of the label, with the effects `DEFAULT`. `blank_ages` and
  `repeated_rows` count the dirty rows.
- transactions: `daily_counts` are the exact rows per day, `city_counts` per day and city. `volume_plan` gives their
  expectation by cause: growth, weeks, seasons, pay days, holidays, promotions, two outages, a level shift; its
  `describe()` is written beside the file. `true_group` gives a customer's position in `GROUPS`.
  `DIRT[kind].rows(total)` counts each kind of dirty row.
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
from jobs.simulation.datasets.daily_volume import city_counts, daily_counts
from jobs.simulation.datasets.daily_volume import dates as days
from jobs.simulation.datasets.daily_volume import plan as volume_plan
from jobs.simulation.datasets.volume_plan import WEEKDAYS

__all__ = [
    "AGE_COEFFICIENT",
    "AGE_EDGES",
    "DEFAULT",
    "DIRT",
    "DURATION_MEDIAN",
    "GROUPS",
    "JOBS",
    "LINE_BREAK_EVERY",
    "RICHEST_JOB",
    "SUBSCRIPTION",
    "TIME_COEFFICIENT",
    "TOPICS",
    "WEEKDAYS",
    "blank_ages",
    "city_counts",
    "customer_count",
    "daily_counts",
    "days",
    "default_log_odds",
    "repeated_rows",
    "subscription_log_odds",
    "true_group",
    "true_topic",
    "volume_plan",
]
