"""Incidents: fraud and volume failures planted in a stream of events.

Each fraud type needs only a frame of events (`simulated_bank.COLUMNS`), so it applies to simulated and to replayed
events. The column `incident` numbers an incident's events. It is never sent; it goes to the labels file, which no
detector reads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.simulation.bank.simulated_bank import DAY_S
from jobs.simulation.cities import COORDINATES
from jobs.stream.detection.distance import distance_km

INCIDENTS_PER_EVENT = 0.0008
"""For each fraud type."""
AMOUNT_FACTOR = (8.0, 30.0)
"""Size of an unusual amount as a multiple of the original payment."""
VELOCITY_PAYMENTS, VELOCITY_S = (5, 10), 420
"""Payments of a burst, and the seconds within which they happen."""
TRAVEL_S, TRAVEL_KM = (300, 2400), 600
"""Seconds between payments in two cities, and the least distance between them."""
WITHDRAWALS, DRAINING_S = (3, 5), 3000
"""Withdrawals that drain an account, and the seconds within which they happen."""
WITHDRAWN_SHARE = (0.45, 0.7)
"""Share of the remaining balance that each of them takes."""
VICTIMS, TERMINAL_S = (8, 16), 2400
"""Customers who are charged at a compromised terminal, and the seconds within which this happens."""
VOLUME_CHANCE = 0.5
"""Daily probability of a surge, and of an outage."""
VOLUME_FACTORS = {"surge": 3.5, "outage": 0.05}
"""Events during a volume incident as a multiple of the usual number."""
VOLUME_HOURS = {"surge": (9, 13), "outage": (15, 19)}
"""Hours of the day between which a volume incident starts."""
VOLUME_DURATION_S = (2400, 4800)

Events = pd.DataFrame


@dataclass(frozen=True)
class VolumeIncident:
    """A surge or outage of the whole stream; times are seconds since 1970."""

    kind: str
    starts: float
    ends: float


def unusual_amount(events: Events, rng: np.random.Generator) -> Events:
    """One payment far above the customer's usual amount; the column `replaces` names the original's row."""
    row = _sample(events, rng)
    amount = row["amount"] * rng.uniform(*AMOUNT_FACTOR)
    balance = (row["balance"] - amount + row["amount"]).round(2)
    return row.assign(amount=amount.round(2), balance=balance, replaces=row.index)


def payment_burst(events: Events, rng: np.random.Generator) -> Events:
    """Many payments of one customer within minutes."""
    count = int(rng.integers(*VELOCITY_PAYMENTS, endpoint=True))
    rows = _repeat(_sample(events, rng), count, VELOCITY_S, rng)
    amounts = (rows["amount"] * rng.uniform(0.3, 1.2, count)).round(2)
    return rows.assign(amount=amounts, balance=(rows["balance"] - amounts.cumsum()).round(2))


def impossible_travel(events: Events, rng: np.random.Generator) -> Events:
    """A payment in a city that the customer cannot have reached."""
    row = _sample(events[events["latitude"].notna()], rng)
    if row.empty:
        return row
    cities = np.array(list(COORDINATES.values()))
    here = (np.repeat(row["latitude"].to_numpy(), len(cities)), np.repeat(row["longitude"].to_numpy(), len(cities)))
    is_far = distance_km(here, (cities[:, 0], cities[:, 1])) > TRAVEL_KM
    city = int(rng.choice(np.flatnonzero(is_far)))
    name = list(COORDINATES)[city]
    return row.assign(
        transaction_at=row["transaction_at"] + rng.uniform(*TRAVEL_S),
        location=name,
        terminal=f"{name}-0000",
        latitude=cities[city, 0],
        longitude=cities[city, 1],
        balance=(row["balance"] - row["amount"]).round(2),
    )


def drained_account(events: Events, rng: np.random.Generator) -> Events:
    """Withdrawals, one after the other, until little is left."""
    count = int(rng.integers(*WITHDRAWALS, endpoint=True))
    rows = _repeat(_sample(events[events["balance"] > 0], rng), count, DRAINING_S, rng)
    shares = rng.uniform(*WITHDRAWN_SHARE, len(rows))
    after = rows["balance"] * np.cumprod(1 - shares)
    return rows.assign(amount=(after / (1 - shares) * shares).round(2), balance=after.round(2))


def compromised_terminal(events: Events, rng: np.random.Generator) -> Events:
    """Many customers of a city charged at one terminal."""
    origin = _sample(events[events["terminal"].notna()], rng)
    nearby = events[events["location"].isin(origin["location"])].drop_duplicates("customer_id")
    rows = nearby.iloc[rng.permutation(len(nearby))[: int(rng.integers(*VICTIMS, endpoint=True))]]
    times = origin["transaction_at"].sum() + np.sort(rng.uniform(0, TERMINAL_S, len(rows)))
    rows = rows.assign(transaction_at=np.maximum(times, rows["transaction_at"] + 60))
    if len(origin):
        rows = rows.assign(**{name: origin[name].iloc[0] for name in ("terminal", "latitude", "longitude")})
    return rows.assign(balance=(rows["balance"] - rows["amount"]).round(2)).sort_values("transaction_at")


FRAUD_TYPES: dict[str, Callable[[Events, np.random.Generator], Events]] = {
    "amount": unusual_amount,
    "velocity": payment_burst,
    "travel": impossible_travel,
    "draining": drained_account,
    "terminal": compromised_terminal,
}
"""The function that plants each alert type of customers and terminals."""


def plant_fraud(events: Events, first: int, rng: np.random.Generator) -> tuple[Events, list[str]]:
    """Plant incidents of all fraud types.

    Args:
        events: frame with `simulated_bank.COLUMNS`.
        first: number of the first incident.
        rng: draws how many incidents there are, and where.

    Returns:
        All events, in no particular order, and the type of each incident.

    """
    planted: list[Events] = []
    kinds: list[str] = []
    replaced: list[object] = []
    for kind, plant in FRAUD_TYPES.items():
        for _ in range(rng.poisson(INCIDENTS_PER_EVENT * len(events))):
            rows = plant(events, rng).assign(incident=first + len(kinds))
            if len(rows):
                replaced += list(rows.get("replaces", []))
                planted.append(rows.drop(columns="replaces", errors="ignore"))
                kinds.append(kind)
    return pd.concat([events.drop(index=replaced), *planted], ignore_index=True), kinds


def volume_incidents(day: int, seed: int) -> Iterator[VolumeIncident]:
    """The surges and outages that start on a day (days since 1970)."""
    rng = np.random.default_rng([seed, day])
    for kind, hours in VOLUME_HOURS.items():
        starts, duration = day * DAY_S + 3600 * rng.uniform(*hours), rng.uniform(*VOLUME_DURATION_S)
        if rng.random() < VOLUME_CHANCE:
            yield VolumeIncident(kind, starts, starts + duration)


def volume_factor(incidents: list[VolumeIncident], event_time: float) -> float:
    """Events at this time as a multiple of the usual number."""
    kinds = [incident.kind for incident in incidents if incident.starts <= event_time < incident.ends]
    return VOLUME_FACTORS[kinds[0]] if kinds else 1.0


def _sample(events: Events, rng: np.random.Generator) -> Events:
    """One random row; none of an empty frame."""
    return events.iloc[rng.integers(0, len(events), min(1, len(events)))]


def _repeat(row: Events, count: int, within_s: float, rng: np.random.Generator) -> Events:
    """Copies of a row, each a little later."""
    rows = row.loc[row.index.repeat(count)]
    return rows.assign(transaction_at=rows["transaction_at"] + np.sort(rng.uniform(5, within_s, len(rows))))
