"""Earlier data, without labels, that a stream is calibrated on.

The producer writes it when it begins: of a simulation another seed's customers with the same rhythm, of a replay the
events before its first. A stream that finds none takes a simulated bank's.
"""

import io
from dataclasses import replace

import pandas as pd

from jobs.core.files import lake_files
from jobs.core.settings import Settings
from jobs.simulation.bank.customers import COLUMNS, DAY
from jobs.simulation.bank.producer import Plan, simulated

PATH = "earlier/events.parquet"
CUSTOMERS, EVENTS_EACH, MOST_EACH = 1_500, 35, 1_000
"""Events of each customer: more than 35 if a day has more, so that all hours are known, unless they are too many."""
OTHER_SEED = 1_000


def simulated_earlier(plan: Plan) -> pd.DataFrame:
    """Events of another seed's customers, fewer of them but each as active as those of the plan."""
    customers = min(CUSTOMERS, plan.customers)
    a_second = plan.rate / plan.speed * customers / plan.customers  # of event time
    a_day = 1.2 * DAY * a_second / customers  # and some, as days differ
    wanted = customers * (max(EVENTS_EACH, a_day) if a_day <= MOST_EACH else EVENTS_EACH)
    step = min(7200.0, wanted / a_second)  # no more at once than are wanted
    other = replace(plan, seed=plan.seed + OTHER_SEED, customers=customers, rate=a_second * step, speed=step)
    parts: list[pd.DataFrame] = []
    for _, events in simulated(other, None):
        parts.append(events)
        if sum(map(len, parts)) >= wanted:
            break
    known = pd.concat(parts, ignore_index=True).sort_values("transaction_at", kind="stable", ignore_index=True)
    return known[[name for name in COLUMNS if name != "incident"]]


def write_earlier(settings: Settings, events: pd.DataFrame) -> None:
    """Keep them in the lake."""
    filesystem, root = lake_files(settings)
    filesystem.makedirs(f"{root}/{PATH.rsplit('/', 1)[0]}", exist_ok=True)
    sink = io.BytesIO()
    events.to_parquet(sink, index=False)
    filesystem.pipe_file(f"{root}/{PATH}", sink.getvalue())


def earlier(settings: Settings) -> pd.DataFrame:
    """What a producer left, else a simulated bank's."""
    filesystem, root = lake_files(settings)
    if filesystem.exists(f"{root}/{PATH}"):
        return pd.read_parquet(io.BytesIO(filesystem.cat_file(f"{root}/{PATH}")))
    return simulated_earlier(Plan(rate=5_000 / 86_400, speed=1.0, seed=settings.seed))
